//! What a strategy would have made of candles that are kept.

use super::series::*;
use super::*;
use app::ports::ResultPart;
use domain::backtests::{Backtest, BacktestPlan, NoMore};
use domain::ids::{BacktestId, Sha};
use domain::limits::{BACKTEST_ALONE_BARS_MAX, BACKTEST_PACKED_BYTES_MAX, BACKTEST_TOLD_BYTES_MAX};
use research::{BacktestError, Worker};
use serde_json::json;
use std::num::NonZeroUsize;
use store::market::Market as Kept;
use store::objects::Results;
use wire::backtest::{Asked, Step, pack, unpack};

const READS: &str = "trading:read";
const RESEARCHES: &str = "trading:read+research:write";
const EVE_RESEARCHES: &str = "eve+trading:read+research:write";
const WHOLE: &str = r#"{"equity":[1.10,2.0]}"#;

const BTC: &str = "BINANCE:BTC/USDT";
/// It is known, and nothing is kept of it.
const ADA: &str = "BINANCE:ADA/USDT";

/// Of BTC 200 hours are kept.
fn keeping() -> Api {
    let api = fresh();
    list_markets(&api, &[BTC, ADA]);
    keep(&api, &series(BTC, "1h"), (200, "2025-11-20T08:00:00Z"), jumping);
    api
}

/// Somebody has asked for one so many seconds ago.
fn submitted(api: &Api, user: &UserId, name: &str, seconds: i64) -> Backtest {
    let now = AT.minus(Millis::seconds(seconds));
    let body = r#"{"exchange": "BINANCE", "symbol": "BTCUSDT", "timeframe": "1h", "since": "2025-11-01T12:30:00Z",
                   "until": "2025-11-01T22:30:00Z", "strategy": "ema_cross", "cash": "CASH"}"#;
    // Each with its own cash: the same would be the same.
    let asked = Asked::read(&body.replace("CASH", &(1_000 + seconds).to_string()), now).unwrap();
    let (user, attempt) = (user.clone(), AttemptId::new(name));
    done(api, |world| async move {
        let deps = (&world, &world);
        research::submit(deps, asked, &user, (&attempt, "trace"), 100, now).await.unwrap().backtest
    })
}

/// One that has gone on, by so many versions.
fn kept(api: &Api, seen: &Backtest, after: Backtest) -> Backtest {
    let (kept, version) = (after.clone(), seen.version);
    assert!(done(api, |world| async move { Kept(&world).keep_backtest(&kept, version).await.unwrap() }));
    after
}

/// Played, of eight candles.
fn ended(api: &Api, before: &Backtest) -> Backtest {
    let plan = BacktestPlan { candles: 8, digest: Sha::of_bytes(b"x"), items: 1, items_per_part: 1, is_spread: false };
    let played = before.clone().planned(plan, AT).having_played(0, AT);
    kept(api, before, played.done(r#"{"stats":{"fees":1.10}}"#.to_owned(), AT))
}

fn keep_whole(api: &Api, of: &Backtest, packed: Vec<u8>) {
    let id = of.id.clone();
    done(api, |world| async move { Results(&world).keep(&id, ResultPart::Whole, &packed, AT).await.unwrap() });
}

/// Of Ann's the newer one is done, and the other one waits.
fn with_two() -> (Api, [Backtest; 2]) {
    let api = keeping();
    let queued = submitted(&api, &ann(), "one", 60);
    let done = ended(&api, &submitted(&api, &ann(), "done", 30));
    (api, [done, queued])
}

fn asked(api: &Api, method: &str, rest: &str, scopes: &str, body: &str) -> (StatusCode, HeaderMap, Value) {
    ask(api, method, &format!("/api/v1/backtests{rest}"), scopes, body)
}

fn body(rest: &str) -> String {
    format!(
        r#"{{"exchange": "BINANCE", "symbol": "BTCUSDT", "timeframe": "1h", "since": "2025-11-01T00:00:00Z",
             "strategy": "ema_cross"{rest}}}"#
    )
}

