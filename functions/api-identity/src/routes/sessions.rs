//! `/sessions`: where somebody is logged in.

use super::run;
use crate::{Desk, problem};
use app::ports::Login;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::SessionId;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Person;
use wire::view::{self, List, Session};

pub(super) fn routes<D: Desk, T: Table<D>>(table: T) -> T {
    let table = table.about("sessions", "Where somebody is logged in.");
    let table = table.get("", list::<D>, |of| {
        of.says("Where you are logged in").session().list::<Session>().at_most(domain::limits::SESSIONS_PER_USER_MAX)
    });
    table.delete("/{id}", end::<D>, |of| of.says("End one").session().of("session").answers_nothing())
}

pub(super) async fn list<D: Desk>(
    State(desk): State<D>,
    Person(caller): Person,
) -> Result<Json<List<Session>>, Problem> {
    let sessions = desk.sessions(&caller.session.user, run(&caller.invocation)).await.map_err(problem::of)?;
    let items = sessions.iter().map(|login| shown(login, caller.session.login.as_ref())).collect();
    Ok(Json(List { items, next_cursor: None, limit: None }))
}

/// `by` is the one that asks.
pub(crate) fn shown(login: &Login, by: Option<&SessionId>) -> Session {
    Session {
        id: login.id.to_string(),
        ip_address: login.origin.address.clone(),
        user_agent: login.origin.user_agent.clone(),
        created_at: view::time(login.created_at),
        expires_at: view::time(login.expires_at),
        last_seen: Some(view::time(login.seen_at)),
        current: by == Some(&login.id),
    }
}

pub(super) async fn end<D: Desk>(
    State(desk): State<D>,
    Person(caller): Person,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = SessionId::parse(&id).map_err(|_| Problem::not_found("session"))?;
    desk.end(&caller.session.user, &id).await.map_err(problem::of)?;
    caller.invocation.outcome("session ended");
    Ok(StatusCode::NO_CONTENT)
}
