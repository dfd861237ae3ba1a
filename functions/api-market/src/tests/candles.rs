//! Candles as `key-check` tells them.

use super::series::{market, refused, said, unavailable, unreadable};
use super::*;
use app::candles::{Untold, WantedCandles};
use serde_json::json;
use wire::key_check::Refused;
use wire::view::{Candle, Candles};

const PATH: &str = "/api/v1/markets";
const READS: &str = "trading:read";

fn candle(opens_at: &str, closed: bool) -> Candle {
    let text = str::to_owned;
    let (open, high, low, close) = (text("64250.1"), text("64300"), text("64200.25"), text("64250.2"));
    Candle {
        opens_at: wire::view::time(wire::view::moment(opens_at).unwrap()),
        open,
        high,
        low,
        close,
        volume: text("12.5"),
        closed,
    }
}

/// Two hours, of which the second goes on.
fn told() -> Candles {
    let items = vec![candle("2026-01-31T11:00:00Z", true), candle("2026-01-31T12:00:00Z", false)];
    Candles { exchange: "BINANCE".into(), symbol: "BTC/USDT".into(), timeframe: "1h".into(), items }
}

/// Where `key-check` answers all questions so.
fn api(said: KeyChecked) -> Api {
    let api = fresh();
    api.checks.say(said);
    api
}

fn refusing(code: &str) -> KeyChecked {
    KeyChecked::Refused(Refused { code: code.to_owned(), detail: format!("{code}, it says") })
}

fn get(api: &Api, rest: &str) -> (StatusCode, HeaderMap, Value) {
    ask(api, "GET", &format!("{PATH}/{rest}"), READS, "")
}

/// What `key-check` was asked last.
fn question(api: &Api) -> Value {
    serde_json::to_value(api.checks.asked().last().unwrap()).unwrap()
}

#[test]
fn candles_are_decimals_as_texts_and_the_open_one_is_marked() {
    let (status, headers, told) = get(&api(KeyChecked::Candles(told())), "BINANCE:BTCUSDT/candles");
    assert_eq!((status, &headers["cache-control"]), (StatusCode::OK, &"private, max-age=5".parse().unwrap()));
    assert_eq!(
        told["items"][0],
        json!({
            "opens_at": "2026-01-31T11:00:00Z", "open": "64250.1", "high": "64300", "low": "64200.25",
            "close": "64250.2", "volume": "12.5", "closed": true,
        })
    );
    assert_eq!(told["items"][1]["closed"], json!(false));
    let of = ["exchange", "symbol", "timeframe"].map(|name| told[name].as_str().unwrap());
    assert_eq!(of, ["BINANCE", "BTC/USDT", "1h"]);
}

#[test]
fn what_is_misnamed_is_not_answered_with_something_else() {
    let api = api(KeyChecked::Candles(told()));
    let (status, _, problem) = get(&api, "BINANCE:BTCUSDT/candles?interval=7m");
    assert_eq!(
        (status.as_u16(), &problem["code"], &problem["field"]),
        (422, &json!("invalid_field"), &json!("interval"))
    );
    let detail = "interval is not a query parameter of this route, which takes timeframe, since, limit";
    assert_eq!(problem["detail"], detail);
    assert_eq!(api.checks.asked(), []);
}

#[test]
fn what_is_asked_for_is_read_from_the_path_and_the_query() {
    let api = api(KeyChecked::Candles(told()));
    let check = |rest: &str, [exchange, symbol, timeframe]: [&str; 3], limit: u32, since: Value| {
        let (status, _, told) = get(&api, rest);
        assert_eq!(status, StatusCode::OK, "{rest} {told}");
        let mut question = question(&api);
        let trace = question.as_object_mut().unwrap().remove("trace").unwrap();
        assert_eq!(trace.as_str().unwrap().len(), 32, "that of the request");
        let mut expected = json!({
            "v": 1, "type": "candles", "exchange": exchange, "symbol": symbol, "timeframe": timeframe, "limit": limit,
        });
        if !since.is_null() {
            expected["since"] = since;
        }
        assert_eq!(question, expected, "{rest}");
    };
    check("binance:BTC-USDT/candles", ["BINANCE", "BTC/USDT", "1h"], 100, Value::Null);
    check("BINANCE:BTCUSDT.P/candles", ["BINANCEUSDM", "BTC/USDT:USDT", "1h"], 100, Value::Null);
    check("BINANCE:BTC_USDT/candles?timeframe=1m&limit=1000", ["BINANCE", "BTC/USDT", "1m"], 1_000, Value::Null);
    check("BINANCE:BTC-USDT.P/candles", ["BINANCEUSDM", "BTC/USDT:USDT", "1h"], 100, Value::Null);
    check("BINANCEUSDM:BTC-USDT/candles", ["BINANCEUSDM", "BTC/USDT:USDT", "1h"], 100, Value::Null);
    check(
        "PAPER:BTCUSDT/candles?timeframe=4h&limit=1&since=2023-11-14T22:13:20Z",
        ["PAPER", "BTC/USDT", "4h"],
        1,
        json!(1_700_000_000_000_i64),
    );
}

