//! Older candles that somebody asks for.

use super::series::*;
use super::*;
use app::backfills::{self, BackfillError, Wanted};
use domain::ids::BackfillId;
use domain::limits::{BACKFILLS_MAX, BACKFILLS_PER_DAY_MAX, BACKFILLS_PER_USER_MAX};
use domain::market::{CandleSpan, Interval};
use domain::series::{Backfill, BackfillState};
use serde_json::json;
use store::market::Market as Kept;

const READS: &str = "trading:read";
const RESEARCHES: &str = "trading:read+research:write";
const EVE_RESEARCHES: &str = "eve+trading:read+research:write";

const BTC: &str = "BINANCE:BTC/USDT";
const SOL: &str = "BINANCE:SOL/USDT";

/// Some markets are known, and nobody has asked for anything yet.
fn knowing() -> Api {
    let api = fresh();
    list_markets(&api, &[BTC, SOL]);
    api
}

/// Somebody has begun one, so many seconds ago.
fn begun(api: &Api, user: &UserId, name: &str, seconds: i64) -> Backfill {
    let now = AT.minus(Millis::seconds(seconds));
    let (since, until) = (at("2025-11-01T12:30:00Z"), at("2025-11-01T22:30:00Z"));
    // Each of its own hour: the same would be the same.
    let since = since.plus(Interval::OneMinute.times(u32::try_from(seconds % 300).unwrap()));
    let wanted = Wanted { series: series(BTC, "1m"), since, until };
    let (user, attempt) = (user.clone(), AttemptId::new(name));
    done(api, |world| async move { backfills::start(&world, wanted, &user, &attempt, now).await.unwrap() })
}

/// One that has gone on.
fn kept(api: &Api, after: Backfill) -> Backfill {
    let kept = after.clone();
    let was_first =
        done(api, |world| async move { Kept(&world).keep_backfill(&kept, kept.version - 1).await.unwrap() });
    assert!(was_first);
    after
}

/// Of Ann's one has brought 450 of 600 minutes, and then failed once; she has begun another one a minute before.
fn with_two() -> (Api, [Backfill; 2]) {
    let api = knowing();
    let earlier = begun(&api, &ann(), "earlier", 3_660);
    let one = begun(&api, &ann(), "one", 3_600);
    let page = CandleSpan::between(Interval::OneMinute, at("2025-11-01T15:00:00Z"), one.until);
    let one = kept(&api, one.having_asked(&page, 450, 2, AT.minus(Millis::seconds(90))));
    let one = kept(&api, one.having_failed("BINANCE does not answer".to_owned(), AT.minus(Millis::seconds(30))));
    (api, [one, earlier])
}

fn asked(api: &Api, method: &str, rest: &str, scopes: &str) -> (StatusCode, HeaderMap, Value) {
    ask(api, method, &format!("/api/v1/market-data/backfill{rest}"), scopes, "")
}

fn find(api: &Api, id: &Value) -> Backfill {
    let id = BackfillId::parse(id.as_str().unwrap()).unwrap();
    done(api, |world| async move { Kept(&world).load_backfill(&id).await.unwrap().unwrap() })
}

#[test]
fn what_is_asked_for_is_begun_and_shown_where_the_answer_says() {
    let api = knowing();
    let query = "?symbol=BTCUSDT&timeframe=1m&since=2025-11-01T00:00:00Z&until=2025-11-02T00:00:00Z";
    let (status, headers, told) = asked(&api, "POST", query, RESEARCHES);
    assert_eq!((status, &told["state"], &told["percent"]), (StatusCode::ACCEPTED, &json!("running"), &json!(0)));
    assert_eq!(
        (&told["start_date"], &told["end_date"]),
        (&json!("2025-11-01T00:00:00Z"), &json!("2025-11-02T00:00:00Z"))
    );
    let id = told["id"].as_str().unwrap();
    let location = headers["location"].to_str().unwrap();
    assert_eq!(location, format!("/api/v1/market-data/backfill/{id}"));
    let (status, _, shown) = ask(&api, "GET", location, READS, "");
    assert_eq!((status, &shown), (StatusCode::OK, &told));
    let found = find(&api, &told["id"]);
    assert_eq!((found.span().count(), found.by, found.series), (1_440, ann(), series(BTC, "1m")));
    let (_, _, again) = asked(&api, "POST", query, RESEARCHES);
    assert_eq!(again, told, "the same that goes on");
    let (_, _, told) = asked(&api, "POST", "?symbol=BTCUSDT&start_date=2025-11-01T00:00:00Z", RESEARCHES);
    assert_eq!(told["timeframe"], json!("1h"));
    assert_eq!(told["end_date"], json!("2025-11-20T08:00:00Z"), "until now");
}

