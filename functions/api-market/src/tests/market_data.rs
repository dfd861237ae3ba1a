//! Candles that are kept, with what is reckoned of them.

use super::series::*;
use super::*;
use crate::reckoned::NAMES;
use domain::limits::INDICATORS_OVER;
use domain::series::{Month, Series};
use serde_json::json;
use store::market::{Market as Kept, PackedMonths};

pub(super) const READS: &str = "trading:read";
const WRITES: &str = "trading:read+trading:write";

pub(super) const BTC: &str = "BINANCE:BTC/USDT";
const BTC_CONTRACTS: &str = "BINANCEUSDM:BTC/USDT:USDT";
/// Its prices jump, those of others stand still.
pub(super) const SOL: &str = "BINANCE:SOL/USDT";
const SOL_AT_KRAKEN: &str = "KRAKEN:SOL/USDT";
const ADA: &str = "BINANCE:ADA/USDT";
pub(super) const LTC: &str = "BINANCE:LTC/USDT";
/// Nothing was ever fetched of it.
const ETH: &str = "BINANCE:ETH/USDT";
/// As many as one page has, with those over which its indicators are reckoned.
const MANY: u32 = 1_000 + INDICATORS_OVER;

/// Some markets are known, and nothing is kept of them.
pub(super) fn knowing() -> Api {
    let api = fresh();
    list_markets(&api, &[BTC, BTC_CONTRACTS, SOL, SOL_AT_KRAKEN, ADA, LTC, ETH]);
    api
}

/// So many candles of one series are kept, up to the newest that is told by now.
pub(super) fn keeping(named: &str, timeframe: &str, count: u32) -> Api {
    let api = knowing();
    let candle = if named == SOL { jumping } else { still };
    keep(&api, &series(named, timeframe), (count, "2025-11-20T08:50:00Z"), candle);
    api
}

pub(super) fn asked(api: &Api, method: &str, rest: &str) -> (StatusCode, HeaderMap, Value) {
    let scopes = if method == "GET" { READS } else { WRITES };
    ask(api, method, &format!("/api/v1/market-data{rest}"), scopes, "")
}

/// For how many seconds a client caches the answer.
fn kept_for(headers: &HeaderMap) -> u32 {
    let kept = headers["cache-control"].to_str().unwrap();
    kept.strip_prefix("private, max-age=").unwrap().parse().unwrap()
}

#[test]
fn candles_come_with_their_indicators_and_the_next_page_with_its_cursor() {
    let api = keeping(BTC, "1m", MANY);
    let (status, headers, told) =
        asked(&api, "GET", "?symbol=BTCUSDT&timeframe=1m&limit=3&end_time=2025-11-20T08:30:00Z");
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(headers["cache-control"], "private, max-age=3600");
    assert_eq!(
        (&told["exchange"], &told["symbol"], &told["timeframe"]),
        (&json!("BINANCE"), &json!("BTC/USDT"), &json!("1m"))
    );
    let item = told["items"][2].clone();
    assert_eq!(
        (&item["timestamp"], &item["close"], &item["closed"]),
        (&json!("2025-11-20T08:29:00Z"), &json!("86010"), &json!(true))
    );
    assert_eq!(item["indicators"]["EMA_200"], json!(86_010.0));
    assert_eq!(
        item["indicators"]["bollinger_bands"],
        json!({"upper": 86_010.0, "middle": 86_010.0, "lower": 86_010.0})
    );
    assert_eq!((told["items"].as_array().unwrap().len(), &told["next_cursor"]), (3, &Value::Null));
    let api = keeping(BTC, "1h", MANY);
    let (_, headers, told) =
        asked(&api, "GET", "?symbol=BTC-USDT&timeframe=1h&start_time=2025-11-01T00:00:00Z&limit=2");
    assert_eq!(
        (&told["next_cursor"], &headers["cache-control"]),
        (&json!("2025-11-01T02:00:00Z"), &"private, max-age=3600".parse().unwrap())
    );
    let (_, _, told) = asked(&api, "GET", "?symbol=BTC-USDT&cursor=2025-11-01T02:00:00Z&end_time=2025-11-01T04:00:00Z");
    assert_eq!(told["items"][0]["timestamp"], json!("2025-11-01T02:00:00Z"));
    assert_eq!((told["items"].as_array().unwrap().len(), &told["next_cursor"]), (2, &Value::Null));
}

