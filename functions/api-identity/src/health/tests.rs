//! Who may look how the deployment does, and what is told.

use super::*;
use app::health::{RouteTimes, Times, Unread, Venue, Work};
use app::identity::Knock;
use app::ports::{Depth, Guarded, PartKind, Session};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use domain::identity::Role;
use domain::ids::UserId;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tower::ServiceExt;

#[derive(Clone, Default)]
struct Stub {
    is_down: bool,
    is_silent: bool,
    is_cut: bool,
    unread: Vec<&'static str>,
}

impl Stub {
    fn unread(&self) -> Unread {
        self.unread.iter().map(|function| (*function, StoreError::Unavailable("throttled".to_owned()))).collect()
    }
}

impl Guards for Stub {
    async fn guard(&self, Knock { token, .. }: &Knock<'_>) -> Result<Guarded, StoreError> {
        let role: Role = token.expose().parse().unwrap();
        let scopes = role.permissions().iter().map(|may| may.as_str().to_owned()).collect();
        Ok(Guarded::Admitted(Session::new(UserId::of(&["ann"]), scopes, None)))
    }
}

impl Operators for Stub {
    async fn deep(&self, _: Look) -> Deep {
        let table = if self.is_down { Err(StoreError::Unavailable("AccessDenied".to_owned())) } else { Ok(None) };
        let depth = Depth { waiting: 3, in_hand: 1, delayed: 0 };
        let seen = |kind, name, state| PartSeen { kind, name, took: Millis::new(4), state };
        let parts = vec![seen(PartKind::Table, "trading", table), seen(PartKind::Queue, "orders", Ok(Some(depth)))];
        let newest = if self.is_silent { BTreeMap::new() } else { newest() };
        Deep { parts, work: Work { newest, unread: self.unread() } }
    }

    async fn performance(&self, span: Millis, _: Look) -> Performance {
        let times = Times { count: 2, p50: Some(7), p95: Some(1_204), p99: Some(1_204), max: Some(1_204) };
        let told = RouteTimes { times, errors: 1 };
        let minutes = usize::try_from(span.get() / 60_000).unwrap();
        Performance {
            routes: BTreeMap::from([("GET /api/v1/position-groups/{id}".to_owned(), told)]),
            queues: BTreeMap::from([("order-executor".to_owned(), Times { count: minutes, ..times })]),
            more: self.is_cut,
            unread: self.unread(),
            ..Performance::default()
        }
    }

    async fn venues(&self, look: Look) -> Venues {
        let at = |ms| Some(look.now.plus(Millis::new(ms)));
        // One key of three has asked too often: the others go on.
        let kraken =
            Venue { accounts: 3, entering: 1, bad: 1, checked: 2, unchecked: 1, paused: 1, ..Venue::default() };
        let binance = Venue { accounts: 1, checked: 1, answered_at: at(-7_000), ..Venue::default() };
        let named = |name: &str, venue| (name.parse().unwrap(), venue);
        let paused = Venue { paused: 1, paused_until: at(60_000), ..binance };
        let venues = [named("KRAKEN", kraken), named("BINANCE", paused)].into();
        let unlisted = self.is_down.then(|| StoreError::Unavailable("throttled".to_owned()));
        if self.is_down { Venues { unlisted, ..Venues::default() } } else { Venues { venues, left: 2, unlisted } }
    }

    fn calls(&self) -> u32 {
        0
    }
}

/// As functions have said it last.
fn newest() -> BTreeMap<String, i64> {
    let told = [
        ("tick_lag_s", 2),
        ("minute_lag_s", 2),
        ("undecided_age_max_s", 61),
        ("planned_age_max_s", 5),
        ("accounts_validated", 3),
        ("accounts_disabled", 1),
        ("accounts_unchecked", 2),
        ("accounts_left", 0),
        ("candles_kept_at_ms", 1_700_000_000_000),
    ];
    told.map(|(name, value)| (name.to_owned(), value)).into()
}