#[test]
fn it_ends_beside_what_is_kept() {
    let api = knowing();
    keep(&api, &series(BTC, "1h"), (48, "2025-11-20T00:00:00Z"), still);
    let query = "?symbol=BTCUSDT&since=2025-11-01T00:00:00Z&until=2025-11-02T00:00:00Z";
    let (_, _, told) = asked(&api, "POST", query, RESEARCHES);
    assert_eq!(told["end_date"], json!("2025-11-18T00:00:00Z"));
}

#[test]
fn one_is_looked_at_and_called_off_by_its_owner() {
    let (api, [one, _]) = with_two();
    let rest = format!("/{}", one.id);
    let (status, _, told) = asked(&api, "GET", &rest, READS);
    assert_eq!(
        (status, &told["percent"], &told["detail"]),
        (StatusCode::OK, &json!(75), &json!("BINANCE does not answer"))
    );
    assert_eq!((&told["candles"], &told["corrected"]), (&json!(450), &json!(2)));
    let (_, _, list) = asked(&api, "GET", "", READS);
    assert_eq!(list["items"][0], told);
    for method in ["GET", "DELETE"] {
        let (status, _, problem) = asked(&api, method, &rest, EVE_RESEARCHES);
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{method}: Eve");
    }
    let (_, _, list) = asked(&api, "GET", "", EVE_RESEARCHES);
    assert_eq!(list["items"], json!([]));
    let (status, _, told) = asked(&api, "DELETE", &rest, RESEARCHES);
    assert_eq!((status, &told["state"]), (StatusCode::OK, &json!("cancelled")));
    let ended = find(&api, &told["id"]);
    assert_eq!((ended.state, ended.version, ended.updated_at), (BackfillState::Cancelled, one.version + 1, AT));
    let (status, _, again) = asked(&api, "DELETE", &rest, RESEARCHES);
    assert_eq!((status, again), (StatusCode::OK, told), "it stays as it ended");
    for method in ["GET", "DELETE"] {
        for rest in ["/bfl_nobodys", "/nothing"] {
            let (status, _, problem) = asked(&api, method, rest, RESEARCHES);
            assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{method} {rest}");
        }
    }
    for (method, rest) in [("POST", "?symbol=BTCUSDT&since=2025-11-01T00:00:00Z"), ("DELETE", &rest)] {
        assert_eq!(asked(&api, method, rest, READS).0, StatusCode::FORBIDDEN, "{method}");
    }
}

#[test]
fn ones_backfills_are_told_newest_first_on_one_page_and_on_several() {
    let (api, both) = with_two();
    let both = both.map(|backfill| json!(backfill.id.to_string()));
    let (_, _, list) = asked(&api, "GET", "", READS);
    assert_eq!([&list["items"][0]["id"], &list["items"][1]["id"]], [&both[0], &both[1]]);
    let (_, _, first) = asked(&api, "GET", "?limit=1", READS);
    assert_eq!((first["items"].as_array().unwrap().len(), &first["items"][0]["id"]), (1, &both[0]));
    let cursor = first["next_cursor"].as_str().unwrap();
    let (_, _, second) = asked(&api, "GET", &format!("?limit=1&cursor={cursor}"), READS);
    assert_eq!((&second["items"][0]["id"], &second["next_cursor"]), (&both[1], &Value::Null));
}

