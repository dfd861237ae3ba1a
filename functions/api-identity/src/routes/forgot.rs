//! `/auth/forgot-password`, and the route by which this function asks itself to write the letter.

use super::run;
use crate::Api;
use crate::given::{From, RESET, invent};
use crate::problem;
use app::identity;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use lambda::Invocation;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use lambda::own::Own;
use serde_json::json;
use wire::member::Written;
use wire::view::{ForgotPassword, Success};

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    table.also_under("/api/auth", "/api/v1/auth", |table| {
        table.about("auth", "Register, log in, log out, refresh the session, reset the password.").post_by_address(
            "/forgot-password",
            forgot,
            |of| {
                of.says(
                    "requestPasswordReset",
                    "Request a password reset by e-mail; every address gets the same answer",
                )
                .body::<ForgotPassword>(&json!({"email": "ann@example.com"}))
                .answers::<Success>(200)
            },
        )
    })
}

/// Where this function leaves a letter to a run of its own.
pub(crate) const LETTERS: &str = "/own/letters";

/// Alike for every address.
async fn forgot(
    State(api): State<Api>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<Json<Success>, Problem> {
    let ForgotPassword { email: Written(email) } = body::read(&body)?;
    identity::ask_for_reset(&api.store, &api.post, &email, &origin, run(&invocation)).await.map_err(problem::of)?;
    invocation.outcome("reset asked for");
    Ok(Json(Success { success: true }))
}

pub(super) async fn write(
    _own: Own,
    State(api): State<Api>,
    invocation: Invocation,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let ForgotPassword { email: Written(email) } = body::read(&body)?;
    let token = invent(RESET)?;
    let written =
        identity::mail_reset(&api.store, &api.post, &email, &token, run(&invocation)).await.map_err(problem::of)?;
    match written {
        Some(user) => {
            invocation.touched(user);
            invocation.outcome("reset mailed");
        }
        None => invocation.outcome("nobody has this address"),
    }
    Ok(StatusCode::NO_CONTENT)
}
