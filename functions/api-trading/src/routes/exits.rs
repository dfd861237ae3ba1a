//! `/position-groups/{id}/exits`

use super::groups::{Accepted, accepted, parse};
use crate::Api;
use crate::guard::Caller;
use crate::matched::Seen;
use crate::problem::{self, invalid};
use app::trading;
use axum::body::Bytes;
use axum::extract::{Path, State};
use domain::identity::Permission;
use lambda::api::Table;
use lambda::edge::Problem;
use serde_json::json;
use wire::preset::exits::Exits;
use wire::view::{ChangeExits, PositionGroup};

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.put("/position-groups/{id}/exits", change, |of| {
        of.says("updatePositionExits", "Update the exits of an open position")
            .details(
                "Members that you leave out stay; `null` removes one. It needs a `reason` or `If-Match`. At an \
                 exchange, only a logged-in user can remove or loosen a stop or a time limit, or raise the minimum \
                 profit of exit signals. An API key is answered 403 `missing_scope`; it may tighten them.",
            )
            .needs(Permission::WRITE)
            .of("position group")
            .body_shown_as::<ChangeExits>(
                &json!({"stop_loss_percent": "4", "time_limit_minutes": null, "reason": "news at two"}),
            )
            .answers::<PositionGroup>(202)
            .tagged()
            .matched()
            .refuses(409, &["already_closed", "already_closing"])
    })
}

/// What is changed while its version moves on by itself is changed for a reason; or for the version that was seen.
pub(super) async fn change(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Accepted, Problem> {
    let id = parse(&id)?;
    let exits = Exits::parse(&String::from_utf8_lossy(&body)).map_err(|wrong| problem::body(&wrong))?;
    if seen.0.is_none() && exits.reason.is_none() {
        return Err(invalid("reason", "reason is required, unless If-Match names the version that you have seen"));
    }
    let position = trading::change_exits(&api.store, &id, &exits, seen.0, caller.act()).await;
    let position = position.map_err(|error| problem::act(&error))?;
    caller.invocation.outcome("exits changed");
    Ok(accepted(&caller, &position))
}
