//! `/auth/forgot-password`, and the route by which this function asks itself to write the letter.

use super::Forgets;
use crate::given::{From, Given, RESET, invent};
use crate::post::LETTERS;
use crate::problem;
use crate::routes::{accompanied, run};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use lambda::Invocation;
use lambda::api::{Served, Table};
use lambda::edge::Problem;
use lambda::own::Own;
use serde_json::json;
use wire::view::{ForgotPassword, Success};

pub fn router<D: Forgets>(desk: D) -> Router {
    let calls = desk.clone();
    let router = Served::router(table::<D, _>).route(LETTERS, post(write::<D>));
    accompanied(router, move || calls.calls()).with_state(desk)
}

/// What callers may ask for.
pub fn table<D: Forgets, T: Table<D>>(table: T) -> T {
    table.also_under("/api/auth", "/api/v1/auth", |table| {
        table.about("auth", "In, out, and on.").post_by_address("/forgot-password", forgot::<D>, |of| {
            of.says("Have a token mailed by which one chooses another password; every address is answered alike")
                .body::<ForgotPassword>(&json!({"email": "ann@example.com"}))
                .answers::<Success>(200)
        })
    })
}

/// Alike for every address.
async fn forgot<D: Forgets>(
    State(desk): State<D>,
    invocation: Invocation,
    From(origin): From,
    body: Bytes,
) -> Result<Json<Success>, Problem> {
    let email = Given::read(&body, &["email"])?.value("email")?;
    desk.ask_for_reset(&email, &origin, run(&invocation)).await.map_err(problem::of)?;
    invocation.outcome("reset asked for");
    Ok(Json(Success { success: true }))
}

async fn write<D: Forgets>(
    _own: Own,
    State(desk): State<D>,
    invocation: Invocation,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let email = Given::read(&body, &["email"])?.value("email")?;
    let token = invent(RESET)?;
    let written = desk.mail_reset(&email, &token, run(&invocation)).await.map_err(problem::of)?;
    match written {
        Some(user) => {
            invocation.touched(user);
            invocation.outcome("reset mailed");
        }
        None => invocation.outcome("nobody has this address"),
    }
    Ok(StatusCode::NO_CONTENT)
}