#[test]
fn what_is_asked_for_is_kept_and_shown_where_the_answer_says() {
    let api = keeping();
    let (status, headers, told) = asked(&api, "POST", "", RESEARCHES, &body(""));
    assert_eq!((status, &told["state"]), (StatusCode::ACCEPTED, &json!("queued")), "{told}");
    assert_eq!((&told["progress"], &told["figures"]), (&json!({"done": 0, "of": 0}), &json!(null)));
    assert_eq!(told["until"], json!("2025-11-20T08:00:00Z"), "until now");
    let id = told["id"].as_str().unwrap();
    let location = headers["location"].to_str().unwrap();
    assert_eq!(location, format!("/api/v1/backtests/{id}"));
    let mut shown = ask(&api, "GET", location, READS, "").2;
    let asked_for = shown.as_object_mut().unwrap().remove("asked").unwrap();
    assert_eq!(shown, told);
    let resent = asked(&api, "POST", "", RESEARCHES, &asked_for.to_string());
    assert_eq!((resent.0, &resent.2["id"]), (StatusCode::ACCEPTED, &told["id"]), "the same request: {asked_for}");
    let (_, _, again) = asked(&api, "POST", "", RESEARCHES, &body(""));
    assert_eq!(again, told, "the same that goes on");
    let begun = api.store.workers_begun();
    assert!(begun.iter().all(|work| work.known() == Ok(&Step::Begin) && work.backtest.0.as_str() == id), "{begun:?}");
    assert_eq!((&begun[0].user.0, begun[0].trace.len()), (&ann(), 32));
}

/// From the question to what came of it, by the worker that is begun.
#[test]
fn what_a_worker_makes_of_it_is_shown_to_its_owner() {
    let api = keeping();
    let (_, _, told) = asked(&api, "POST", "", RESEARCHES, &body(r#", "parameters": {"fast": "2", "slow": "5"}"#));
    let id = told["id"].as_str().unwrap().to_owned();
    let work = api.store.workers_begun().pop().unwrap();
    done(&api, |world| async move {
        let (deps, cores) = (&world, NonZeroUsize::new(2).unwrap());
        let alone_bars = BACKTEST_ALONE_BARS_MAX;
        let worker = Worker { deps, results: deps, machine: deps, clock: deps, cores, alone_bars };
        worker.work(&work).await.unwrap();
    });
    let (_, _, told) = asked(&api, "GET", &format!("/{id}"), READS, "");
    assert_eq!((&told["state"], &told["candles"], &told["expected"]), (&json!("done"), &json!(200), &json!(464)));
    assert_eq!(told["progress"], json!({"done": 1, "of": 1}));
    let (status, _, whole) = asked(&api, "GET", &format!("/{id}/result"), READS, "");
    assert_eq!((status, whole["equity"].as_array().unwrap().len()), (StatusCode::OK, 200));
    assert_eq!(told["figures"]["stats"], whole["stats"]);
    let id = BacktestId::parse(&id).unwrap();
    let result = done(&api, |world| async move { Results(&world).kept(&id, ResultPart::Whole, AT).await.unwrap() });
    assert_eq!(serde_json::from_str::<Value>(&unpack(&result.unwrap()).unwrap()).unwrap(), whole);
}

#[test]
fn its_owner_looks_at_it_reads_it_holds_it_beside_another_and_calls_it_off() {
    let (api, [done, queued]) = with_two();
    keep_whole(&api, &done, pack(WHOLE).unwrap());
    let (done, queued) = (done.id, queued.id);
    let (status, _, told) = asked(&api, "GET", &format!("/{done}"), READS, "");
    assert_eq!((status, &told["state"], &told["candles"]), (StatusCode::OK, &json!("done"), &json!(8)));
    assert_eq!(told["expected"], 9, "from 12:30 to 22:30");
    assert_eq!((&told["figures"]["stats"]["fees"], &told["progress"]["done"]), (&json!(1.1), &json!(1)));
    let (mut told, (_, _, list)) = (told, asked(&api, "GET", "", READS, ""));
    assert_eq!(
        told.as_object_mut().unwrap().remove("asked").unwrap()["strategy"],
        "ema_cross",
        "only where one is read"
    );
    assert_eq!((&list["items"][0], list["items"].as_array().unwrap().len()), (&told, 2));
    assert_eq!(list["items"][1]["id"], json!(queued.to_string()));
    let path = format!("/api/v1/backtests/{done}/result");
    let (status, headers, whole) = ask_for(&api, "GET", &path, READS, "");
    assert_eq!((status, whole.as_str()), (StatusCode::OK, WHOLE), "to the letter");
    assert_eq!(headers["content-type"], "application/json");
    let (headers, bytes) = packed(&api, &path, READS);
    assert_eq!(headers["vary"], "accept-encoding");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(bytes, pack(WHOLE).unwrap(), "to the byte");
    let other = ended(&api, &submitted(&api, &ann(), "other", 20)).id;
    let (status, _, both) = asked(&api, "GET", &format!("/compare?ids={done},{other}"), READS, "");
    assert_eq!((status, &both["items"][0]), (StatusCode::OK, &told));
    assert_eq!(both["items"][1]["id"], json!(other.to_string()));
    for path in [format!("/{queued}/result"), format!("/compare?ids={done},{queued}")] {
        let (status, _, problem) = asked(&api, "GET", &path, READS, "");
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_done")), "{path}");
    }
    let (status, _, told) = asked(&api, "POST", &format!("/{queued}/cancel"), RESEARCHES, "");
    assert_eq!((status, &told["state"]), (StatusCode::OK, &json!("cancelled")));
    let (_, _, told) = asked(&api, "POST", &format!("/{done}/cancel"), RESEARCHES, "");
    assert_eq!(told["state"], json!("done"), "it stays as it ended");
}

#[test]
fn a_worker_of_which_nothing_was_heard_is_begun_again_by_whoever_looks() {
    let api = keeping();
    let silent = submitted(&api, &ann(), "one", 931);
    api.store.workers_begun();
    let look = || asked(&api, "GET", &format!("/{}", silent.id), READS, "");
    assert_eq!(
        (look().2["state"].clone(), look().2["updated_at"].clone()),
        (json!("queued"), json!("2025-11-20T08:51:00Z"))
    );
    let begun = api.store.workers_begun();
    assert_eq!(begun.iter().map(|work| &work.backtest.0).collect::<Vec<_>>(), [&silent.id], "once");
    let given_up = submitted(&api, &ann(), "other", 3_601);
    let (_, _, told) = asked(&api, "GET", &format!("/{}", given_up.id), READS, "");
    assert_eq!((&told["state"], &told["why"]), (&json!("failed"), &json!("it has not ended in time: ask for less")));
}

#[test]
fn what_is_kept_is_kept_whether_a_worker_is_begun_or_not() {
    let api = keeping();
    api.store.set_down("begin_backtest", true);
    let (status, _, told) = asked(&api, "POST", "", RESEARCHES, &body(""));
    assert_eq!((status, &told["state"]), (StatusCode::ACCEPTED, &json!("queued")));
    assert_eq!(asked(&api, "GET", "", READS, "").2["items"], json!([told]));
    assert_eq!(api.store.workers_begun(), []);
}

#[test]
fn a_result_that_is_too_long_says_how_it_is_taken() {
    let (api, [done, _]) = with_two();
    let path = format!("/api/v1/backtests/{}/result", done.id);
    let (status, _, problem) = ask(&api, "GET", &path, READS, "");
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "kept no more");
    let longer = pack(&"x".repeat(BACKTEST_TOLD_BYTES_MAX + 1)).unwrap();
    keep_whole(&api, &done, longer.clone());
    let (status, _, problem) = ask(&api, "GET", &path, READS, "");
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("result_too_large")));
    assert!(problem["detail"].as_str().unwrap().contains("Accept-Encoding: gzip"), "{problem}");
    let (headers, body) = taking_gzip(&api, &path, READS);
    assert_eq!((&headers["content-encoding"], body), (&"gzip".parse().unwrap(), longer));

    let (api, [done, _]) = with_two();
    keep_whole(&api, &done, vec![0; BACKTEST_PACKED_BYTES_MAX + 1]);
    let path = format!("/api/v1/backtests/{}/result", done.id);
    let (headers, body) = taking_gzip(&api, &path, READS);
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&problem["status"], &problem["code"]), (&json!(409), &json!("result_too_large")));
    assert_eq!(headers["content-type"], "application/problem+json");
    assert!(problem["detail"].as_str().unwrap().contains("shorter time"), "{problem}");
}

