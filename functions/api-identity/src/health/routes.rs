//! `/health/deep`, `/health/performance` and `/metrics`.

use super::{Operators, prometheus, shown};
use crate::routes::accompanied;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use domain::clock::Millis;
use domain::identity::Permission;
use lambda::api::{Served, Table};
use lambda::edge::Problem;
use lambda::guard::{Oneself, permitted};
use serde::Deserialize;
use serde_json::json;
use wire::view::{DeepHealth, PerformanceHealth};

const MINUTES_DEFAULT: u32 = 15;
const MINUTES_MAX: u32 = 60;
/// Of what is asked for again and again.
const MINUTES_OF_METRICS: u32 = 5;

pub fn router<D: Operators>(desk: D) -> Router {
    let calls = desk.clone();
    accompanied(Served::router(table::<D, _>), move || calls.calls()).with_state(desk)
}

/// What callers may ask for.
pub fn table<D: Operators, T: Table<D>>(table: T) -> T {
    let table = table.about("health", "How the deployment does.");
    let table = table.get("/health/deep", deep::<D>, |of| {
        of.says("Whether every part answers and work goes on; 503 with the same body where not")
            .needs(Permission::METRICS)
            .answers::<DeepHealth>(200)
            .answers::<DeepHealth>(503)
    });
    let table = table.get("/health/performance", performance::<D>, |of| {
        let minutes = json!({"type": "integer", "minimum": 1, "maximum": MINUTES_MAX, "default": MINUTES_DEFAULT});
        of.says("What requests, queues and venues have taken lately")
            .needs(Permission::METRICS)
            .query("minutes", &minutes, "of how long until now")
            .answers::<PerformanceHealth>(200)
    });
    table.get("/metrics", metrics::<D>, |of| {
        of.says("The same as text of Prometheus").needs(Permission::METRICS).answers_with(200, "text/plain")
    })
}

#[derive(Debug, Deserialize)]
struct Asked {
    minutes: Option<String>,
}

async fn deep<D: Operators>(State(desk): State<D>, Oneself(caller): Oneself) -> Result<Response, Problem> {
    permitted(&caller.session, Permission::METRICS)?;
    let now = caller.invocation.now();
    let found = desk.deep(now).await;
    let status = if found.is_well() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok((status, Json(shown::deep(&found, now))).into_response())
}

async fn performance<D: Operators>(
    State(desk): State<D>,
    Oneself(caller): Oneself,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<PerformanceHealth>, Problem> {
    permitted(&caller.session, Permission::METRICS)?;
    let minutes = minutes(asked.ok().map(|Query(asked)| asked))?;
    Ok(Json(read(&desk, minutes, &caller.invocation).await?))
}

async fn metrics<D: Operators>(State(desk): State<D>, Oneself(caller): Oneself) -> Result<Response, Problem> {
    permitted(&caller.session, Permission::METRICS)?;
    let now = caller.invocation.now();
    let deep = shown::deep(&desk.deep(now).await, now);
    let performance = read(&desk, MINUTES_OF_METRICS, &caller.invocation).await?;
    Ok(([(CONTENT_TYPE, prometheus::CONTENT_TYPE)], prometheus::text(&deep, &performance)).into_response())
}

async fn read<D: Operators>(
    desk: &D,
    minutes: u32,
    invocation: &lambda::Invocation,
) -> Result<PerformanceHealth, Problem> {
    let span = Millis::seconds(i64::from(minutes).saturating_mul(60));
    let found = desk.performance(span, invocation.now()).await.map_err(|error| Problem::of_store(&error))?;
    Ok(shown::performance(&found, minutes))
}

fn minutes(asked: Option<Asked>) -> Result<u32, Problem> {
    let wrong = || Problem::field("minutes", format!("minutes must be a whole number from 1 to {MINUTES_MAX}"));
    let Some(text) = asked.ok_or_else(wrong)?.minutes else { return Ok(MINUTES_DEFAULT) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|minutes| digits && (1..=MINUTES_MAX).contains(minutes)).ok_or_else(wrong)
}
