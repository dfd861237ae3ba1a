//! `Idempotency-Key`: a request that is sent again is done once and answered the same.

use super::accounts::PATH as ACCOUNTS;
use super::tokens::{PATH as TOKENS, kept_for, put};
use super::*;
use axum::http::request::Builder;
use serde_json::json;
use testkit::sim::{self, Strike};

const ONE: &str = "3f0c4ad2-8b1e-4d5f-9c1e-6a7b8c9d0e1f";
const OTHER: &str = "b8f1c0de-0000-4000-8000-000000000001";
/// In seconds after the first: while it might still be going on, and when it has ended without an answer.
const SOON: i64 = 1;
const LATER: i64 = 31;
const WEEK: i64 = 7 * 86_400;

fn post(path: &str, key: &str) -> Builder {
    Request::builder().method("POST").uri(path).header("idempotency-key", key)
}

const TOKEN: &str = r#"{"label": "my chart", "markets": ["BTC/USDT"], "order_quote_max": "250"}"#;

fn paper(label: &str) -> String {
    json!({"exchange": "PAPER", "label": label, "mode": "paper"}).to_string()
}

/// As Ann sends it so many seconds after the first.
fn after(api: &Api, seconds: i64, request: Builder, body: &str) -> (StatusCode, HeaderMap, Value) {
    let at = AT.plus(Millis::seconds(seconds));
    let (status, headers, body) = sent_at(api, at, request, ALL, body.to_owned());
    (status, headers, serde_json::from_slice(&body).unwrap_or_default())
}

fn code((status, _, problem): (StatusCode, HeaderMap, Value)) -> (u16, String) {
    (status.as_u16(), problem["code"].as_str().unwrap_or_default().to_owned())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// How many of Ann's stand there.
fn listed(api: &Api, path: &str) -> usize {
    ask(api, "GET", path, ALL, "").2["items"].as_array().unwrap().len()
}

#[test]
fn a_request_that_is_sent_again_is_done_once_and_answered_the_same() {
    let api = fresh();
    let (status, headers, made) = after(&api, 0, post(ACCOUNTS, ONE), &paper("one"));
    assert_eq!((status, headers.contains_key("idempotent-replayed")), (StatusCode::CREATED, false));
    for seconds in [SOON, LATER, 86_399] {
        let (status, again, told) = after(&api, seconds, post(ACCOUNTS, ONE), &paper("one"));
        assert_eq!((status, told), (StatusCode::CREATED, made.clone()), "after {seconds} s");
        assert_eq!((&again["etag"], &again["content-type"]), (&headers["etag"], &headers["content-type"]));
        assert_eq!(again["idempotent-replayed"], "true");
    }
    assert_eq!(listed(&api, ACCOUNTS), 1);
    let without = after(&api, SOON, Request::builder().method("POST").uri(ACCOUNTS), &paper("one"));
    assert_eq!(code(without), refused(400, "DUPLICATE_ACCOUNT"));
    // She has to log in anew by then.
    done(&api, |world| async move { world.sim().sleep(Millis::seconds(WEEK)).await });
    let anew = after(&api, WEEK, post(ACCOUNTS, ONE), &paper("one"));
    assert_eq!(code(anew), refused(400, "DUPLICATE_ACCOUNT"), "the key is free");
}

#[test]
fn a_key_belongs_to_its_user_its_route_and_its_request() {
    let api = fresh();
    assert_eq!(after(&api, 0, post(ACCOUNTS, ONE), &paper("one")).0, StatusCode::CREATED);
    let reused = refused(409, "idempotency_key_reused");
    assert_eq!(code(after(&api, SOON, post(ACCOUNTS, ONE), &paper("two"))), reused);
    let (status, ..) = sent(&api, post(ACCOUNTS, ONE), "trading:read+accounts:write+eve", paper("two"));
    assert_eq!(status, StatusCode::CREATED, "Eve's is another one");
    assert_eq!(after(&api, SOON, post(TOKENS, ONE), TOKEN).0, StatusCode::CREATED, "and so is that of another route");
    assert_eq!(after(&api, SOON, post(ACCOUNTS, OTHER), &paper("two")).0, StatusCode::CREATED);
}

#[test]
fn a_key_is_looked_at_for_those_alone_who_are_let_in() {
    let api = fresh();
    assert_eq!(after(&api, 0, post(ACCOUNTS, ONE), &paper("one")).0, StatusCode::CREATED);
    for (words, status) in [("", 401), ("trading:read", 403)] {
        let (told, ..) = sent(&api, post(ACCOUNTS, ONE), words, paper("one"));
        assert_eq!(told.as_u16(), status, "{words}");
    }
    for wrong in ["fifteen-letters", "with a blank in it", "", &"k".repeat(256)] {
        let (status, _, problem) = after(&api, 0, post(ACCOUNTS, wrong), &paper("two"));
        let told = (status.as_u16(), problem["field"].as_str());
        assert_eq!(told, (422, Some("Idempotency-Key")), "{wrong}");
    }
    let twice = post(ACCOUNTS, ONE).header("idempotency-key", OTHER);
    assert_eq!(after(&api, 0, twice, &paper("two")).0.as_u16(), 422, "which of them was meant is not known");
    assert_eq!(listed(&api, ACCOUNTS), 1);
}

#[test]
fn a_refusal_is_told_again_and_an_outage_is_not() {
    let api = fresh();
    let (status, _, problem) = after(&api, 0, post(ACCOUNTS, ONE), &paper("no/label"));
    let (again, headers, told) = after(&api, SOON, post(ACCOUNTS, ONE), &paper("no/label"));
    assert_eq!((status.as_u16(), again), (422, status));
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!((&told["code"], &told["field"]), (&problem["code"], &problem["field"]));
    assert_ne!(told["request_id"], problem["request_id"], "it is of the request that hears it");

    api.store.set_down("transact ACC#", true);
    assert_eq!(after(&api, 0, post(ACCOUNTS, OTHER), &paper("one")).0.as_u16(), 503);
    api.store.set_down("transact ACC#", false);
    assert_eq!(after(&api, SOON, post(ACCOUNTS, OTHER), &paper("one")).0, StatusCode::CREATED);
}

#[test]
fn a_secret_is_told_once_and_stands_in_no_row() {
    let api = fresh();
    let (status, _, made) = after(&api, 0, post(TOKENS, ONE), TOKEN);
    assert_eq!(status, StatusCode::CREATED);
    let secret = made["secret"].as_str().unwrap();
    let rows = format!("{:?}", api.store.table());
    assert!(rows.contains("IDM#") && !rows.contains(secret) && !rows.contains(ONE));
    assert_eq!(code(after(&api, SOON, post(TOKENS, ONE), TOKEN)), refused(409, "answer_not_kept"));
    assert_eq!(listed(&api, TOKENS), 1);
}

#[test]
fn what_was_done_and_not_answered_is_not_done_again() {
    let api = fresh();
    api.store.set_down("write IDM#", true);
    assert_eq!(after(&api, 0, post(TOKENS, ONE), TOKEN).0, StatusCode::CREATED, "its own answer is true");
    api.store.set_down("write IDM#", false);
    let (status, headers, problem) = after(&api, SOON, post(TOKENS, ONE), TOKEN);
    assert_eq!(
        (status.as_u16(), &problem["code"], &headers["retry-after"]),
        (409, &json!("in_progress"), &"29".parse().unwrap())
    );
    let (status, headers, problem) = after(&api, LATER, post(TOKENS, ONE), TOKEN);
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("in_progress")));
    assert!(!headers.contains_key("retry-after"), "waiting changes nothing");
    assert_eq!(listed(&api, TOKENS), 1);
}

