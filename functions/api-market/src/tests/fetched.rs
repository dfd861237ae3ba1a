//! Who wants which series fetched, and how whole they are.

use super::market_data::{BTC, LTC, READS, SOL, asked, keeping, knowing};
use super::series::*;
use super::*;
use app::ports::{Failing, SeriesMark, Wanting, Wish};
use app::series::SeriesError;
use domain::limits::{CHART_WANTS_FOR, CHARTS_PER_USER_MAX, SERIES_MAX, SERIES_PER_USER_MAX};
use domain::market::{CandleSpan, Interval};
use domain::series::{KeptCandle, Series};
use serde_json::json;
use store::market::Market as Kept;

/// For so long they want it already.
const SINCE: Timestamp = AT.minus(Millis::seconds(60));

/// From here on these wish for the series.
fn wish(api: &Api, by: &Wanting, all: impl IntoIterator<Item = Series>) {
    let until = Some(AT.plus(CHART_WANTS_FOR));
    let wish = |series| Wish { series, by: by.clone(), since: SINCE, until };
    let all: Vec<_> = all.into_iter().map(wish).collect();
    done(api, |world| async move {
        for wish in all {
            Kept(&world).keep_wish(&wish).await.unwrap();
        }
    });
}

/// So many that nothing else is about.
fn others(count: usize) -> impl Iterator<Item = Series> {
    let of = |coin: usize| Interval::ALL.map(|one| series(&format!("KRAKEN:C{coin}/USD"), one.as_str()));
    (0..).flat_map(of).take(count)
}

fn wishes(api: &Api) -> Vec<Wish> {
    done(api, |world| async move { Kept(&world).list_wishes().await.unwrap() })
}

#[test]
fn whether_a_series_is_fetched_stands_beside_what_is_kept_of_it() {
    let api = keeping(BTC, "1h", 30);
    keep(&api, &series(LTC, "1h"), (30, "2025-11-20T08:00:00Z"), still);
    wish(&api, &Wanting::List(eve()), [series(BTC, "1h")]);
    // Ann looks at so many that no other is fetched because of her.
    wish(&api, &Wanting::Chart(ann()), others(CHARTS_PER_USER_MAX));
    for (symbol, is_fetched, items) in [("BTCUSDT", true, 30), ("LTCUSDT", false, 30), ("ETHUSDT", false, 0)] {
        let (_, _, told) = asked(&api, "GET", &format!("?symbol={symbol}"));
        assert_eq!(told["fetched"], json!(is_fetched), "{symbol}");
        assert_eq!(told["items"].as_array().unwrap().len(), items, "{symbol}");
    }
    for (symbol, is_fetched) in [("BTCUSDT", true), ("LTCUSDT", false)] {
        for path in ["/latest", "/indicators"] {
            let (status, _, told) = asked(&api, "GET", &format!("{path}?symbol={symbol}"));
            assert_eq!((status, &told["fetched"]), (StatusCode::OK, &json!(is_fetched)), "{path} {symbol}");
        }
    }
    let (status, _, problem) = asked(&api, "GET", "/latest?symbol=ETHUSDT");
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_fetched")));
    assert!(problem["detail"].as_str().unwrap().contains("put it on your list"), "{problem}");
    assert_eq!(wishes(&api).len(), 1 + CHARTS_PER_USER_MAX);
}

#[test]
fn whoever_looks_at_a_series_has_it_fetched_for_an_hour() {
    let api = keeping(LTC, "1h", 30);
    for _ in 0..2 {
        let (_, _, told) = asked(&api, "GET", "?symbol=LTCUSDT");
        assert_eq!(told["fetched"], json!(true));
    }
    let until = Some(AT.plus(Millis::seconds(3_600)));
    let wish = Wish { series: series(LTC, "1h"), by: Wanting::Chart(ann()), since: AT, until };
    assert_eq!(wishes(&api), [wish]);
    // Where nobody can be told, what is kept is shown all the same.
    let api = keeping(LTC, "1h", 30);
    api.store.set_down("query WISHES", true);
    let (status, _, told) = asked(&api, "GET", "?symbol=LTCUSDT");
    assert_eq!((status, &told["fetched"]), (StatusCode::OK, &json!(false)));
    let (status, _, problem) = asked(&api, "GET", "?symbol=ETHUSDT");
    assert_eq!((status.as_u16(), &problem["code"]), (503, &json!("unavailable")));
}

