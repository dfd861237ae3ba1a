use crate::{Door, Receives, router};
use app::ports::{FindToken, KeepDelivery, Kept, Notify, SendSignal, Signal, StoreError};
use app::receive::{RawAlert, Receipt, ReceiveError, receive};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryRef, VerdictKind};
use domain::ids::{AttemptId, NoticeId, Sha, TokenId, UserId};
use domain::limits;
use domain::market::Exchange;
use domain::notice::Notice;
use domain::token::{Grant, Sender, WebhookToken};
use lambda::Invocation;
use lambda::edge::{SourceIp, prepare};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use tower::ServiceExt;

const SECRET: &str = "whk_right";
const ENTRY: &str = r#"{"tv": {"exchange": "PAPER", "symbol": "BTCUSDT"},
                        "execution_intent": {"strategy": "grid", "side": "long"}}"#;

/// A table and a queue; it knows one token.
#[derive(Debug, Default)]
struct Desk {
    rows: Mutex<HashMap<Sha, Delivery>>,
    signals: AtomicU32,
    look_ups: AtomicU32,
    /// The token's.
    exchange: Option<Exchange>,
    grant: Grant,
    hangs: bool,
}

impl FindToken for Desk {
    async fn find_token(&self, user: &UserId, hash: &Sha) -> Result<Option<WebhookToken>, StoreError> {
        self.look_ups.fetch_add(1, Ordering::Relaxed);
        let known = UserId::parse("usr_1").unwrap();
        let (id, right) = (TokenId::parse("tok_1").unwrap(), Sha::of_bytes(SECRET.as_bytes()));
        let exchange = self.exchange.clone();
        let token = WebhookToken {
            id,
            user: known.clone(),
            hash: right.clone(),
            account: None,
            exchange,
            expires_at: None,
            grant: self.grant.clone(),
        };
        Ok((*user == known && *hash == right).then_some(token))
    }
}

impl KeepDelivery for Desk {
    async fn put_delivery(&self, delivery: &Delivery, _: &AttemptId) -> Result<Kept, StoreError> {
        if self.hangs {
            std::future::pending::<()>().await;
        }
        let mut rows = self.rows.lock().unwrap();
        let kept = rows.get(&delivery.at.key).map_or(Kept::First, |found| Kept::Found(Box::new(found.clone())));
        rows.entry(delivery.at.key.clone()).or_insert_with(|| delivery.clone());
        Ok(kept)
    }

    async fn replace_delivery(&self, new: &Delivery, _: &Delivery, _: &AttemptId) -> Result<Kept, StoreError> {
        self.rows.lock().unwrap().insert(new.at.key.clone(), new.clone());
        Ok(Kept::First)
    }

    async fn count_repeat(&self, _: &DeliveryRef) -> Result<(), StoreError> {
        Ok(())
    }
}

