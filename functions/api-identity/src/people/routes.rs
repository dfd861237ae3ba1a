//! `DELETE /users/{id}`.

use super::Leavers;
use crate::problem;
use crate::routes::users::parse;
use crate::routes::{accompanied, run};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::{Served, Table};
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::Seen;

pub fn router<D: Leavers>(desk: D) -> Router {
    let calls = desk.clone();
    accompanied(Served::router(table::<D, _>), move || calls.calls()).with_state(desk)
}

/// What callers may ask for.
pub fn table<D: Leavers, T: Table<D>>(table: T) -> T {
    table.under("/api/v1/users", |table| {
        let table = table.about("users", "Oneself, and everybody for an admin.");
        table.delete("/{id}", remove::<D>, |of| {
            of.says("Remove somebody; their sessions, webhook tokens and API keys end, their address and name are free")
                .needs(Permission::USERS)
                .of("user")
                .answers_nothing()
                .matched()
                .refuses(403, &["permission_not_yours"])
                .refuses(409, &["groups_open", "last_admin", "oneself"])
        })
    })
}

async fn remove<D: Leavers>(
    State(desk): State<D>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let user = parse(&id)?;
    desk.remove(&caller.session, &user, seen.0, run(&caller.invocation)).await.map_err(problem::of)?;
    caller.invocation.touched(user);
    caller.invocation.outcome("user removed");
    Ok(StatusCode::NO_CONTENT)
}
