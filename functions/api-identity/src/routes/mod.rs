//! One table of routes.

mod auth;
mod sessions;
mod users;

use crate::Desk;
use app::identity::Run;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{delete, get, post};
use lambda::Invocation;

/// What this function serves: log-in where the specification has it, and under `/api/v1`; the rest there alone.
pub fn router<D: Desk>(desk: D) -> Router {
    let auth = Router::new()
        .route("/register", post(auth::register::<D>))
        .route("/login", post(auth::log_in::<D>))
        .route("/logout", post(auth::log_out::<D>))
        .route("/refresh", post(auth::refresh::<D>))
        .route("/reset-password", post(auth::reset_password::<D>));
    let users = Router::new()
        .route("/", get(users::list::<D>).post(users::create::<D>))
        .route("/me", get(users::me::<D>))
        .route("/me/password", post(users::change_password::<D>))
        .route("/{id}", get(users::show::<D>).put(users::stand::<D>).patch(users::stand::<D>))
        .route("/{id}/reset-password", post(users::hand_reset::<D>));
    let sessions = Router::new().route("/", get(sessions::list::<D>)).route("/{id}", delete(sessions::end::<D>));
    Router::new()
        .nest("/api/auth", auth.clone())
        .nest("/api/v1/auth", auth)
        .nest("/api/v1/users", users)
        .nest("/api/v1/sessions", sessions)
        .layer(from_fn_with_state(desk.clone(), accompany::<D>))
        .with_state(desk)
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
