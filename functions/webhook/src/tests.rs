use crate::routes::in_time;
use crate::{Api, router};
use app::receive::ReceiveError;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, VerdictKind};
use domain::ids::{Sha, TokenId, UserId};
use domain::limits;
use domain::token::{Grant, Sender, WebhookToken};
use lambda::Invocation;
use lambda::edge::{SourceIp, prepare};
use serde_json::{Value, json};
use store::PageRequest;
use store::trading::Trading;
use testkit::sim::{Plan, Sim};
use testkit::world::{Strictness, World};
use tower::ServiceExt;

const SECRET: &str = "whk_right";
const ENTRY: &str = r#"{"tv": {"exchange": "PAPER", "symbol": "BTCUSDT"},
                        "execution_intent": {"strategy": "grid", "side": "long"}}"#;

fn user() -> UserId {
    UserId::parse("usr_1").unwrap()
}

fn token() -> WebhookToken {
    WebhookToken {
        id: TokenId::parse("tok_1").unwrap(),
        user: user(),
        hash: Sha::of_bytes(SECRET.as_bytes()),
        account: None,
        exchange: None,
        expires_at: None,
        grant: Grant::default(),
    }
}

/// Where this token is known.
fn knowing(token: &WebhookToken) -> Api {
    let sim = Sim::new(Plan::calm(), Timestamp::default(), true);
    let world = World::new(sim, Strictness::default());
    world.put_token(token);
    Api::new(world)
}

fn open() -> Api {
    knowing(&token())
}

/// Where it takes alerts from TradingView alone.
fn bound() -> Api {
    knowing(&WebhookToken { grant: Grant { from: Some(Sender::TradingView), ..Grant::default() }, ..token() })
}

/// What is kept.
fn rows(api: &Api) -> Vec<Delivery> {
    let world = api.store.clone();
    let all = PageRequest { limit: 100, cursor: None };
    let look =
        async move { Trading(&world).list_deliveries(&user(), store::Span::default(), &all).await.unwrap().items };
    api.store.sim().block_on("look", look)
}

/// How often a token was looked up.
fn look_ups(api: &Api) -> usize {
    api.store.sim().trace().lines().filter(|line| line.ends_with(" get")).count()
}

/// How many are to be decided.
fn signals(api: &Api) -> usize {
    api.store.queues().signals.len()
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
fn post(api: &Api, path: &str, body: impl Into<Body>, seconds: i64) -> Answer {
    post_from(api, None, path, body, seconds)
}

/// As the gateway tells from where. A header claims to be TradingView.
fn post_from(api: &Api, address: Option<&str>, path: &str, body: impl Into<Body>, seconds: i64) -> Answer {
    let now = Timestamp::default().plus(Millis::seconds(seconds));
    let invocation = Invocation::begin("request", now, now.plus(limits::WEBHOOK_TIMEOUT)).unwrap();
    let request = Request::post(path).extension(invocation).header("content-type", "text/plain");
    let request = request.extension(SourceIp(address.map(str::to_owned))).header("x-forwarded-for", TRADINGVIEW);
    let (request, router) = (request.body(body.into()).unwrap(), prepare(router(api.clone())));
    // Its patience is a timer's, which wants a runtime.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    let answer = api.store.sim().block_on("request", async move {
        let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
        let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    });
    assert_eq!(api.store.sim().violations(), Vec::<String>::new());
    answer
}

const TRADINGVIEW: &str = "52.89.214.238";
const RIGHT: &str = "/api/webhook/usr_1/whk_right";

