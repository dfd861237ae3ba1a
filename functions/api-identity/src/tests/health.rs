//! Who may look how the deployment does, and what is told.

use super::*;
use app::ports::{Depth, LinesPage, PartKind, PartSeen, StoreError};
use domain::account::Account;
use domain::ids::AccountId;
use domain::vault::{AccountState, KeyFault, Mode, VenueAnswers};
use serde_json::json;
use std::collections::BTreeSet;

/// A deployment that does well, with one table and one queue.
fn well() -> Api {
    let api = town(&[Role::Viewer, Role::Trader, Role::Operator, Role::Admin]);
    let depth = Depth { waiting: 3, in_hand: 1, delayed: 0 };
    let seen = |kind, name, state| PartSeen { kind, name, took: Millis::new(4), state };
    *api.sights.parts.lock().unwrap() =
        vec![seen(PartKind::Table, "trading", Ok(None)), seen(PartKind::Queue, "orders", Ok(Some(depth)))];
    let keys = json!({"accounts_validated": 3, "accounts_disabled": 1, "accounts_unchecked": 2, "accounts_left": 0});
    let route = "GET /api/v1/position-groups/{id}";
    said(&api, "ticker", &[measured(&json!({"tick_lag_s": 2, "minute_lag_s": [9, 2]}))]);
    said(&api, "account-watch", &[measured(&json!({"undecided_age_max_s": 61, "planned_age_max_s": 5}))]);
    said(&api, "key-check", &[measured(&keys)]);
    said(&api, "ingest", &[measured(&json!({"candles_kept_at_ms": 1_700_000_000_000_i64}))]);
    said(
        &api,
        "api-trading",
        &[json!({"route": route, "outcome": "200", "ms": 7}), json!({"route": route, "outcome": "503", "ms": 1_204})],
    );
    let venue = json!({"calls": 2, "ms": 300});
    let worked = json!({"outcome": "done", "ms": 9, "waited": 40, "venue": venue});
    said(&api, "order-executor", &[worked, measured(&json!({"alert_to_order_ms": 812, "venue_errors": 1}))]);
    api
}

fn measured(values: &Value) -> Value {
    let mut line = values.clone();
    line["_aws"] = json!({});
    line
}

/// The lines that a function has left.
fn said(api: &Api, function: &str, lines: &[Value]) {
    let page = LinesPage { lines: lines.iter().map(Value::to_string).collect(), next: None };
    api.sights.lines.lock().unwrap().insert(function.to_owned(), page);
}

/// Nobody has said anything of whether work goes on.
fn silent() -> Api {
    let api = well();
    for speaker in ["ticker", "account-watch", "key-check", "ingest"] {
        said(&api, speaker, &[]);
    }
    api
}

/// A table is not to be used.
fn down() -> Api {
    let api = well();
    api.sights.parts.lock().unwrap()[0].state = Err(StoreError::Unavailable("AccessDenied".to_owned()));
    api
}

fn unread(api: Api, functions: &[&str]) -> Api {
    *api.sights.unread.lock().unwrap() = functions.iter().map(|function| (*function).to_owned()).collect();
    api
}

/// The answer to an operator.
fn told(api: &Api, path: &str) -> (u16, Value) {
    let (status, _, told) = ask(api, "GET", path, "operator", &Value::Null);
    (status.as_u16(), told)
}

