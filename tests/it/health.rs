//! How the deployment does, as operators see it.

use crate::support::http::{Answer, ask, ask_once};
use crate::support::program::key_of_program;
use crate::support::{Trader, until};
use reqwest::Method;
use serde_json::Value;

async fn get(path: &str, bearer: Option<&str>) -> Answer {
    ask(Method::GET, path, bearer, "").await
}

async fn operator() -> String {
    key_of_program("operator", &["metrics:read"]).await
}

#[tokio::test]
async fn every_part_is_looked_at_and_work_goes_on() {
    let operator = operator().await;
    let well = until("the minute to have spoken", async || {
        // 503 is an answer here, and says what is down.
        let said = ask_once(Method::GET, "/health/deep", Some(&operator), "").await;
        assert!([200, 429, 503].contains(&said.status), "{said:?}");
        let well = said.status == 200 && said.json()["status"] == "ok" && said.json()["work"]["parked"].is_number();
        well.then(|| said.json())
    })
    .await;
    let parts = well["parts"].as_array().unwrap();
    let of = |kind: &str| parts.iter().filter(|part| part["kind"] == kind).count();
    assert_eq!([of("table"), of("queue"), of("key")], [5, 6, 1], "{well}");
    assert!(parts.iter().all(|part| part["state"] == "up" && part["ms"].is_number()), "{well}");
    assert!(well["work"]["minute_lag_s"].is_number() && well["work"]["parked"].is_number(), "{well}");
    let signals = parts.iter().find(|part| part["name"] == "signals").unwrap();
    assert!(signals["oldest_s"].is_number() && well["keys"].is_object(), "{well}");
    assert_eq!(well["status"], "ok");
    assert!(well["last_ingestion"].is_null() || well["last_ingestion"].is_string(), "{well}");
}

#[tokio::test]
async fn what_things_take_is_told_by_route_and_as_metrics() {
    let (operator, trader) = (operator().await, Trader::new().await);
    trader.hold(&trader.entry()).await;
    assert_eq!(trader.get("/orders").await.status, 200);
    let told = until("lines to be read", async || {
        let told = get("/health/performance?minutes=60", Some(&operator)).await.json();
        let has = |name: &str, told: &Value| told[name]["count"].as_u64().is_some_and(|count| count > 0);
        let asked = told["routes"].as_array()?.iter().any(|route| route["route"] == "GET /api/v1/orders");
        (asked && has("alert_to_order", &told) && has("venue", &told)).then_some(told)
    })
    .await;
    for route in told["routes"].as_array().unwrap() {
        let ms = |name: &str| route[name].as_i64().unwrap();
        assert!(
            ms("p50_ms") <= ms("p95_ms") && ms("p95_ms") <= ms("p99_ms") && ms("p99_ms") <= ms("max_ms"),
            "{route}"
        );
    }
    let waited: Vec<_> = told["queues"].as_array().unwrap().iter().map(|queue| queue["function"].clone()).collect();
    assert!(waited.contains(&"order-executor".into()) && waited.contains(&"signal-worker".into()), "{told}");

    let metrics = get("/metrics", Some(&operator)).await;
    assert_eq!((metrics.status, metrics.kind.as_str()), (200, "text/plain; version=0.0.4; charset=utf-8"));
    for line in ["moniqo_up{kind=\"table\",name=\"trading\"} 1", "# TYPE moniqo_request_seconds gauge"] {
        assert!(metrics.text.contains(line), "{line} in {}", metrics.text);
    }
}

#[tokio::test]
async fn exchanges_are_told_by_the_accounts_there_and_nobody_is_named() {
    let (operator, trader) = (operator().await, Trader::new().await);
    let told = get("/health/venues", Some(&operator)).await;
    assert_eq!(told.status, 200, "{told:?}");
    let paper = told.json()["venues"].as_array().unwrap().iter().find(|venue| venue["exchange"] == "PAPER").cloned();
    let paper = paper.unwrap();
    assert!(paper["accounts"].as_u64() >= Some(1) && paper["paused_until"].is_null(), "{paper}");
    assert!(["up", "failing", "unknown"].contains(&paper["state"].as_str().unwrap()), "{paper}");
    assert!(!told.text.contains(&trader.user.to_string()) && !told.text.contains("acc_"), "{told:?}");
}

#[tokio::test]
async fn nobody_but_operators_looks() {
    let trader = Trader::new().await;
    for path in ["/health/deep", "/health/performance", "/health/venues", "/metrics"] {
        assert_eq!(get(path, None).await.status, 401, "{path}");
        assert_eq!(get(path, Some("mqs_nobodys")).await.status, 401, "{path}");
        assert_eq!(get(path, Some(&trader.bearer)).await.status, 403, "{path}");
    }
    let wrong = get("/health/performance?minutes=0", Some(&operator().await)).await;
    assert_eq!((wrong.status, &wrong.json()["field"]), (422, &"minutes".into()));
}
