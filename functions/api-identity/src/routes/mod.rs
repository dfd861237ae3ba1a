//! One table of routes.

mod auth;
mod definitions;
mod docs;
mod export;
mod factor;
mod forgot;
mod health;
mod inbox;
mod logs;
mod oauth;
mod oneself;
mod operators;
mod people;
mod plans;
mod programs;
mod sessions;
mod settings;
mod sheet;
mod users;

pub(crate) use forgot::LETTERS;

use crate::Api;
use crate::noted::RULES;
use app::identity::Run;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::post;
use lambda::api::{Document, Served, Table};
use lambda::guard::is_anonymous;
use lambda::noted::{Noted, status};
use lambda::{Invocation, Metric};
use wire::own::RESEAL;

/// What this function serves; what it asks itself is in no document.
pub fn router(api: Api) -> Router {
    let own = Served::router(table).route(RESEAL, post(factor::reseal)).route(LETTERS, post(forgot::write));
    let noted = own.layer(from_fn_with_state(api.clone(), note)).layer(from_fn(hush));
    noted.layer(from_fn_with_state(api.clone(), count)).with_state(api)
}

/// The same, as it is documented.
pub fn documented(document: Document) -> Document {
    table(document)
}

/// Log-in and logs stand where the specification has them, and under `/api/v1`; the rest there alone.
fn table<T: Table<Api>>(table: T) -> T {
    let table = health::routes(table)
        .also_under("/api/auth", "/api/v1/auth", auth::routes)
        .under("/api/v1/users", users::routes)
        .under("/api/v1/sessions", sessions::routes)
        .also_under("/api/logs", "/api/v1/logs", logs::routes)
        .under("", docs::routes);
    let table = plans::routes(people::routes(factor::routes(forgot::routes(table))));
    let table = oauth::routes(inbox::routes(definitions::routes(programs::routes(table))));
    settings::routes(operators::routes(oneself::routes(table)))
}

/// Notes what each request has cost.
async fn count(State(api): State<Api>, invocation: Invocation, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    invocation.called_aws(api.store.calls_taken());
    response
}

/// What an operator would look for stands in the system log.
async fn note(State(api): State<Api>, invocation: Invocation, request: Request, next: Next) -> Response {
    let noted = Noted::of(&request);
    let response = next.run(request).await;
    noted.answered(&api, RULES, status(&response), &invocation).await;
    response
}

/// What strangers are refused leaves a metric, and no line that they could fill the log with.
async fn hush(invocation: Invocation, request: Request, next: Next) -> Response {
    let is_stranger = is_anonymous(request.headers());
    let response = next.run(request).await;
    if is_stranger && response.status().is_client_error() && !invocation.is_silent() {
        invocation.measure(Metric::Refusals, 1);
        invocation.keep_silent();
    }
    response
}

fn run(invocation: &Invocation) -> Run<'_> {
    Run {
        attempt: invocation.attempt(),
        now: invocation.now(),
        address: invocation.address(),
        actor: invocation.actor(),
    }
}