fn metrics(api: &Api) -> (u16, String) {
    let bearer = format!("Bearer {}", token(api, "operator"));
    let request = Request::get("/metrics").header("authorization", bearer).body(Body::empty()).unwrap();
    let (status, headers, text) = answered(api, request);
    assert_eq!(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    (status.as_u16(), String::from_utf8(text).unwrap())
}

#[test]
fn operators_look_and_nobody_else_does() {
    let api = well();
    for path in ["/health/deep", "/health/performance", "/health/venues", "/metrics"] {
        for (word, status) in [("", 401), ("viewer", 403), ("trader", 403), ("operator", 200), ("admin", 200)] {
            assert_eq!(ask(&api, "GET", path, word, &Value::Null).0.as_u16(), status, "{word} {path}");
        }
    }
}

#[test]
fn what_is_down_is_told_with_the_same_body() {
    let (status, well) = told(&well(), "/health/deep");
    assert_eq!((status, &well["status"], &well["work"]["minute_lag_s"]), (200, &json!("ok"), &json!(2)));
    assert_eq!((&well["parts"][1]["waiting"], &well["last_ingestion"]), (&json!(3), &json!("2023-11-14T22:13:20Z")));
    let keys = json!({"validated": 3, "disabled": 1, "unchecked": 2, "left": 0});
    assert_eq!((&well["keys"], &well["parts"][1]["oldest_s"]), (&keys, &json!(5)), "how many, and nobody's name");
    assert_eq!(well["parts"][0]["oldest_s"], Value::Null, "a table has no messages");
    let (status, down) = told(&down(), "/health/deep");
    assert_eq!((status, &down["status"], &down["parts"][0]["state"]), (503, &json!("down"), &json!("down")));
    assert!(down["parts"][0]["detail"].as_str().unwrap().contains("AccessDenied"));
    let (status, silent) = told(&silent(), "/health/deep");
    assert_eq!((&silent["keys"]["unchecked"], &silent["last_ingestion"]), (&Value::Null, &Value::Null));
    assert_eq!((status, &silent["work"]["state"]), (503, &json!("down")), "a minute that is silent repairs nothing");
}

#[test]
fn what_was_done_lately_is_told_with_how_long_it_took() {
    let (status, told) = told(&well(), "/health/performance");
    let expected = json!({
        "route": "GET /api/v1/position-groups/{id}", "errors": 1,
        "count": 2, "p50_ms": 7, "p95_ms": 1_204, "p99_ms": 1_204, "max_ms": 1_204,
    });
    assert_eq!((status, &told["routes"]), (200, &json!([expected])), "{told}");
    assert_eq!((&told["queues"][0]["function"], &told["queues"][0]["max_ms"]), (&json!("order-executor"), &json!(40)));
    assert_eq!((&told["venue"]["calls"], &told["venue"]["errors"]), (&json!(2), &json!(1)));
    assert_eq!((&told["venue"]["max_ms"], &told["alert_to_order"]["max_ms"]), (&json!(150), &json!(812)));
    assert_eq!((&told["more"], &told["unread"]), (&json!(false), &json!([])));
}

fn account(exchange: &str, label: &str) -> Account {
    let id = AccountId::of(&[exchange, label]);
    testkit::sample::account(id, UserId::of(&["trader"]), (exchange, label), AT)
}

/// An account, and how it stands.
fn stands(api: &Api, account: &Account, state: &AccountState) {
    api.store.put_account(account, app::ports::Standing { enabled: state.enabled, validated: state.validated });
    api.store.put_state(&account.id, state);
}

/// With a good key, which was checked so long ago.
fn checked(ago: Millis) -> AccountState {
    let checked_at = Some(AT.minus(ago));
    AccountState { enabled: true, validated: true, mode: Some(Mode::Live), checked_at, ..AccountState::default() }
}

/// One key of three at KRAKEN has asked too often, so that the others go on; at BINANCE the only one has.
fn venues() -> Api {
    let api = well();
    let paused = |account: Account| Account { venue_paused_until: Some(AT.plus(Millis::seconds(60))), ..account };
    stands(&api, &account("KRAKEN", "good"), &checked(Millis::seconds(60)));
    let bad =
        AccountState { fault: Some(KeyFault::Unknown), validated: false, checked_at: None, ..checked(Millis::ZERO) };
    stands(&api, &account("KRAKEN", "bad"), &bad);
    stands(
        &api,
        &paused(account("KRAKEN", "off")),
        &AccountState { mode: Some(Mode::Live), ..AccountState::default() },
    );
    stands(&api, &paused(account("BINANCE", "only")), &checked(Millis::seconds(7)));
    api
}

#[test]
fn exchanges_are_told_whole_and_nobody_is_named() {
    let api = venues();
    let (status, all) = told(&api, "/health/venues");
    assert_eq!((status, &all["status"], &all["left"], &all["detail"]), (200, &json!("ok"), &json!(0), &Value::Null));
    let expected = json!([{
        "exchange": "BINANCE", "class": "native", "state": "paused", "accounts": 1, "may_enter": 1, "bad": 0, "unchecked": 0,
        "answered_at": "2025-11-20T08:50:53Z", "failed_at": null, "paused": 1, "paused_until": "2025-11-20T08:52:00Z",
    }, {
        "exchange": "KRAKEN", "class": "native", "state": "up", "accounts": 3, "may_enter": 1, "bad": 1, "unchecked": 1,
        "answered_at": "2025-11-20T08:50:00Z", "failed_at": null, "paused": 1, "paused_until": "2025-11-20T08:52:00Z",
    }]);
    assert_eq!(all["venues"], expected);
}

#[test]
fn an_exchange_that_answers_nobody_is_failing() {
    let api = venues();
    let state = |api: &Api| told(api, "/health/venues").1["venues"][1].clone();
    let answers = VenueAnswers::of("KRAKEN".parse().unwrap(), Mode::Live);
    let answers = answers.after(false, AT.minus(Millis::seconds(3_600))).after(false, AT.minus(Millis::seconds(30)));
    done(&api, |world| async move { store::vault::Vault(&world).keep_answers(&answers).await.unwrap() });
    let kraken = state(&api);
    assert_eq!((&kraken["state"], &kraken["failed_at"]), (&json!("failing"), &json!("2025-11-20T08:50:30Z")));
    let late = venues();
    stands(&late, &account("KRAKEN", "good"), &checked(Millis::seconds(7_201)));
    assert_eq!(state(&late)["state"], "failing", "none of those that are checked has an answer of the last two hours");
}

#[test]
fn accounts_that_cannot_be_looked_at_are_counted_and_take_nothing_down() {
    let api = venues();
    for label in ["one", "other"] {
        stands(&api, &account("BYBIT", label), &checked(Millis::ZERO));
        api.store.set_unreadable(account("BYBIT", label).id.as_str(), true);
    }
    let (status, some) = told(&api, "/health/venues");
    assert_eq!((status, &some["status"], &some["left"]), (200, &json!("degraded"), &json!(2)));
    assert_eq!(some["venues"].as_array().unwrap().len(), 2, "{some}");
    api.store.set_down("query", true);
    let (status, none) = told(&api, "/health/venues");
    assert_eq!((status, &none["status"], &none["venues"]), (200, &json!("degraded"), &json!([])));
    assert!(none["detail"].as_str().unwrap().contains("nobody answers"), "{none}");
}

#[test]
fn a_log_that_cannot_be_read_is_named_and_takes_nothing_down() {
    for (functions, minute) in [(vec!["key-check"], "up"), (vec!["key-check", "ticker"], "unknown")] {
        let api = unread(well(), &functions);
        let (status, deep) = told(&api, "/health/deep");
        assert_eq!(
            (status, &deep["status"], &deep["work"]["state"], &deep["unread"]),
            (200, &json!("degraded"), &json!(minute), &json!(functions))
        );
        for function in &functions {
            assert!(deep["work"]["detail"].as_str().unwrap().contains(&format!("{function}'s log")), "{deep}");
        }
        let (status, performance) = told(&api, "/health/performance");
        assert_eq!((status, &performance["unread"]), (200, &json!(functions)));
    }
}

#[test]
fn metrics_leave_out_what_was_not_read_and_say_so() {
    let minute = "moniqo_up{kind=\"work\",name=\"minute\"}";
    let (totals, route) =
        (["moniqo_alert_to_order_seconds", "moniqo_venue_calls", "moniqo_venue_errors"], "moniqo_requests{");
    let (status, all) = metrics(&silent());
    assert!(status == 200 && totals.iter().all(|total| all.contains(total)), "{all}");
    assert!(!all.contains("moniqo_log_read{function=\"ticker\"} 0") && all.contains(&format!("{minute} 0")), "{all}");
    let (status, some) = metrics(&unread(silent(), &["ticker"]));
    assert!(status == 200 && some.contains(route) && !totals.iter().any(|total| some.contains(total)), "{some}");
    for (function, is_read) in [("ticker", 0), ("webhook", 1), ("housekeeping", 1)] {
        assert!(some.contains(&format!("moniqo_log_read{{function=\"{function}\"}} {is_read}\n")), "{some}");
    }
    assert!(!some.contains(minute), "whether it is up is not known: {some}");
}

#[test]
fn minutes_are_from_1_to_60() {
    let api = well();
    for (query, expected) in [("", 15), ("?minutes=1", 1), ("?minutes=60", 60)] {
        api.sights.windows.lock().unwrap().clear();
        let (status, said) = told(&api, &format!("/health/performance{query}"));
        assert_eq!((status, &said["minutes"]), (200, &json!(expected)), "{said}");
        let windows = api.sights.windows.lock().unwrap();
        let spans: BTreeSet<_> = windows.iter().map(|(_, window)| (window.to, window.to.since(window.from))).collect();
        assert_eq!(spans, [(AT, Millis::seconds(60 * expected))].into(), "of each log so long until now");
    }
    for query in ["?minutes=0", "?minutes=61", "?minutes=-1", "?minutes=x", "?minutes=", "?minutes=1&minutes=2"] {
        let (status, problem) = told(&api, &format!("/health/performance{query}"));
        assert_eq!((status, &problem["field"]), (422, &json!("minutes")), "{query}: {problem}");
    }
}

#[test]
fn metrics_say_whether_there_was_more_than_was_read() {
    let api = well();
    assert!(metrics(&api).1.contains("\nmoniqo_window_truncated 0\n"));
    // A page that is followed by another one, again and again.
    api.sights.lines.lock().unwrap().get_mut("api-trading").unwrap().next = Some("on".to_owned());
    let (_, text) = metrics(&api);
    assert!(text.contains("\nmoniqo_window_truncated 1\n"), "{text}");
}

#[test]
fn metrics_are_read_by_a_parser_of_prometheus() {
    let (status, text) = metrics(&down());
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
