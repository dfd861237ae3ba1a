//! `/position-groups`

use super::wanted::{Asked, filtered};
use crate::guard::Caller;
use crate::page::{Asked as Paged, Listed};
use crate::whose::Looker;
use crate::{Api, problem};
use app::ports::History;
use app::trading;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::group::{GroupStatus, Position};
use domain::identity::Permission;
use domain::ids::GroupId;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use lambda::matched::{Tag, tag};
use serde_json::json;
use wire::member::Written;
use wire::view::{CloseKeptOut, ClosingAnswer, HistoryEntry, List, PositionGroup, PositionGroupDetail};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("positions", "Positions with their orders.");
    let table = table.get("/position-groups", list, |of| {
        let of = of.says("listPositions", "List positions, newest first").needs(Permission::READ).of_others();
        filtered::<GroupStatus, _>(of.page::<PositionGroup>(), "opened")
    });
    let table = table.get("/position-groups/{id}", show, |of| {
        of.says("getPosition", "Get a position with its legs, orders, fills, profit and history")
            .needs(Permission::READ)
            .of("position group")
            .of_others()
            .answers::<PositionGroupDetail>(200)
            .tagged()
    });
    let table = table.post("/position-groups/close", close_kept_out, |of| {
        of.repeatable()
            .trades()
            .says("closeUserPositions", "Close all positions of a suspended user at market")
            .needs(Permission::USERS)
            .body::<CloseKeptOut>(&json!({"user": "usr_ctg7ilmkhknm4i5ib4zlcem3xx", "reason": "has left"}))
            .answers::<ClosingAnswer>(202)
            .refuses(403, &["permission_not_yours"])
            .refuses(404, &["not_found"])
    });
    let table = table.post("/position-groups/{id}/close", close, |of| {
        of.repeatable()
            .says("closePosition", "Close a position at market")
            .needs(Permission::WRITE)
            .of("position group")
            .answers::<PositionGroup>(202)
            .tagged()
            .refuses(409, &["already_closed"])
    });
    table.post("/position-groups/{id}/cancel-pending", cancel_pending, |of| {
        of.repeatable()
            .says("cancelPendingEntries", "Cancel the pending entries of a position; take-profits and exits stay")
            .needs(Permission::WRITE)
            .of("position group")
            .answers::<PositionGroup>(202)
            .tagged()
            .refuses(409, &["already_closed", "already_closing"])
    })
}

pub(super) type Accepted = (StatusCode, Tag, Json<PositionGroup>);

pub(super) async fn list(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    paged: Paged,
    asked: Asked,
) -> Result<Json<List<PositionGroup>>, Problem> {
    let (name, wanted) = (asked.list("position-groups"), asked.wanted()?);
    let list = Listed { name: &name, user: &owner };
    let page = trading::positions(&api.store, &owner, &wanted, &Asked::page(&paged, list, &wanted)?).await;
    let page = page.map_err(|error| problem::store(&error))?;
    Ok(Json(paged.answer(list, page, |group| Ok(PositionGroup::from(group)))?))
}

pub(super) async fn show(
    State(api): State<Api>,
    Looker { owner, .. }: Looker,
    Path(id): Path<String>,
) -> Result<(Tag, Json<PositionGroupDetail>), Problem> {
    let found = trading::look(&api.store, &owner, &parse(&id)?).await.map_err(|error| problem::store(&error))?;
    let (position, history) = found.ok_or_else(not_found)?;
    let history = history.into_iter().map(entry).collect();
    let detail = PositionGroupDetail::of(&position, history).map_err(|error| problem::money(&error))?;
    Ok((tag(position.group.version), Json(detail)))
}

pub(super) async fn close(State(api): State<Api>, caller: Caller, Path(id): Path<String>) -> Result<Accepted, Problem> {
    let position =
        trading::close(&api.store, &parse(&id)?, caller.act()).await.map_err(|error| problem::act(&error))?;
    Ok(accepted(&caller, &position))
}

/// Sent again it tells how far they are.
pub(super) async fn close_kept_out(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<ClosingAnswer>), Problem> {
    let CloseKeptOut { user: Written(user), reason } = body::read(&body)?;
    let closing = trading::close_kept_out(&api.store, &user, &reason, &caller.session, caller.act()).await;
    let closing = closing.map_err(|error| problem::act(&error))?;
    caller.invocation.outcome(format!("{} position groups of somebody else closing", closing.len()));
    let closing = closing.iter().map(|position| PositionGroup::from(&position.group)).collect();
    Ok((StatusCode::ACCEPTED, Json(ClosingAnswer { closing })))
}

pub(super) async fn cancel_pending(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Accepted, Problem> {
    let position =
        trading::cancel_pending(&api.store, &parse(&id)?, caller.act()).await.map_err(|error| problem::act(&error))?;
    Ok(accepted(&caller, &position))
}

pub(super) fn accepted(caller: &Caller, position: &Position) -> Accepted {
    let group = &position.group;
    caller.invocation.wrote(&group.id, group.version);
    (StatusCode::ACCEPTED, tag(group.version), Json(PositionGroup::from(group)))
}

/// What is no id is not there, as an unknown one is not.
pub(super) fn parse(id: &str) -> Result<GroupId, Problem> {
    GroupId::parse(id).map_err(|_| not_found())
}

fn not_found() -> Problem {
    Problem::not_found("position group")
}

pub(super) fn entry(history: History) -> HistoryEntry {
    let History { version, why, before, after, at, .. } = history;
    HistoryEntry::new(version, why, before, after, at)
}