/// Minutes from 08:00 to 08:40. The first two are before all, nobody has traded in the sixth, and the eighth is still asked for. Three
/// were kept long after they had closed, two a minute after, and others within seconds. At the end the venue is away.
fn gappy(api: &Api) {
    let series = series(BTC, "1m");
    let span = CandleSpan::between(series.interval, at("2025-11-20T08:00:00Z"), at("2025-11-20T08:40:00Z"));
    let late = |number: usize| match number {
        2..5 => 900,
        10 => 70,
        11 => 71,
        _ => 8,
    };
    let kept = |(number, opens_at)| {
        let plain = still(series.interval, opens_at);
        KeptCandle { kept_at: plain.kept_at.plus(Millis::seconds(late(number))), ..plain }
    };
    let there = span.opens().enumerate().filter(|(number, _)| ![0, 1, 5, 7].contains(number));
    keep_these(api, &series, there.map(kept).collect());
    let detail = "the venue cannot be read now: away".to_owned();
    let mark = SeriesMark {
        asked_to: Some(span.end()),
        settled_to: Some(at("2025-11-20T08:07:00Z")),
        failing: Some(Failing { since: span.end(), detail }),
        ..SeriesMark::default()
    };
    let kept =
        done(api, |world| async move { Kept(&world).keep_series_mark(&series, &mark.changed(), 0).await.unwrap() });
    assert!(kept);
}

#[test]
fn what_is_missing_is_told_with_why_and_how_late_candles_came() {
    let api = knowing();
    gappy(&api);
    wish(&api, &Wanting::List(eve()), [series(BTC, "1m")]);
    let query = "?symbol=BTCUSDT&timeframe=1m&start_time=2025-11-20T08:00:00Z&end_time=2025-11-20T08:40:00Z";
    let (status, _, told) = asked(&api, "GET", &format!("/gaps{query}"));
    assert_eq!(status, StatusCode::OK, "{told}");
    let gap = |from: &str, to: &str, candles: u32, kind: &str| {
        let at = |time: &str| format!("2025-11-20T{time}:00Z");
        json!({"start_time": at(from), "end_time": at(to), "candles": candles, "kind": kind})
    };
    let gaps =
        [gap("08:00", "08:02", 2, "before"), gap("08:05", "08:06", 1, "silent"), gap("08:07", "08:08", 1, "open")];
    assert_eq!((&told["items"], &told["fetched"], &told["next_cursor"]), (&json!(gaps), &json!(true), &Value::Null));
    let (_, _, told) = asked(&api, "GET", &format!("/stats{query}"));
    let counts = ["expected", "candles", "silent", "missing", "before"].map(|name| told[name].as_u64().unwrap());
    assert_eq!(counts, [40, 36, 1, 1, 2]);
    assert_eq!((&told["oldest"], &told["newest"]), (&json!("2025-11-20T08:02:00Z"), &json!("2025-11-20T08:39:00Z")));
    assert_eq!(told["caught_up"], 3);
    assert_eq!(told["freshness"], json!({"candles": 33, "p50_seconds": 8, "p95_seconds": 70, "max_seconds": 71}));
    let failing = json!({"since": "2025-11-20T08:40:00Z", "detail": "the venue cannot be read now: away"});
    assert_eq!(told["failing"], failing);
    for path in ["/gaps?symbol=BTC", "/stats?timeframe=1m"] {
        let (status, _, problem) = asked(&api, "GET", path);
        assert_eq!((status, &problem["fields"][0]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("symbol")), "{path}");
    }
    assert_eq!(wishes(&api).len(), 1, "nobody wants it because of these questions");
}

#[test]
fn what_nobody_wants_is_told_as_it_was_left_and_page_by_page() {
    let api = knowing();
    gappy(&api);
    let (_, _, told) =
        asked(&api, "GET", "/stats?symbol=BTCUSDT&timeframe=1m&end_time=2025-11-20T08:40:00Z&limit=1001");
    assert_eq!((&told["fetched"], &told["failing"], &told["limit"]), (&json!(false), &Value::Null, &json!(1_000)));
    let page = "/gaps?symbol=BTCUSDT&timeframe=1m&limit=6";
    let (_, _, told) = asked(&api, "GET", &format!("{page}&start_time=2025-11-20T08:02:00Z"));
    let gaps = told["items"].as_array().unwrap();
    assert_eq!((gaps.len(), &told["next_cursor"]), (2, &json!("2025-11-20T08:08:00Z")));
    let (_, _, told) = asked(&api, "GET", &format!("{page}&cursor=2025-11-20T08:08:00Z"));
    assert_eq!((&told["items"], &told["next_cursor"]), (&json!([]), &json!("2025-11-20T08:14:00Z")));
    // What was kept of a market stays to be seen once it is listed no more.
    api.store.take_market(&market(BTC));
    assert_eq!(asked(&api, "GET", page).0, StatusCode::OK);
    let (status, _, told) = asked(&api, "GET", "?symbol=BTCUSDT&timeframe=1m&limit=60");
    assert_eq!((status, told["items"].as_array().unwrap().len()), (StatusCode::OK, 36));
}