fn sheet(api: &Api, query: &str) -> (HeaderMap, String) {
    let path = format!("/api/v1/market-data?format=csv&{query}");
    let (status, headers, sheet) = ask_for(api, "GET", &path, READS, "");
    assert_eq!(status, StatusCode::OK, "{sheet}");
    (headers, sheet)
}

#[test]
fn a_sheet_has_a_column_for_each_line_that_is_asked_for_and_names_its_next_page() {
    let api = keeping(BTC, "1h", MANY);
    let (headers, text) = sheet(
        &api,
        "symbol=BTCUSDT&timeframe=1h&start_time=2025-11-01T00:00:00Z&limit=2&indicators=EMA_50,MACD&indicators=SMA_20",
    );
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "time_ms,open,high,low,close,volume,macd,macd_signal,macd_histogram,ema_50,sma_20");
    assert_eq!(lines[1], "1761955200000,86012.1,86013.25,86001,86010,12.34567,0,0,0,86010,86010");
    assert_eq!(lines.len(), 3);
    let link = headers["link"].to_str().unwrap();
    let next = link.strip_prefix("<?").and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
    assert_eq!(
        next,
        "format=csv&symbol=BTCUSDT&timeframe=1h&limit=2&indicators=EMA_50,MACD&indicators=SMA_20&cursor=2025-11-01T02:00:00Z"
    );
    let (headers, text) =
        sheet(&api, &format!("{}&end_time=2025-11-01T04:00:00Z", next.strip_prefix("format=csv&").unwrap()));
    assert!(text.lines().nth(1).unwrap().starts_with("1761962400000,"), "{text}");
    assert_eq!((text.lines().count(), headers.get("link")), (3, None));
    let (_, text) = sheet(&api, "symbol=ETHUSDT&indicators=RSI_14");
    assert_eq!(text, "time_ms,open,high,low,close,volume,rsi_14\n");
}

#[test]
fn five_hundred_candles_with_all_indicators_are_less_than_150_kb_as_a_sheet() {
    let (_, text) = sheet(&keeping(BTC, "1m", MANY), "symbol=BTCUSDT&timeframe=1m&limit=500");
    assert_eq!((text.lines().count(), text.lines().next().unwrap().split(',').count()), (501, 18));
    // Prices that stand still are short: each of twelve lines takes ten digits and a point more at the most.
    let longest = text.len() + 500 * 12 * 12;
    assert!(longest < 150_000, "{longest}");
    let (_, text) = sheet(&keeping(SOL, "1m", MANY), "symbol=SOLUSDT&timeframe=1m&limit=500");
    assert_eq!(text.lines().count(), 501);
    assert!(text.len() < 150_000, "{}", text.len());
}

