//! One table of routes.

mod auth;
mod sessions;
mod users;

use crate::{Deployed, Desk};
use app::identity::Run;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use lambda::Invocation;
use lambda::api::{Document, Served, Table};

/// What this function serves.
pub fn router<D: Desk>(desk: D) -> Router {
    let accompanied = from_fn_with_state(desk.clone(), accompany::<D>);
    Served::router(table::<D, _>).layer(accompanied).with_state(desk)
}

/// The same, as it is documented.
pub fn documented(document: Document) -> Document {
    table::<Deployed, _>(document)
}

/// Log-in stands where the specification has it, and under `/api/v1`; the rest there alone.
fn table<D: Desk, T: Table<D>>(table: T) -> T {
    table
        .also_under("/api/auth", "/api/v1/auth", auth::routes)
        .under("/api/v1/users", users::routes)
        .under("/api/v1/sessions", sessions::routes)
}

/// Notes what the request has cost; nothing between here and its sender keeps the answer.
async fn accompany<D: Desk>(State(desk): State<D>, invocation: Invocation, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    invocation.called_aws(desk.calls());
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn run(invocation: &Invocation) -> Run<'_> {
    Run { attempt: invocation.attempt(), now: invocation.now(), address: invocation.address() }
}
