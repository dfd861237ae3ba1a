//! One table of routes.

mod auth;
mod docs;
mod export;
mod health;
mod logs;
pub(crate) mod sessions;
mod sheet;
pub(crate) mod users;

use crate::noted::RULES;
use crate::{Deployed, Desk, LogsDesk, definitions, factor, forgot, inbox, oauth, oneself, people, plans, programs};
use app::identity::Run;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use lambda::api::{Document, Served, Table};
use lambda::noted::{Noted, Notes};
use lambda::{Invocation, Metric};

/// What this function serves.
pub fn router<D: Desk + LogsDesk>(desk: D) -> Router {
    let (calls, noted) = (desk.clone(), from_fn_with_state(desk.clone(), note::<D>));
    accompanied(Served::router(table::<D, _>).layer(noted), move || calls.calls()).with_state(desk)
}

/// All that this function serves.
pub fn all(desk: Deployed) -> Router {
    let others = forgot::router(desk.clone()).merge(factor::router(desk.clone())).merge(people::router(desk.clone()));
    let others = others.merge(programs::router(desk.clone())).merge(inbox::router(desk.clone()));
    let others = others.merge(oauth::router(desk.clone())).merge(plans::router(desk.clone()));
    let others = others.merge(oneself::router(desk.clone())).merge(crate::health::router(desk.clone()));
    noting(others, desk.clone()).merge(definitions::router(desk.clone())).merge(router(desk))
}

/// With entries of the system log for what is answered.
pub(crate) fn noting<D: Notes>(router: Router, desk: D) -> Router {
    router.layer(from_fn_with_state(desk, note::<D>))
}

/// The same, as it is documented.
pub fn documented(document: Document) -> Document {
    let document = forgot::table::<Deployed, _>(table::<Deployed, _>(document));
    let document = people::table::<Deployed, _>(factor::table::<Deployed, _>(document));
    let document = plans::table::<Deployed, _>(document);
    let document = definitions::table::<Deployed, _>(programs::table::<Deployed, _>(document));
    let document = oauth::table::<Deployed, _>(inbox::table::<Deployed, _>(document));
    let document = oneself::table::<Deployed, _>(document);
    crate::health::table::<Deployed, _>(document)
}

/// Log-in and logs stand where the specification has them, and under `/api/v1`; the rest there alone.
fn table<D: Desk + LogsDesk, T: Table<D>>(table: T) -> T {
    health::routes(table)
        .also_under("/api/auth", "/api/v1/auth", auth::routes)
        .under("/api/v1/users", users::routes)
        .under("/api/v1/sessions", sessions::routes)
        .also_under("/api/logs", "/api/v1/logs", logs::routes)
        .under("", docs::routes)
}

/// Notes what each request has cost, and hears strangers without a line.
pub(crate) fn accompanied<S, C>(router: Router<S>, calls: C) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    C: Fn() -> u32 + Clone + Send + Sync + 'static,
{
    router.layer(from_fn(hush)).layer(from_fn_with_state(calls, accompany::<C>))
}

async fn accompany<C: Fn() -> u32>(
    State(calls): State<C>,
    invocation: Invocation,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    invocation.called_aws(calls());
    response
}

/// What an operator would look for stands in the system log.
pub(crate) async fn note<D: Notes>(
    State(desk): State<D>,
    invocation: Invocation,
    request: Request,
    next: Next,
) -> Response {
    let noted = Noted::of(&request);
    let response = next.run(request).await;
    noted.answered(&desk, RULES, response.status().as_u16(), &invocation).await;
    response
}

/// What strangers are refused leaves a metric, and no line that they could fill the log with.
async fn hush(invocation: Invocation, request: Request, next: Next) -> Response {
    let is_stranger = !request.headers().contains_key(AUTHORIZATION);
    let response = next.run(request).await;
    if is_stranger && response.status().is_client_error() && !invocation.is_silent() {
        invocation.measure(Metric::Refusals, 1);
        invocation.keep_silent();
    }
    response
}

pub(crate) fn run(invocation: &Invocation) -> Run<'_> {
    Run { attempt: invocation.attempt(), now: invocation.now(), address: invocation.address() }
}
