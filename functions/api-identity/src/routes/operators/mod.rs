//! `/health/deep`, `/health/performance`, `/health/venues` and `/metrics`.

mod prometheus;
mod shown;

use crate::Api;
use app::health::{self, Look};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use domain::clock::Millis;
use domain::identity::Permission;
use futures_util::future::join;
use lambda::Invocation;
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Caller;
use serde::Deserialize;
use serde_json::json;
use wire::view::{DeepHealth, PerformanceHealth, VenuesHealth};

const MINUTES_DEFAULT: u32 = 15;
const MINUTES_MAX: u32 = 60;
/// Of what is asked for again and again.
const MINUTES_OF_METRICS: u32 = 5;

/// What callers may ask for.
pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("health", "Health and performance of the deployment.");
    let table = table.get("/health/deep", deep, |of| {
        of.says("getDeepHealth", "Get the health of every part; 503 with the same body if one fails")
            .details("A log that cannot be read in time makes it `degraded`, which is answered 200.")
            .needs(Permission::METRICS)
            .answers::<DeepHealth>(200)
            .answers::<DeepHealth>(503)
    });
    let table = table.get("/health/performance", performance, |of| {
        let minutes = json!({"type": "integer", "minimum": 1, "maximum": MINUTES_MAX, "default": MINUTES_DEFAULT});
        of.says("getPerformance", "Get recent durations of requests, queues and exchanges")
            .details("As far as logs can be read in time: the others are named.")
            .needs(Permission::METRICS)
            .query("minutes", &minutes, "of how long until now")
            .answers::<PerformanceHealth>(200)
    });
    let table = table.get("/health/venues", venues, |of| {
        of.says("listExchangeHealth", "List the health of each exchange that has accounts")
            .details("By the state of accounts there, which are counted and not named; at most 500 accounts are read. No request is sent to an exchange.")
            .needs(Permission::METRICS)
            .answers::<VenuesHealth>(200)
    });
    table.get("/metrics", metrics, |of| {
        of.says("getMetrics", "Get the same figures in Prometheus' text format")
            .details("`moniqo_log_read` is 0 for each function whose log could not be read in time; its numbers are missing.")
            .needs(Permission::METRICS)
            .answers_with(200, "text/plain")
    })
}

#[derive(Debug, Deserialize)]
struct Asked {
    minutes: Option<String>,
}

async fn deep(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    let look = look(&caller.invocation);
    let found = health::deep(&api.sights, look).await;
    let is_down = found.state() == health::State::Down;
    let status = if is_down { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    Ok((status, Json(shown::deep(&found, look.now))).into_response())
}

async fn performance(
    State(api): State<Api>,
    caller: Caller,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<PerformanceHealth>, Problem> {
    let minutes = minutes(asked.ok().map(|Query(asked)| asked))?;
    let found = health::performance(&api.sights, span(minutes), look(&caller.invocation)).await;
    Ok(Json(shown::performance(&found, minutes)))
}

async fn venues(State(api): State<Api>, caller: Caller) -> Result<Json<VenuesHealth>, Problem> {
    let look = look(&caller.invocation);
    Ok(Json(shown::venues(&health::venues(&api.store, look).await, look.now)))
}

async fn metrics(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    let look = look(&caller.invocation);
    let (deep, performance) =
        join(health::deep(&api.sights, look), health::performance(&api.sights, span(MINUTES_OF_METRICS), look)).await;
    let (deep, performance) = (shown::deep(&deep, look.now), shown::performance(&performance, MINUTES_OF_METRICS));
    Ok(([(CONTENT_TYPE, prometheus::CONTENT_TYPE)], prometheus::text(&deep, &performance)).into_response())
}

fn look(invocation: &Invocation) -> Look {
    Look { now: invocation.now(), deadline: invocation.deadline() }
}

fn span(minutes: u32) -> Millis {
    Millis::seconds(i64::from(minutes).saturating_mul(60))
}

fn minutes(asked: Option<Asked>) -> Result<u32, Problem> {
    let wrong = || Problem::field("minutes", format!("minutes must be a whole number from 1 to {MINUTES_MAX}"));
    let Some(text) = asked.ok_or_else(wrong)?.minutes else { return Ok(MINUTES_DEFAULT) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|minutes| digits && (1..=MINUTES_MAX).contains(minutes)).ok_or_else(wrong)
}