#[test]
fn what_is_nobodys_or_needs_more_is_refused() {
    let (api, [done, queued]) = with_two();
    keep_whole(&api, &done, pack(WHOLE).unwrap());
    let check = |method: &str, rest: &str, scopes: &str| {
        let (status, _, problem) = asked(&api, method, rest, scopes, "");
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{scopes} {rest}");
    };
    for (method, rest) in [("GET", "/bkt_x"), ("GET", "/bkt_x/result"), ("POST", "/bkt_x/cancel"), ("GET", "/nothing")]
    {
        check(method, rest, RESEARCHES);
    }
    let anns = |rest: &str| format!("/{}{rest}", done.id);
    for (method, rest) in [
        ("GET", anns("")),
        ("GET", anns("/result")),
        ("POST", format!("/{}/cancel", queued.id)),
        ("GET", format!("/compare?ids={},{}", done.id, queued.id)),
    ] {
        check(method, &rest, EVE_RESEARCHES);
    }
    assert_eq!(asked(&api, "GET", "", EVE_RESEARCHES, "").2["items"], json!([]));
    for (rest, body) in [("", body("")), ("/bkt_x/cancel", String::new())] {
        assert_eq!(asked(&api, "POST", rest, READS, &body).0, StatusCode::FORBIDDEN, "{rest}");
    }
    let one = format!("?ids={}", done.id);
    let twice = format!("?ids={},{}", done.id, done.id);
    for ids in ["", "?ids=", "?ids=x,y", "?ids=bkt_x&ids=bkt_y", &one, &twice] {
        let (status, _, problem) = asked(&api, "GET", &format!("/compare{ids}"), READS, "");
        let found = (status, &problem["fields"][0]);
        assert_eq!(found, (StatusCode::UNPROCESSABLE_ENTITY, &json!("ids")), "{ids} {problem}");
    }
}