#[test]
fn an_alert_is_accepted_and_its_repeat_is_a_duplicate() {
    let api = open();
    let first = post(&api, RIGHT, ENTRY, 0);
    let id = first.json()["delivery_id"].clone();
    let message = "Position group created and pending execution";
    assert_eq!(first.status, StatusCode::ACCEPTED);
    assert_eq!(first.json(), json!({"status": "accepted", "delivery_id": id, "message": message}));
    let again = post(&api, RIGHT, ENTRY, 5);
    assert_eq!((again.status, &again.json()["delivery_id"]), (StatusCode::ACCEPTED, &id));
    assert_eq!(again.json()["status"], "duplicate");
    assert!(again.json()["hint"].as_str().unwrap().contains(r#""sent_at": "{{timenow}}""#));
}

#[test]
fn an_alert_with_a_clock_gets_no_hint() {
    let api = open();
    let clocked = ENTRY.replacen('{', r#"{"sent_at": "2026-01-31T12:00:00Z", "#, 1);
    post(&api, RIGHT, clocked.clone(), 0);
    let again = post(&api, RIGHT, clocked, 5).json();
    assert_eq!((&again["status"], again.get("hint")), (&json!("duplicate"), None));
}

#[test]
fn the_secret_may_stand_in_the_body() {
    let api = open();
    let body = ENTRY.replacen('{', &format!(r#"{{"secret": "{SECRET}", "#), 1);
    assert_eq!(post(&api, "/api/webhook/usr_1", body, 0).status, StatusCode::ACCEPTED);
    assert!(rows(&api).iter().all(|row| !row.body.contains(SECRET)));
}

#[test]
fn an_alias_is_the_same_door() {
    let api = open();
    let first = post(&api, RIGHT, ENTRY, 0).json();
    let again = post(&api, &RIGHT.replace("/api/", "/api/v1/"), ENTRY, 5);
    assert_eq!((again.status, &again.json()["delivery_id"]), (StatusCode::ACCEPTED, &first["delivery_id"]));
    let body = ENTRY.replacen('{', &format!(r#"{{"secret": "{SECRET}", "#), 1);
    assert_eq!(post(&api, "/api/v1/webhook/usr_1", body, 0).status, StatusCode::ACCEPTED);
}

#[test]
fn an_alert_is_taken_whatever_its_address_has_behind_it() {
    let api = open();
    let path = format!("{RIGHT}?from=a-chart&v=2");
    assert_eq!(post(&api, &path, ENTRY, 0).status, StatusCode::ACCEPTED);
    assert_eq!(signals(&api), 1);
}

/// An answer without the id under which the log has its request.
fn unnamed(answer: &Answer) -> (StatusCode, HeaderMap, String) {
    let mut headers = answer.headers.clone();
    let id = headers.remove("x-request-id").unwrap();
    (answer.status, headers, answer.text.replacen(id.to_str().unwrap(), "", 1))
}

#[test]
fn whoever_may_not_enter_is_answered_alike_to_the_byte() {
    let api = open();
    let wrong = post(&api, "/api/webhook/usr_1/whk_wrong", ENTRY, 0);
    assert_eq!((wrong.status, &wrong.json()["code"]), (StatusCode::UNAUTHORIZED, &json!("unauthorized")));
    for (path, body) in [
        ("/api/webhook/usr_2/whk_right", ENTRY),
        ("/api/webhook/nobody/whk_right", "not JSON"),
        ("/api/webhook/usr_1", ENTRY),
        ("/api/webhook/usr_1/%ff", ENTRY),
        ("/api/webhook/%ff", "{}"),
    ] {
        let answer = post(&api, path, body, 0);
        assert_eq!(unnamed(&answer), unnamed(&wrong), "{path}");
    }
    assert_eq!(look_ups(&api), 6 * 2, "what is not there is looked for twice: a first look may lag");
    assert_eq!(rows(&api), []);
}

#[test]
fn what_cannot_be_followed_says_why_and_is_kept() {
    let api = open();
    #[rustfmt::skip]
    let table = [
        ("buy".to_owned(),                                     400, "invalid_json",         Value::Null),
        ("{}".to_owned(),                                      422, "invalid_alert",        json!("tv.exchange")),
        (ENTRY.replacen('{', r#"{"ladder": {"count": 1}, "#, 1), 422, "invalid_alert", json!("ladder")),
    ];
    for (body, status, code, field) in table {
        let answer = post(&api, RIGHT, body, 0);
        let problem = answer.json();
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!((answer.status.as_u16(), &problem["code"], &problem["field"]), (status, &json!(code), &field));
        assert!(problem["delivery_id"].as_str().unwrap().starts_with("dlv_"));
    }
    assert_eq!(signals(&api), 0);
    assert_eq!(rows(&api).len(), 3);
}

#[test]
fn a_line_without_an_exchange_means_the_tokens_and_costs_no_call_more() {
    let told = post(&open(), RIGHT, "buy BTCUSDT", 0);
    assert_eq!((told.status, &told.json()["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("exchange")));
    assert!(told.json()["detail"].as_str().unwrap().contains("as in buy BINANCE:BTCUSDT"));
    let token = WebhookToken { exchange: Some("PAPER".parse().unwrap()), ..token() };
    let api = knowing(&token);
    for (body, times) in [("buy BTCUSDT", 1), ("sell BTCUSDT", 1)] {
        assert_eq!(post(&api, RIGHT, body, 0).status, StatusCode::ACCEPTED, "{body}");
        assert_eq!(look_ups(&api), times);
    }
    assert!(rows(&api).iter().all(|row| row.exchange == token.exchange));
}

#[test]
fn a_token_of_tradingviews_alerts_has_others_refused_once_they_are_let_in() {
    let api = bound();
    let wrong = post_from(&api, Some("203.0.113.7"), "/api/webhook/usr_1/whk_wrong", ENTRY, 0);
    assert_eq!((wrong.status, rows(&api).len()), (StatusCode::UNAUTHORIZED, 0));
    let meant = post_from(&api, Some(TRADINGVIEW), RIGHT, ENTRY, 0);
    for address in [Some("203.0.113.7"), Some("::ffff:52.89.214.238"), None] {
        let api = bound();
        let refused = post_from(&api, address, RIGHT, ENTRY, 0);
        assert_eq!((refused.status, &refused.json()["status"]), (meant.status, &meant.json()["status"]), "{address:?}");
        let verdict = rows(&api).remove(0).verdict.unwrap();
        assert_eq!((verdict.kind, verdict.reason.as_deref()), (VerdictKind::Refused, Some("token_from")));
        assert_eq!(signals(&api), 0);
    }
    assert_eq!(signals(&api), 1);
}

#[test]
fn whoever_has_learnt_a_secret_takes_nothing_of_tradingviews_rate() {
    let api = bound();
    for _ in 0..limits::ALERTS_BURST_MAX {
        assert_eq!(post(&api, RIGHT, ENTRY, 0).status, StatusCode::ACCEPTED);
    }
    assert_eq!(post(&api, RIGHT, ENTRY, 0).status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(post_from(&api, Some(TRADINGVIEW), RIGHT, ENTRY, 0).status, StatusCode::ACCEPTED);
}

#[test]
fn the_same_id_with_another_body_is_a_conflict() {
    let api = open();
    let named = |lag| ENTRY.replacen('{', &format!(r#"{{"id": "a", "max_lag_seconds": {lag}, "#), 1);
    let first = post(&api, RIGHT, named(60), 0).json();
    let other = post(&api, RIGHT, named(61), 1);
    assert_eq!((other.status, &other.json()["code"]), (StatusCode::CONFLICT, &json!("conflict")));
    assert_eq!(other.json()["first_delivery_id"], first["delivery_id"]);
}

#[test]
fn a_body_above_16_kb_is_not_read() {
    let api = open();
    let answer = post(&api, RIGHT, vec![b' '; limits::BODY_BYTES_MAX + 1], 0);
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(look_ups(&api), 0);
}

#[test]
fn a_token_over_its_rate_is_asked_to_come_again() {
    let api = open();
    for _ in 0..limits::ALERTS_BURST_MAX {
        assert_eq!(post(&api, RIGHT, ENTRY, 0).status, StatusCode::ACCEPTED);
    }
    let over = post(&api, RIGHT, ENTRY, 0);
    assert_eq!((over.status, &over.json()["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("too_fast")));
    assert_eq!(over.headers[header::RETRY_AFTER], "1");
    assert_eq!(post(&api, RIGHT, ENTRY, 1).status, StatusCode::ACCEPTED);
}

#[test]
fn a_token_is_looked_up_once_in_thirty_seconds() {
    let api = open();
    for (seconds, times) in [(0, 1), (29, 1), (30, 2), (31, 2)] {
        post(&api, RIGHT, ENTRY, seconds);
        assert_eq!(look_ups(&api), times, "{seconds} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_answered_in_time() {
    let begun = tokio::time::Instant::now();
    assert!(matches!(in_time(std::future::pending()).await, Err(ReceiveError::NotKept(_))));
    assert_eq!(begun.elapsed().as_millis(), 2_500);
}

#[test]
fn what_is_not_kept_is_to_be_sent_again() {
    for down in ["get", "write", "send_signal"] {
        let api = open();
        api.store.set_down(down, true);
        let answer = post(&api, RIGHT, ENTRY, 0);
        assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("unavailable")));
        assert!(answer.headers.contains_key(header::RETRY_AFTER));
        api.store.set_down(down, false);
        let again = post(&api, RIGHT, ENTRY, 1);
        assert_eq!((again.status, signals(&api)), (StatusCode::ACCEPTED, 1), "{down}");
    }
}
