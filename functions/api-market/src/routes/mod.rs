//! One table of routes.

mod backtests;
mod candles;
mod market_data;
mod sentiment;
mod strategies;
mod whales;

use crate::Api;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use domain::identity::RouteClass;
use lambda::Invocation;
use lambda::api::{Document, Served, Table};
use lambda::edge::Problem;
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
    let table = table.of_class(RouteClass::Market, |table| {
        let table = table.under("/api/v1/markets", candles::routes).under("/api/v1/market-data", market_data::routes);
        table
            .under("/api/v1/whale-alerts", whales::routes)
            .under("/api/v1/onchain", whales::onchain)
            .under("/api/v1/market-sentiment", sentiment::routes)
    });
    let table = table.of_class(RouteClass::Ingest, |table| table.under("/api/v1/market-data", market_data::ingested));
    let table = table.under("/api/v1/backtests", backtests::routes);
    table.also_under("/strategies", "/api/v1/strategies", strategies::routes)
}

/// Notes what the request has cost, and what could not be answered; nothing between here and its sender keeps the answer, unless its
/// route says so.
async fn accompany(State(api): State<Api>, invocation: Invocation, request: Request, next: Next) -> Response {
    let noted = Noted::of(&request);
    let mut response = next.run(request).await;
    noted.answered(&api, &[], status(&response), &invocation).await;
    invocation.called_aws(api.store.calls_taken());
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A whole number from 1 on, in plain digits.
fn number(name: &'static str, text: Option<&str>, most: u32) -> Result<Option<u32>, Problem> {
    let wrong = || Problem::field(name, format!("{name} must be a whole number from 1 to {most}"));
    let plain = |text: &str| {
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| text.parse().ok()).flatten().filter(|number| (1..=most).contains(number)).ok_or_else(wrong)
    };
    text.map(plain).transpose()
}