#[test]
fn what_is_wrong_is_named() {
    let api = api(KeyChecked::Candles(told()));
    let at = "BINANCE:BTCUSDT/candles";
    for (rest, field) in [
        ("BTCUSDT/candles".to_owned(), "market"),
        ("BINANCE:BTC/candles".to_owned(), "market"),
        ("B%20B:BTCUSDT/candles".to_owned(), "market"),
        (format!("{at}?timeframe=7m"), "timeframe"),
        (format!("{at}?timeframe=1h&timeframe=1h&timeframe="), "timeframe"),
        (format!("{at}?limit=0"), "limit"),
        (format!("{at}?limit=1001"), "limit"),
        (format!("{at}?limit=-1"), "limit"),
        (format!("{at}?limit=99999999999"), "limit"),
        (format!("{at}?since=yesterday"), "since"),
        (format!("{at}?since=1969-12-31T23:59:59Z"), "since"),
    ] {
        let (status, _, problem) = get(&api, &rest);
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{rest} {problem}");
    }
    assert_eq!(api.checks.asked(), []);
}

#[test]
fn why_nothing_is_told_has_a_word_of_its_own() {
    let of_part = json!(["timeframe", "since", "limit"]);
    for (said, status, code, fields) in [
        (refusing("candles_not_told"), 422, "candles_not_told", &of_part),
        (refusing("venue_unavailable"), 503, "venue_unavailable", &Value::Null),
        (refusing("unknown_market"), 404, "unknown_market", &Value::Null),
        (refusing("of_tomorrow"), 503, "unavailable", &Value::Null),
        (KeyChecked::Refreshed(Default::default()), 503, "unavailable", &Value::Null),
    ] {
        let (told, headers, problem) = get(&api(said), "KRAKEN:BTCUSD/candles");
        assert_eq!((told.as_u16(), &problem["code"], &problem["fields"]), (status, &json!(code), fields), "{problem}");
        assert_eq!(headers["cache-control"], "no-store", "a refusal is not kept");
    }
    let nobody_answers = fresh();
    let (status, _, problem) = get(&nobody_answers, "KRAKEN:BTCUSD/candles");
    assert_eq!((status.as_u16(), &problem["code"]), (503, &json!("unavailable")));
    let path = format!("{PATH}/BINANCE:BTCUSDT/candles");
    let api = api(KeyChecked::Candles(told()));
    assert_eq!(ask(&api, "GET", &path, "accounts:write", "").0, StatusCode::FORBIDDEN);
    assert_eq!(ask(&api, "GET", &path, "", "").0, StatusCode::UNAUTHORIZED);
    assert_eq!(api.checks.asked(), []);
}

#[test]
fn each_reason_why_nothing_is_told_has_its_own_answer() {
    for (untold, expected) in [
        (Untold::UnknownMarket(market("KRAKEN:BTC/USD")), refused(404, "unknown_market", &[])),
        (
            Untold::NotTold("the last 720".to_owned()),
            refused(422, "candles_not_told", &["timeframe", "since", "limit"]),
        ),
        (Untold::VenueAway("no answer".to_owned()), refused(503, "venue_unavailable", &[])),
        (Untold::Store(unavailable()), refused(503, "unavailable", &[])),
        (Untold::Store(unreadable()), refused(500, "internal", &[])),
    ] {
        assert_eq!(said(&problem::candles(untold.clone())), expected, "{untold:?}");
    }
}

#[test]
fn key_check_is_asked_and_its_words_are_kept() {
    let market = market("KRAKEN:BTC/USD");
    let wanted = WantedCandles { market: market.clone(), interval: "4h".parse().unwrap(), since: Some(AT), limit: 7 };
    let asked = |said: KeyChecked| {
        let (api, wanted) = (api(said), wanted.clone());
        let checks = api.checks.clone();
        let told = done(&api, |_| async move { app::candles::ask(&checks, &wanted, "t1", AT).await });
        (told, question(&api))
    };
    let items = vec![candle("2026-01-31T12:00:00Z", false)];
    let shown = Candles { exchange: "KRAKEN".into(), symbol: "BTC/USD".into(), timeframe: "4h".into(), items };
    let (told, question) = asked(KeyChecked::Candles(shown.clone()));
    assert_eq!(told, Ok(shown));
    let expected = json!({
        "v": 1, "trace": "t1", "type": "candles", "exchange": "KRAKEN", "symbol": "BTC/USD", "timeframe": "4h",
        "since": AT.millis(), "limit": 7,
    });
    assert_eq!(question, expected);
    for untold in [
        Untold::UnknownMarket(market),
        Untold::NotTold("the last 720".to_owned()),
        Untold::VenueAway("no answer".to_owned()),
    ] {
        let refused = Refused { code: untold.code().to_owned(), detail: untold.to_string() };
        assert_eq!(asked(KeyChecked::Refused(refused)).0, Err(untold));
    }
    assert!(matches!(asked(refusing("of_tomorrow")).0, Err(Untold::Store(_))));
}