#[test]
fn rows_name_each_line_once_and_hold_what_candles_do() {
    let api = keeping(SOL, "1h", MANY);
    let query = "?symbol=SOLUSDT&timeframe=1h&start_time=2025-11-01T00:00:00Z&limit=2&indicators=MACD,EMA_50";
    let (_, _, items) = asked(&api, "GET", query);
    let (status, _, told) = asked(&api, "GET", &format!("{query}&format=rows"));
    assert_eq!(status, StatusCode::OK, "{told}");
    let columns = ["timestamp", "open", "high", "low", "close", "volume"];
    let lines = ["MACD.macd_line", "MACD.signal_line", "MACD.histogram", "EMA_50"];
    assert_eq!(told["columns"], json!([&columns[..], &lines[..]].concat()));
    for number in 0..2 {
        let (row, item) = (&told["rows"][number], &items["items"][number]);
        let of_item = columns.iter().map(|name| &item[*name]);
        let of_lines = lines.iter().map(|name| &item["indicators"][name.split('.').next().unwrap()]);
        let of_lines =
            of_lines.zip(lines).map(|(value, name)| name.split('.').nth(1).map_or(value, |line| &value[line]));
        let cells: Vec<_> = of_item.chain(of_lines).collect();
        assert!(cells.iter().all(|cell| !cell.is_null()), "{item}");
        assert_eq!(row, &json!(cells));
    }
    for name in ["exchange", "symbol", "timeframe", "fetched", "next_cursor"] {
        assert_eq!(told[name], items[name], "{name}");
    }
    assert_eq!((told["rows"].as_array().unwrap().len(), told.get("items")), (2, None));
    let (_, _, told) = asked(&api, "GET", "?symbol=SOLUSDT&limit=1001&format=rows&indicators=SMA_20");
    assert_eq!((&told["limit"], told["rows"].as_array().unwrap().len()), (&json!(1_000), 1_000));
}

/// Whoever asks for a time before it is not sent through empty pages either.
#[test]
fn the_first_candle_of_all_has_nothing_before_it() {
    let api = keeping(SOL, "1d", 30);
    let first = "?symbol=SOLUSDT&timeframe=1d&cursor=1970-01-01T00:00:00Z&limit=1&format=rows&indicators=SMA_20";
    let (_, _, told) = asked(&api, "GET", first);
    assert_eq!((&told["rows"][0][0], &told["rows"][0][6]), (&json!("2025-10-21T00:00:00Z"), &Value::Null));
    assert_eq!((&told["limit"], &told["next_cursor"]), (&Value::Null, &json!("2025-10-22T00:00:00Z")));
    let (_, _, told) = asked(&api, "GET", &first.replace("1970-01-01", "2025-11-09"));
    assert!(told["rows"][0][6].is_number(), "the twentieth: {told}");
}

#[test]
fn five_hundred_candles_with_all_indicators_are_less_than_150_kb_as_rows() {
    let path = "/api/v1/market-data?symbol=SOLUSDT&timeframe=1m&limit=500&format=rows";
    let (_, _, plain) = ask_for(&keeping(SOL, "1m", MANY), "GET", path, READS, "");
    let told: Value = serde_json::from_str(&plain).unwrap();
    let rows = told["rows"].as_array().unwrap();
    assert_eq!((rows.len(), rows[499].as_array().unwrap().len()), (500, 18));
    assert!(rows[499].as_array().unwrap().iter().all(|cell| !cell.is_null()));
    assert!(plain.len() < 150_000, "{}", plain.len());
}

#[test]
fn a_sheet_that_was_cut_says_so_beside_it() {
    let api = keeping(BTC, "1h", MANY);
    let (headers, text) = sheet(&api, "symbol=BTCUSDT&limit=1001&indicators=SMA_20");
    assert_eq!((&headers["x-limit"], text.lines().count()), (&"1000".parse().unwrap(), 1_001));
    let (headers, _) = sheet(&api, "symbol=BTCUSDT&limit=1000&indicators=SMA_20");
    assert_eq!(headers.get("x-limit"), None);
}

#[test]
fn five_hundred_candles_with_all_indicators_are_less_than_150_kb_for_whoever_takes_gzip() {
    let api = keeping(SOL, "1m", MANY);
    let path = "/api/v1/market-data?symbol=SOLUSDT&timeframe=1m&limit=500";
    let (_, _, plain) = ask_for(&api, "GET", path, READS, "");
    let told: Value = serde_json::from_str(&plain).unwrap();
    let last = &told["items"].as_array().unwrap()[499];
    assert_eq!(last["indicators"].as_object().unwrap().len(), NAMES.len(), "{last}");
    assert!(plain.len() > 150_000, "{}", plain.len());
    let (_, packed) = packed(&api, path, READS);
    assert!(packed.len() < 150_000, "{}", packed.len());
}