impl SendSignal for Desk {
    async fn send_signal(&self, _: &Signal, _: Timestamp) -> Result<(), StoreError> {
        self.signals.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

impl Notify for Desk {
    async fn notify(&self, _: &Notice) -> Result<(), StoreError> {
        Ok(())
    }

    async fn take_back(&self, _: &UserId, _: &NoticeId) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Receives for &'static Door<Desk> {
    async fn receive(&self, raw: RawAlert<'_>, attempt: &AttemptId, now: Timestamp) -> Result<Receipt, ReceiveError> {
        receive(&self.at(now), raw, attempt, now).await
    }

    fn calls(&self) -> u32 {
        0
    }
}

fn open(desk: Desk) -> &'static Door<Desk> {
    Box::leak(Box::new(Door::new(desk)))
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

/// Posts at this many seconds.
async fn post(door: &'static Door<Desk>, path: &str, body: impl Into<Body>, seconds: i64) -> Answer {
    post_from(door, None, path, body, seconds).await
}

/// As the gateway tells from where. A header claims to be TradingView.
async fn post_from(
    door: &'static Door<Desk>,
    address: Option<&str>,
    path: &str,
    body: impl Into<Body>,
    seconds: i64,
) -> Answer {
    let now = Timestamp::default().plus(Millis::seconds(seconds));
    let invocation = Invocation::begin("request", now, now.plus(limits::WEBHOOK_TIMEOUT)).unwrap();
    let request = Request::post(path).extension(invocation).header("content-type", "text/plain");
    let request = request.extension(SourceIp(address.map(str::to_owned))).header("x-forwarded-for", TRADINGVIEW);
    let response = prepare(router(door)).oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, text }
}

const TRADINGVIEW: &str = "52.89.214.238";
const RIGHT: &str = "/api/webhook/usr_1/whk_right";

#[tokio::test]
async fn an_alert_is_accepted_and_its_repeat_is_a_duplicate() {
    let door = open(Desk::default());
    let first = post(door, RIGHT, ENTRY, 0).await;
    let id = first.json()["delivery_id"].clone();
    let message = "Position group created and pending execution";
    assert_eq!(first.status, StatusCode::ACCEPTED);
    assert_eq!(first.json(), json!({"status": "accepted", "delivery_id": id, "message": message}));
    let again = post(door, RIGHT, ENTRY, 5).await;
    assert_eq!((again.status, &again.json()["delivery_id"]), (StatusCode::ACCEPTED, &id));
    assert_eq!(again.json()["status"], "duplicate");
    assert!(again.json()["hint"].as_str().unwrap().contains(r#""sent_at": "{{timenow}}""#));
}

#[tokio::test]
async fn an_alert_with_a_clock_gets_no_hint() {
    let door = open(Desk::default());
    let clocked = ENTRY.replacen('{', r#"{"sent_at": "2026-01-31T12:00:00Z", "#, 1);
    post(door, RIGHT, clocked.clone(), 0).await;
    let again = post(door, RIGHT, clocked, 5).await.json();
    assert_eq!((&again["status"], again.get("hint")), (&json!("duplicate"), None));
}

#[tokio::test]
async fn the_secret_may_stand_in_the_body() {
    let door = open(Desk::default());
    let body = ENTRY.replacen('{', &format!(r#"{{"secret": "{SECRET}", "#), 1);
    assert_eq!(post(door, "/api/webhook/usr_1", body, 0).await.status, StatusCode::ACCEPTED);
    assert!(door.deps.rows.lock().unwrap().values().all(|row| !row.body.contains(SECRET)));
}

#[tokio::test]
async fn an_alias_is_the_same_door() {
    let door = open(Desk::default());
    let first = post(door, RIGHT, ENTRY, 0).await.json();
    let again = post(door, &RIGHT.replace("/api/", "/api/v1/"), ENTRY, 5).await;
    assert_eq!((again.status, &again.json()["delivery_id"]), (StatusCode::ACCEPTED, &first["delivery_id"]));
    let body = ENTRY.replacen('{', &format!(r#"{{"secret": "{SECRET}", "#), 1);
    assert_eq!(post(door, "/api/v1/webhook/usr_1", body, 0).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn an_alert_is_taken_whatever_its_address_has_behind_it() {
    let door = open(Desk::default());
    let path = format!("{RIGHT}?from=a-chart&v=2");
    assert_eq!(post(door, &path, ENTRY, 0).await.status, StatusCode::ACCEPTED);
    assert_eq!(door.deps.signals.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn whoever_may_not_enter_is_answered_alike_to_the_byte() {
    let door = open(Desk::default());
    let wrong = post(door, "/api/webhook/usr_1/whk_wrong", ENTRY, 0).await;
    assert_eq!((wrong.status, &wrong.json()["code"]), (StatusCode::UNAUTHORIZED, &json!("unauthorized")));
    for (path, body) in [
        ("/api/webhook/usr_2/whk_right", ENTRY),
        ("/api/webhook/nobody/whk_right", "not JSON"),
        ("/api/webhook/usr_1", ENTRY),
        ("/api/webhook/usr_1/%ff", ENTRY),
        ("/api/webhook/%ff", "{}"),
    ] {
        let answer = post(door, path, body, 0).await;
        assert_eq!(
            (answer.status, &answer.headers, &answer.text),
            (wrong.status, &wrong.headers, &wrong.text),
            "{path}"
        );
    }
    assert_eq!(door.deps.look_ups.load(Ordering::Relaxed), 6);
    assert!(door.deps.rows.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_followed_says_why_and_is_kept() {
    let door = open(Desk::default());
    #[rustfmt::skip]
    let table = [
        ("buy".to_owned(),                                     400, "invalid_json",         Value::Null),
        ("{}".to_owned(),                                      422, "invalid_alert",        json!("tv.exchange")),
        (ENTRY.replacen('{', r#"{"ladder": {"count": 1}, "#, 1), 422, "invalid_alert", json!("ladder")),
    ];
    for (body, status, code, field) in table {
        let answer = post(door, RIGHT, body, 0).await;
        let problem = answer.json();
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!((answer.status.as_u16(), &problem["code"], &problem["field"]), (status, &json!(code), &field));
        assert!(problem["delivery_id"].as_str().unwrap().starts_with("dlv_"));
    }
    assert_eq!(door.deps.signals.load(Ordering::Relaxed), 0);
    assert_eq!(door.deps.rows.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_line_without_an_exchange_means_the_tokens_and_costs_no_call_more() {
    let told = post(open(Desk::default()), RIGHT, "buy BTCUSDT", 0).await;
    assert_eq!((told.status, &told.json()["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("exchange")));
    assert!(told.json()["detail"].as_str().unwrap().contains("as in buy BINANCE:BTCUSDT"));
    let door = open(Desk { exchange: Some("PAPER".parse().unwrap()), ..Desk::default() });
    for (body, look_ups) in [("buy BTCUSDT", 1), ("sell BTCUSDT", 1)] {
        assert_eq!(post(door, RIGHT, body, 0).await.status, StatusCode::ACCEPTED, "{body}");
        assert_eq!(door.deps.look_ups.load(Ordering::Relaxed), look_ups);
    }
    assert!(door.deps.rows.lock().unwrap().values().all(|row| row.exchange == door.deps.exchange));
}

#[tokio::test]
async fn a_token_of_tradingviews_alerts_has_others_refused_once_they_are_let_in() {
    let bound = || Desk { grant: Grant { from: Some(Sender::TradingView), ..Grant::default() }, ..Desk::default() };
    let door = open(bound());
    let wrong = post_from(door, Some("203.0.113.7"), "/api/webhook/usr_1/whk_wrong", ENTRY, 0).await;
    assert_eq!((wrong.status, door.deps.rows.lock().unwrap().len()), (StatusCode::UNAUTHORIZED, 0));
    let meant = post_from(door, Some(TRADINGVIEW), RIGHT, ENTRY, 0).await;
    for address in [Some("203.0.113.7"), Some("::ffff:52.89.214.238"), None] {
        let door = open(bound());
        let refused = post_from(door, address, RIGHT, ENTRY, 0).await;
        assert_eq!((refused.status, &refused.json()["status"]), (meant.status, &meant.json()["status"]), "{address:?}");
        let rows = door.deps.rows.lock().unwrap();
        let verdict = rows.values().next().and_then(|row| row.verdict.clone()).unwrap();
        assert_eq!((verdict.kind, verdict.reason.as_deref()), (VerdictKind::Refused, Some("token_from")));
        assert_eq!(door.deps.signals.load(Ordering::Relaxed), 0);
    }
    assert_eq!(door.deps.signals.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn whoever_has_learnt_a_secret_takes_nothing_of_tradingviews_rate() {
    let door = open(Desk { grant: Grant { from: Some(Sender::TradingView), ..Grant::default() }, ..Desk::default() });
    for _ in 0..limits::ALERTS_BURST_MAX {
        assert_eq!(post(door, RIGHT, ENTRY, 0).await.status, StatusCode::ACCEPTED);
    }
    assert_eq!(post(door, RIGHT, ENTRY, 0).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(post_from(door, Some(TRADINGVIEW), RIGHT, ENTRY, 0).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn the_same_id_with_another_body_is_a_conflict() {
    let door = open(Desk::default());
    let named = |lag| ENTRY.replacen('{', &format!(r#"{{"id": "a", "max_lag_seconds": {lag}, "#), 1);
    let first = post(door, RIGHT, named(60), 0).await.json();
    let other = post(door, RIGHT, named(61), 1).await;
    assert_eq!((other.status, &other.json()["code"]), (StatusCode::CONFLICT, &json!("conflict")));
    assert_eq!(other.json()["first_delivery_id"], first["delivery_id"]);
}

#[tokio::test]
async fn a_body_above_16_kb_is_not_read() {
    let door = open(Desk::default());
    let answer = post(door, RIGHT, vec![b' '; limits::BODY_BYTES_MAX + 1], 0).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(door.deps.look_ups.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_token_over_its_rate_is_asked_to_come_again() {
    let door = open(Desk::default());
    for _ in 0..limits::ALERTS_BURST_MAX {
        assert_eq!(post(door, RIGHT, ENTRY, 0).await.status, StatusCode::ACCEPTED);
    }
    let over = post(door, RIGHT, ENTRY, 0).await;
    assert_eq!((over.status, &over.json()["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("too_fast")));
    assert_eq!(over.headers[header::RETRY_AFTER], "1");
    assert_eq!(post(door, RIGHT, ENTRY, 1).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_token_is_looked_up_once_in_thirty_seconds() {
    let door = open(Desk::default());
    for (seconds, look_ups) in [(0, 1), (29, 1), (30, 2), (31, 2)] {
        post(door, RIGHT, ENTRY, seconds).await;
        assert_eq!(door.deps.look_ups.load(Ordering::Relaxed), look_ups, "{seconds} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_answered_in_time() {
    let door = open(Desk { hangs: true, ..Desk::default() });
    let begun = tokio::time::Instant::now();
    let answer = post(door, RIGHT, ENTRY, 0).await;
    assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("unavailable")));
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(begun.elapsed().as_millis(), 2_500);
}
