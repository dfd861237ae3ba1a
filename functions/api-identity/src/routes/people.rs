//! `DELETE /users/{id}`.

use super::run;
use crate::Api;
use crate::problem;
use crate::routes::users::parse;
use app::identity;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::identity::Permission;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::Seen;

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.under("/api/v1/users", |table| {
        let table = table.about("users", "Your own profile, and all users for an admin.");
        table.delete("/{id}", remove, |of| {
            of.says(
                "deleteUser",
                "Delete a user; their sessions, webhook tokens and API keys end, their e-mail and name become free",
            )
            .needs(Permission::USERS)
            .of("user")
            .answers_nothing()
            .matched()
            .refuses(403, &["permission_not_yours"])
            .refuses(409, &["groups_open", "last_admin", "oneself"])
        })
    })
}

async fn remove(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let user = parse(&id)?;
    identity::remove(&api.store, &caller.session, &user, seen.0, run(&caller.invocation)).await.map_err(problem::of)?;
    caller.invocation.touched(user);
    caller.invocation.outcome("user removed");
    Ok(StatusCode::NO_CONTENT)
}