#[test]
fn what_is_wrong_of_a_backfill_is_named() {
    let api = knowing();
    for (rest, field) in [
        ("?since=2025-11-01T00:00:00Z", "symbol"),
        ("?symbol=BTCUSDT", "since"),
        ("?symbol=BTCUSDT&since=yesterday", "since"),
        ("?symbol=BTCUSDT&since=2099-01-01T00:00:00Z", "since"),
        ("?symbol=BTCUSDT&since=2020-01-01T00:00:00Z", "since"),
        ("?symbol=BTCUSDT&since=2025-11-02T00:00:00Z&until=2025-11-01T00:00:00Z", "until"),
        ("?symbol=BTCUSDT&since=2025-11-01T00:10:00Z&until=2025-11-01T00:20:00Z", "until"),
        ("?symbol=BTCUSDT&since=2025-11-01T00:00:00Z&limit=3", "limit"),
        ("?symbol=BTCUSDT&start_date=yesterday", "start_date"),
        ("?symbol=BTCUSDT&since=2025-11-01&start_date=2025-11-01", "start_date"),
    ] {
        let (status, _, problem) = asked(&api, "POST", rest, RESEARCHES);
        let found = (status, &problem["fields"][0]);
        assert_eq!(found, (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{rest} {problem}");
    }
    let (status, _, problem) = asked(&api, "POST", "?symbol=XRPUSDT&since=2025-11-01T00:00:00Z", RESEARCHES);
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("unknown_market")));
    let (_, _, list) = asked(&api, "GET", "", READS);
    assert_eq!(list["items"], json!([]), "none was begun");
}

#[test]
fn so_many_go_on_at_once_and_so_many_begin_in_a_day() {
    let check = |api: &Api, said: &str| {
        let (status, _, problem) = asked(api, "POST", "?symbol=SOLUSDT&since=2025-11-01T00:00:00Z", RESEARCHES);
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("too_many_backfills")), "{said}");
        assert!(problem["detail"].as_str().unwrap().contains(said), "{problem}");
    };
    let api = knowing();
    let own = i64::try_from(BACKFILLS_PER_USER_MAX).unwrap();
    let going: Vec<_> = (0..own).map(|number| begun(&api, &ann(), &number.to_string(), number)).collect();
    check(&api, "wait for one, or call one off");
    asked(&api, "DELETE", &format!("/{}", going[0].id), RESEARCHES);
    let (status, ..) = asked(&api, "POST", "?symbol=SOLUSDT&since=2025-11-01T00:00:00Z", RESEARCHES);
    assert_eq!(status, StatusCode::ACCEPTED, "there is room");

    let api = knowing();
    for number in 0..i64::try_from(BACKFILLS_PER_DAY_MAX).unwrap() {
        let one = begun(&api, &ann(), &number.to_string(), number);
        kept(&api, one.ended(BackfillState::Done, None, AT));
    }
    check(&api, "within a day");

    let api = knowing();
    for number in 0..i64::try_from(BACKFILLS_MAX).unwrap() {
        begun(&api, &UserId::of(&[&number.to_string()]), "one", number);
    }
    check(&api, "of all users");
}

#[test]
fn each_refusal_of_a_backfill_has_its_own_answer() {
    for (refusal, expected) in [
        (BackfillError::NoBackfill, refused(404, "not_found", &[])),
        (BackfillError::UnknownMarket(market(BTC)), refused(404, "unknown_market", &[])),
        (BackfillError::TooOld(AT), refused(422, "invalid_field", &["since"])),
        (BackfillError::Empty, refused(422, "invalid_field", &["until"])),
        (BackfillError::TooLong, refused(422, "invalid_field", &["until"])),
        (BackfillError::TooMany, refused(409, "too_many_backfills", &[])),
        (BackfillError::TooManyToday, refused(409, "too_many_backfills", &[])),
        (BackfillError::TooManyOfAll, refused(409, "too_many_backfills", &[])),
        (BackfillError::Contended, refused(409, "contended", &[])),
        (BackfillError::Store(unavailable()), refused(503, "unavailable", &[])),
        (BackfillError::Store(unreadable()), refused(500, "internal", &[])),
    ] {
        assert_eq!(said(&problem::backfill(refusal.clone())), expected, "{refusal:?}");
    }
}