#[test]
fn what_is_wrong_of_a_backtest_is_named() {
    let api = keeping();
    for (rest, field) in [
        (r#", "cash": "NaN""#, "cash"),
        (r#", "cash": {}"#, "cash"),
        (r#", "parameters": {"fast": "x"}"#, "parameters"),
        (r#", "parameters": {"slowest": "9"}"#, "parameters"),
        (r#", "speed": 1"#, "speed"),
        (r#", "sweep": {"tried": {"fast": []}}"#, "sweep.tried.fast"),
        (r#", "until": 12"#, "until"),
        (r#", "until": "2025-11-01T00:30:00Z""#, "until"),
    ] {
        let (status, _, problem) = asked(&api, "POST", "", RESEARCHES, &body(rest));
        let found = (status, &problem["fields"][0]);
        assert_eq!(found, (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{rest} {problem}");
    }
    let long = body("").replace("1h", "1m").replace("2025-11-01", "2025-01-01");
    let (status, _, problem) = asked(&api, "POST", "", RESEARCHES, &long);
    assert_eq!((status, &problem["fields"][0]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("until")), "{problem}");
    let (status, _, problem) = asked(&api, "POST", "", RESEARCHES, "{");
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("invalid_json")));
    let of = |symbol: &str| body("").replace("BTCUSDT", symbol);
    let (status, _, problem) = asked(&api, "POST", "", RESEARCHES, &of("XRPUSDT"));
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("unknown_market")));
    let (_, _, problem) = asked(&api, "POST", "", RESEARCHES, &of("ADAUSDT"));
    assert_eq!(problem["fields"][0], json!("candles"));
    assert!(problem["detail"].as_str().unwrap().contains("POST /api/v1/market-data/backfill"));
    assert_eq!(asked(&api, "GET", "", READS, "").2["items"], json!([]), "none was kept");
}

#[test]
fn so_many_go_on_at_once() {
    let check = |api: &Api, said: &str| {
        let (status, _, problem) = asked(api, "POST", "", RESEARCHES, &body(""));
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("too_many_backtests")));
        assert!(problem["detail"].as_str().unwrap().contains(said), "{problem}");
    };
    let api = keeping();
    let [first, _] = [1, 2].map(|number| submitted(&api, &ann(), &number.to_string(), number));
    check(&api, "you have 2 that go on");
    ended(&api, &first);
    let (status, ..) = asked(&api, "POST", "", RESEARCHES, &body(""));
    assert_eq!(status, StatusCode::ACCEPTED, "there is room");
    // As many as the function was told of everybody's.
    let api = keeping();
    for number in 1..=3 {
        submitted(&api, &UserId::of(&[&number.to_string()]), "one", number);
    }
    check(&api, "3 go on in this deployment");
}

/// What cannot be played is refused by the name of its option: see above.
#[test]
fn each_refusal_of_a_backtest_has_its_own_answer() {
    let id = BacktestId::at(AT, &["one"]);
    for (refusal, expected) in [
        (BacktestError::NoBacktest, refused(404, "not_found", &[])),
        (BacktestError::UnknownMarket(market(BTC)), refused(404, "unknown_market", &[])),
        (BacktestError::Empty, refused(422, "invalid_field", &["until"])),
        (BacktestError::TooLong, refused(422, "invalid_field", &["until"])),
        (BacktestError::NoCandles("BINANCE".parse().unwrap()), refused(422, "invalid_field", &["candles"])),
        (BacktestError::NoMore(NoMore::AtOnce), refused(409, "too_many_backtests", &[])),
        (BacktestError::NoMore(NoMore::Today), refused(409, "too_many_backtests", &[])),
        (BacktestError::NoMore(NoMore::AmongAll(3)), refused(409, "too_many_backtests", &[])),
        (BacktestError::NotDone(id), refused(409, "not_done", &[])),
        (BacktestError::Gone, refused(404, "not_found", &[])),
        (BacktestError::TooLarge, refused(409, "result_too_large", &[])),
        (BacktestError::TooLargePacked, refused(409, "result_too_large", &[])),
        (BacktestError::Compared, refused(422, "invalid_field", &["ids"])),
        (BacktestError::Contended, refused(409, "contended", &[])),
        (BacktestError::Store(unavailable()), refused(503, "unavailable", &[])),
        (BacktestError::Store(unreadable()), refused(500, "internal", &[])),
    ] {
        assert_eq!(said(&problem::backtest(refusal.clone())), expected, "{refusal:?}");
    }
}