#[test]
fn what_may_still_grow_is_kept_for_a_minute_at_the_most() {
    let api = keeping(BTC, "1m", MANY);
    let an_hour_ago = "?symbol=BTCUSDT&timeframe=1m&end_time=2025-11-20T07:51:00Z";
    assert_eq!(kept_for(&asked(&api, "GET", an_hour_ago).1), 3_600);
    let of_late = ["?symbol=BTCUSDT&timeframe=1m", "?symbol=BTCUSDT&timeframe=1m&end_time=2025-11-20T08:37:00Z"];
    for rest in of_late.into_iter().chain(["?symbol=ETHUSDT&end_time=2025-11-20T08:50:00Z"]) {
        assert_eq!(kept_for(&asked(&api, "GET", rest).1), 5, "{rest}: until the next one is told");
    }
    // One is missing over which its indicators are reckoned.
    let api = keeping(BTC, "1m", MANY);
    api.store.lose_candle(&series(BTC, "1m"), at("2025-11-20T01:00:00Z"));
    let (_, headers, told) = asked(&api, "GET", an_hour_ago);
    assert_eq!((told["items"].as_array().unwrap().len(), kept_for(&headers)), (100, 5));
}

#[test]
fn more_than_is_given_at_once_is_cut_and_the_answer_says_so() {
    let api = keeping(BTC, "1h", MANY);
    let (status, _, told) = asked(&api, "GET", "?symbol=BTCUSDT&limit=99999999999&indicators=RSI_14");
    assert_eq!(
        (status, &told["limit"], told["items"].as_array().unwrap().len()),
        (StatusCode::OK, &json!(1_000), 1_000)
    );
    let (_, _, told) = asked(&api, "GET", "?symbol=BTCUSDT&limit=1000&indicators=RSI_14");
    assert_eq!(told["limit"], Value::Null);
}

#[test]
fn indicators_of_a_series_that_has_paused_are_reckoned_over_as_many_candles() {
    let (api, series) = (knowing(), series(ADA, "5m"));
    let paused_at = at("2025-11-20T08:50:00Z").minus(series.interval.times(1_400));
    keep(&api, &series, (INDICATORS_OVER, &wire::view::time(paused_at).to_string()), jumping);
    let (status, _, told) = asked(&api, "GET", "/indicators?symbol=ADAUSDT&timeframe=5m&indicators=EMA_200");
    assert_eq!((status, told["indicators"]["EMA_200"].is_number()), (StatusCode::OK, true), "{told}");
    assert_eq!(told["timestamp"], json!("2025-11-15T12:05:00Z"));
}

#[test]
fn the_newest_candle_and_its_indicators_alone() {
    let api = keeping(BTC_CONTRACTS, "5m", MANY);
    let (status, _, told) = asked(&api, "GET", "/latest?symbol=BTCUSDT.P&timeframe=5m&indicators=atr_14");
    assert_eq!((status, &told["exchange"], &told["closed"]), (StatusCode::OK, &json!("BINANCEUSDM"), &json!(true)));
    assert_eq!(told["indicators"], json!({"atr_14": 12.25}));
    assert_eq!(told["timestamp"], json!("2025-11-20T08:45:00Z"));
    let api = keeping(BTC, "1h", MANY);
    for path in [
        "/indicators?symbol=BTCUSDT&indicators=EMA_50,SMA_20",
        "/indicators?symbol=BTCUSDT&indicators=SMA_20&indicators=EMA_50",
    ] {
        let (_, _, told) = asked(&api, "GET", path);
        assert_eq!(told["indicators"], json!({"EMA_50": 86_010.0, "SMA_20": 86_010.0}), "{path}");
    }
    let (_, _, told) = asked(&api, "GET", "/indicators?symbol=BTCUSDT");
    assert_eq!(told["indicators"].as_object().unwrap().len(), 3);
    assert!(["EMA_50", "MACD", "RSI_14"].iter().all(|name| told["indicators"].get(name).is_some()), "{told}");
    for path in ["/latest?symbol=ETHUSDT", "/indicators?symbol=ETHUSDT"] {
        let (status, _, problem) = asked(&api, "GET", path);
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_fetched")), "{path}");
        assert!(problem["detail"].as_str().unwrap().contains("from the next minute on"), "{problem}");
    }
}