async fn ask(stub: Stub, path: &str, role: &str) -> (u16, String) {
    let request = Request::get(path).header("authorization", format!("Bearer {role}")).body(Body::empty()).unwrap();
    let response = lambda::edge::prepare(router(stub)).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status.as_u16(), String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn operators_look_and_nobody_else_does() {
    for path in ["/health/deep", "/health/performance", "/health/venues", "/metrics"] {
        for (role, status) in [("viewer", 403), ("trader", 403), ("operator", 200), ("admin", 200)] {
            assert_eq!(ask(Stub::default(), path, role).await.0, status, "{role} {path}");
        }
    }
}

#[tokio::test]
async fn what_is_down_is_told_with_the_same_body() {
    let told = async |stub| {
        let (status, text) = ask(stub, "/health/deep", "operator").await;
        (status, serde_json::from_str::<Value>(&text).unwrap())
    };
    let (status, well) = told(Stub::default()).await;
    assert_eq!((status, &well["status"], &well["work"]["minute_lag_s"]), (200, &json!("ok"), &json!(2)));
    assert_eq!((&well["parts"][1]["waiting"], &well["last_ingestion"]), (&json!(3), &json!("2023-11-14T22:13:20Z")));
    let keys = json!({"validated": 3, "disabled": 1, "unchecked": 2, "left": 0});
    assert_eq!((&well["keys"], &well["parts"][1]["oldest_s"]), (&keys, &json!(5)), "how many, and nobody's name");
    assert_eq!(well["parts"][0]["oldest_s"], Value::Null, "a table has no messages");
    let (status, down) = told(Stub { is_down: true, ..Stub::default() }).await;
    assert_eq!((status, &down["status"], &down["parts"][0]["state"]), (503, &json!("down"), &json!("down")));
    assert!(down["parts"][0]["detail"].as_str().unwrap().contains("AccessDenied"));
    let (status, silent) = told(Stub { is_silent: true, ..Stub::default() }).await;
    assert_eq!((&silent["keys"]["unchecked"], &silent["last_ingestion"]), (&Value::Null, &Value::Null));
    assert_eq!((status, &silent["work"]["state"]), (503, &json!("down")), "a minute that is silent repairs nothing");
}

#[tokio::test]
async fn exchanges_are_told_whole_and_nobody_is_named() {
    let told = async |stub| {
        let (status, text) = ask(stub, "/health/venues", "operator").await;
        assert_eq!(status, 200, "{text}");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let some = told(Stub::default()).await;
    assert_eq!((&some["status"], &some["left"], &some["detail"]), (&json!("degraded"), &json!(2), &Value::Null));
    assert_eq!(some["venues"].as_array().unwrap().len(), 2, "{some}");
    let (binance, kraken) = (&some["venues"][0], &some["venues"][1]);
    assert_eq!((&binance["exchange"], &binance["state"]), (&json!("BINANCE"), &json!("paused")));
    assert!(binance["paused_until"].is_string() && binance["answered_at"].is_string(), "{binance}");
    let expected = json!({
        "exchange": "KRAKEN", "class": "native", "state": "up", "accounts": 3, "may_enter": 1, "bad": 1, "unchecked": 1, "answered_at": null, "failed_at": null, "paused": 1, "paused_until": null,
    });
    assert_eq!(*kraken, expected);
    let none = told(Stub { is_down: true, ..Stub::default() }).await;
    assert_eq!((&none["status"], &none["venues"]), (&json!("degraded"), &json!([])));
    assert!(none["detail"].as_str().unwrap().contains("throttled"), "{none}");
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_named_and_takes_nothing_down() {
    let told = async |path: &str, is_silent| {
        let stub = Stub { is_silent, unread: vec!["key-check", "ticker"], ..Stub::default() };
        let (status, text) = ask(stub, path, "operator").await;
        assert_eq!(status, 200, "{text}");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let unread = json!(["key-check", "ticker"]);
    for (is_silent, minute) in [(false, "up"), (true, "unknown")] {
        let deep = told("/health/deep", is_silent).await;
        assert_eq!(
            (&deep["status"], &deep["work"]["state"], &deep["unread"]),
            (&json!("degraded"), &json!(minute), &unread)
        );
        assert!(deep["work"]["detail"].as_str().unwrap().contains("ticker's log"), "{deep}");
    }
    assert_eq!(told("/health/performance", false).await["unread"], unread);
}

#[tokio::test]
async fn metrics_leave_out_what_was_not_read_and_say_so() {
    let text = async |unread| ask(Stub { is_silent: true, unread, ..Stub::default() }, "/metrics", "operator").await;
    let minute = "moniqo_up{kind=\"work\",name=\"minute\"}";
    let (totals, route) =
        (["moniqo_alert_to_order_seconds", "moniqo_venue_calls", "moniqo_venue_errors"], "moniqo_requests{");
    let (status, all) = text(vec![]).await;
    assert!(status == 200 && totals.iter().all(|total| all.contains(total)), "{all}");
    assert!(!all.contains("moniqo_log_read{function=\"ticker\"} 0") && all.contains(&format!("{minute} 0")), "{all}");
    let (status, some) = text(vec!["ticker"]).await;
    assert!(status == 200 && some.contains(route) && !totals.iter().any(|total| some.contains(total)), "{some}");
    for (function, is_read) in [("ticker", 0), ("webhook", 1), ("housekeeping", 1)] {
        assert!(some.contains(&format!("moniqo_log_read{{function=\"{function}\"}} {is_read}\n")), "{some}");
    }
    assert!(!some.contains(minute), "whether it is up is not known: {some}");
}

#[tokio::test]
async fn minutes_are_from_1_to_60() {
    let minutes = async |query: &str| ask(Stub::default(), &format!("/health/performance{query}"), "operator").await;
    for (query, expected) in [("", 15), ("?minutes=1", 1), ("?minutes=60", 60)] {
        let (status, text) = minutes(query).await;
        let told: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((status, &told["minutes"]), (200, &json!(expected)), "{text}");
        assert_eq!(told["queues"][0]["count"], expected, "{text}");
    }
    for query in ["?minutes=0", "?minutes=61", "?minutes=-1", "?minutes=x", "?minutes=", "?minutes=1&minutes=2"] {
        let (status, text) = minutes(query).await;
        assert_eq!((status, text.contains("\"field\":\"minutes\"")), (422, true), "{query}: {text}");
    }
}

#[tokio::test]
async fn metrics_say_whether_there_was_more_than_was_read() {
    for (is_cut, told) in [(false, "\nmoniqo_window_truncated 0\n"), (true, "\nmoniqo_window_truncated 1\n")] {
        let (_, text) = ask(Stub { is_cut, ..Stub::default() }, "/metrics", "operator").await;
        assert!(text.contains(told), "{text}");
    }
}

#[tokio::test]
async fn metrics_are_read_by_a_parser_of_prometheus() {
    let (status, text) = ask(Stub { is_down: true, ..Stub::default() }, "/metrics", "operator").await;
    assert_eq!(status, 200, "a scrape that fails would tell nothing");
    let lines = text.lines().map(|line| Ok(line.to_owned()));
    let scrape = prometheus_parse::Scrape::parse(lines).unwrap();
    let samples = text.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(scrape.samples.len(), samples, "every line is a sample: {text}");
    let value = |name: &str, label: (&str, &str)| {
        let found =
            scrape.samples.iter().find(|sample| sample.metric == name && sample.labels.get(label.0) == Some(label.1));
        match found.map(|sample| &sample.value) {
            Some(prometheus_parse::Value::Gauge(value)) => *value,
            other => unreachable!("{name} {label:?}: {other:?} in {text}"),
        }
    };
    assert_eq!((value("moniqo_up", ("name", "trading")), value("moniqo_up", ("name", "orders"))), (0.0, 1.0));
    assert_eq!(value("moniqo_queue_messages", ("state", "waiting")), 3.0);
    assert_eq!(value("moniqo_queue_oldest_seconds", ("queue", "orders")), 5.0);
    assert_eq!(value("moniqo_accounts", ("state", "unchecked")), 2.0);
    assert_eq!(value("moniqo_request_seconds", ("quantile", "0.95")), 1.204);
    assert_eq!(value("moniqo_requests", ("route", "GET /api/v1/position-groups/:id")), 2.0);
    // What the parser would let pass: each family is told once, before its samples, and these stand together.
    let (mut told, mut family) = (BTreeSet::new(), "");
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            family = rest.split(' ').next().unwrap();
            assert!(told.insert(family), "{family} twice");
        } else if !line.starts_with('#') {
            assert_eq!(line.split(['{', ' ']).next(), Some(family), "{text}");
        }
    }
    assert!(text.ends_with('\n'));
}