/// What Ann's request is answered if this strikes at its n-th call; and whether it has so many.
fn struck(api: &Api, at: usize, strike: Strike) -> (Option<StatusCode>, bool) {
    let before = api.store.sim().ops().len();
    api.store.sim().choose_by(move |number, _| (number == before + at).then_some(strike));
    let bearer = format!("Bearer {}", token(api, ALL));
    let request = post(&rotate(), ONE).header("host", "api.example.com").header("authorization", bearer);
    let request = request.body(Body::empty()).unwrap();
    let (api, answered) = (api.clone(), Arc::new(Mutex::new(None)));
    let (ends, kept, world) = (AT.plus(Millis::seconds(20)), Arc::clone(&answered), api.store.clone());
    let name = "request".into();
    let future = async move { oneshot(api, AT, request).await.0 };
    let invocation = sim::Invocation { name, limit: None, strikable: true, future };
    world.sim().spawn(invocation, move |status| *kept.lock().unwrap() = status);
    world.sim().run_until(ends, &mut || (), &mut || false);
    let status = *answered.lock().unwrap();
    (status, world.sim().ops().len() > before + at)
}

/// It ends the secret before, each time that it is done.
fn rotate() -> String {
    format!("{TOKENS}/{}/rotate", kept_for(None).token.id)
}

fn version(api: &Api) -> u64 {
    ask(api, "GET", TOKENS, ALL, "").2["items"][0]["version"].as_u64().unwrap()
}

#[test]
fn wherever_a_request_breaks_off_it_is_done_once() {
    let mut broken_off = 0;
    for strike in [Strike::Crash, Strike::LoseReply, Strike::Refuse] {
        for at in 0.. {
            let api = fresh();
            put(&api, &kept_for(None));
            let (first, was_struck) = struck(&api, at, strike);
            if !was_struck {
                break;
            }
            broken_off += 1;
            let second = code(after(&api, LATER, post(&rotate(), ONE), ""));
            let what = format!("{strike:?} at {at}: {first:?}, then {second:?}");
            assert_eq!(version(&api), kept_for(None).version + 1, "{what}");
            match second {
                (200, _) => assert!(first.is_none_or(|first| first.is_server_error()), "{what}: it was told of one"),
                (409, code) => assert!(["in_progress", "answer_not_kept"].contains(&&*code), "{what}"),
                _ => assert_eq!(what, ""),
            }
        }
    }
    assert!(broken_off > 10, "{broken_off} calls alone");
}