#[test]
fn a_list_is_looked_at_and_changed_by_its_owner() {
    let api = knowing();
    wish(&api, &Wanting::List(ann()), [series(BTC, "1m")]);
    wish(&api, &Wanting::List(eve()), [series(LTC, "1m")]);
    let (status, _, told) = asked(&api, "GET", "/symbols");
    assert_eq!((status, &told["items"][0]["timeframe"]), (StatusCode::OK, &json!("1m")));
    assert_eq!(told["items"].as_array().unwrap().len(), 1, "Eve's is her own");
    let (status, _, told) = asked(&api, "PUT", "/symbols?symbol=SOLUSDT&exchange=KRAKEN&timeframe=15m");
    assert_eq!((status, &told["symbol"], &told["exchange"]), (StatusCode::OK, &json!("SOL/USDT"), &json!("KRAKEN")));
    assert_eq!((&told["timeframe"], &told["since"]), (&json!("15m"), &json!("2025-11-20T08:51:00Z")));
    let listed = |api: &Api| {
        let (_, _, told) = asked(api, "GET", "/symbols");
        let of = |one: &Value| format!("{}:{}", one["exchange"].as_str().unwrap(), one["symbol"].as_str().unwrap());
        told["items"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(listed(&api), [BTC, "KRAKEN:SOL/USDT"]);
    let (status, ..) = asked(&api, "DELETE", "/symbols?symbol=SOLUSDT&exchange=KRAKEN&timeframe=15m");
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, ..) = asked(&api, "DELETE", "/symbols?symbol=SOLUSDT");
    assert_eq!(status, StatusCode::NO_CONTENT, "what does not stand there");
    assert_eq!(listed(&api), [BTC]);
    let (status, _, problem) = asked(&api, "PUT", "/symbols?symbol=XRPUSDT");
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("unknown_market")));
    for (method, scopes) in [("GET", "accounts:write"), ("PUT", READS), ("DELETE", READS)] {
        let path = "/api/v1/market-data/symbols?symbol=BTCUSDT";
        let path = if method == "GET" { "/api/v1/market-data/symbols" } else { path };
        let (status, ..) = ask(&api, method, path, scopes, "");
        assert_eq!(status, StatusCode::FORBIDDEN, "{method}");
    }
}

#[test]
fn a_list_has_an_end_and_so_has_what_all_lists_want() {
    let put = |api: &Api, symbol: &str, timeframe: &str| {
        let (status, _, told) = asked(api, "PUT", &format!("/symbols?symbol={symbol}&timeframe={timeframe}"));
        (status.as_u16(), told["code"].as_str().unwrap_or_default().to_owned())
    };
    let (taken, refused) = ((200, String::new()), (409, "too_many_series".to_owned()));
    let api = knowing();
    wish(&api, &Wanting::List(ann()), others(SERIES_PER_USER_MAX - 1));
    assert_eq!(put(&api, "BTCUSDT", "1m"), taken);
    assert_eq!(put(&api, "ETHUSDT", "1h"), refused);
    assert_eq!(put(&api, "BTCUSDT", "1m"), taken, "it stands there");
    let api = knowing();
    wish(&api, &Wanting::List(ann()), [series(BTC, "1m")]);
    wish(&api, &Wanting::List(eve()), others(SERIES_MAX - 1));
    assert_eq!(put(&api, "ETHUSDT", "1h"), refused);
    assert_eq!(put(&api, "BTCUSDT", "1m"), taken);
}

#[test]
fn whoever_does_research_and_trades_nothing_keeps_a_list_too() {
    let (api, path) = (knowing(), "/api/v1/market-data/symbols?symbol=SOLUSDT");
    for (method, told, left) in
        [("PUT", StatusCode::OK, vec![series(SOL, "1h")]), ("DELETE", StatusCode::NO_CONTENT, vec![])]
    {
        let (status, ..) = ask(&api, method, path, "trading:read+research:write", "");
        assert_eq!(status, told, "{method}");
        assert_eq!(wishes(&api).into_iter().map(|wish| wish.series).collect::<Vec<_>>(), left);
    }
}

#[test]
fn each_refusal_of_a_series_has_its_own_answer() {
    for (refusal, expected) in [
        (SeriesError::UnknownMarket(market(BTC)), refused(404, "unknown_market", &[])),
        (SeriesError::TooMany, refused(409, "too_many_series", &[])),
        (SeriesError::TooManyOfAll, refused(409, "too_many_series", &[])),
        (SeriesError::Store(unavailable()), refused(503, "unavailable", &[])),
        (SeriesError::Store(unreadable()), refused(500, "internal", &[])),
    ] {
        assert_eq!(said(&problem::series(refusal.clone())), expected, "{refusal:?}");
    }
}
