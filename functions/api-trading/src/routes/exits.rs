//! `/position-groups/{id}/exits`

use super::groups::{Accepted, accepted, parse};
use crate::Desk;
use crate::guard::Caller;
use crate::matched::Seen;
use crate::problem::{self, invalid};
use axum::body::Bytes;
use axum::extract::{Path, State};
use lambda::edge::Problem;
use wire::preset::exits::Exits;

/// What is changed while its version moves on by itself is changed for a reason; or for the version that was seen.
pub(super) async fn change<D: Desk>(
    State(desk): State<D>,
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
    let position = desk.change_exits(&id, &exits, seen.0, caller.act()).await;
    let position = position.map_err(|error| problem::act(&error))?;
    caller.invocation.outcome("exits changed");
    Ok(accepted(&caller, &position))
}
