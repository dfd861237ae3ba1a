//! One table of routes.

mod labels;
mod sources;

use crate::Api;
use crate::noted::RULES;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use lambda::Invocation;
use lambda::api::{Document, Served, Table};
use lambda::noted::{Noted, status};

/// What this function serves.
pub fn router(api: Api) -> Router {
    let accompanied = from_fn_with_state(api.clone(), accompany);
    Served::router(table).layer(accompanied).with_state(api)
}

/// The same, as it is documented.
pub fn documented(document: Document) -> Document {
    table(document)
}

fn table<T: Table<Api>>(table: T) -> T {
    let table = table.under("/api/v1/address-labels", labels::routes);
    table.under("/api/v1/whale-sources", sources::routes)
}

/// Notes what the request has cost, and what an operator would look for; nothing between here and its sender keeps the answer.
async fn accompany(State(api): State<Api>, invocation: Invocation, request: Request, next: Next) -> Response {
    let noted = Noted::of(&request);
    let mut response = next.run(request).await;
    noted.answered(&api, RULES, status(&response), &invocation).await;
    invocation.called_aws(api.store.calls_taken());
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