/// Of a month that is packed, and whose rows have gone by now.
#[test]
fn candles_are_shown_whose_rows_are_gone() {
    let (mut api, series) = (knowing(), series(BTC, "1h"));
    keep(&api, &series, (48, "2023-06-08T00:00:00Z"), jumping);
    let query = "?symbol=BTCUSDT&timeframe=1h&start_time=2023-06-07T00:00:00Z&limit=5&indicators=SMA_20";
    let (_, _, before) = asked(&api, "GET", query);
    assert_eq!(before["items"][4]["timestamp"], json!("2023-06-07T04:00:00Z"));
    let packed = pack(&api, &series);
    assert_eq!(packed, Some((Month::of(at("2023-06-01T00:00:00Z")), Month::of(at("2023-11-01T00:00:00Z")))));
    api.store.expire(&series, AT);
    assert!(api.store.candles(&series).is_empty());
    // Whoever asked for them before has them by heart.
    api.charts = Default::default();
    assert_eq!(asked(&api, "GET", query).2, before);
}

fn pack(api: &Api, of: &Series) -> Option<(Month, Month)> {
    let of = of.clone();
    done(api, |world| async move {
        Kept(&world).note_series(&of).await.unwrap();
        app::series::pack_months(&world, &world, AT).await.unwrap();
        let packed: Option<PackedMonths> = Kept(&world).packed_months(&of).await.unwrap();
        packed.unwrap().packed
    })
}

#[test]
fn what_is_wrong_is_named() {
    let api = knowing();
    for (rest, field) in [
        ("", "symbol"),
        ("?symbol=BTC", "symbol"),
        ("?symbol=BTCUSDT&symbol=ETHUSDT", "symbol"),
        ("?symbol=BTCUSDT&exchange=%20", "exchange"),
        ("?symbol=BTCUSDT&timeframe=7m", "timeframe"),
        ("?symbol=BTCUSDT&format=xml", "format"),
        ("?symbol=BTCUSDT&limit=0", "limit"),
        ("?symbol=BTCUSDT&limit=-1", "limit"),
        ("?symbol=BTCUSDT&start_time=yesterday", "start_time"),
        ("?symbol=BTCUSDT&since=yesterday", "since"),
        ("?symbol=BTCUSDT&cursor=eyJ", "cursor"),
        ("?symbol=BTCUSDT&start_time=2025-11-02T00:00:00Z&end_time=2025-11-01T00:00:00Z", "end_time"),
        ("?symbol=BTCUSDT&indicators=RSI_15", "indicators"),
        ("?symbol=BTCUSDT&interval=1m", "interval"),
    ] {
        let (status, _, problem) = asked(&api, "GET", rest);
        assert_eq!(
            (status, &problem["fields"][0]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{rest} {problem}"
        );
    }
    for path in ["", "/latest", "/indicators", "/gaps", "/stats"] {
        let (status, _, problem) = asked(&api, "GET", &format!("{path}?symbol=BTCUSDT&exchange=NOBODY"));
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("unknown_market")), "{path}");
    }
    let (_, _, problem) = asked(&api, "GET", "?symbol=BTC");
    assert_eq!(problem["detail"], "symbol must be a pair such as BTC/USDT or BTCUSDT");
    let (_, _, problem) = asked(&api, "GET", "?symbol=BTCUSDT&exchange=%20");
    assert_eq!(problem["detail"], "exchange must be an exchange name such as BINANCE");
}
