use super::*;
use crate::desk::SeriesDesk;
use crate::reckoned::NAMES;
use app::ports::{Failing, Wanting, Wish};
use app::series::{Gap, GapKind, Seen, SeriesError, State, Wanted};
use domain::clock::Millis;
use domain::market::{Bar, Candle, CandleSpan, Interval};
use domain::series::{Freshness, Hole, KeptCandle, Series};
use serde_json::json;
use std::sync::Arc;

const READS: &str = "trading:read";
const WRITES: &str = "trading:read+trading:write";

fn kept(interval: Interval, opens_at: Timestamp) -> KeptCandle {
    let closes_at = opens_at.plus(interval.length());
    let price = |text: &str| text.parse().unwrap();
    let bar = Bar {
        opens_at,
        closes_at,
        open: price("86012.1"),
        high: price("86013.25"),
        low: price("86001"),
        close: price("86010"),
    };
    KeptCandle { candle: Candle { bar, volume: "12.34567".parse().unwrap(), is_closed: true }, kept_at: closes_at }
}

/// Prices and volumes of which each digit is another one's.
fn jumping(interval: Interval, opens_at: Timestamp) -> KeptCandle {
    let step = opens_at.millis() / interval.length().get();
    let number = |salt: i64| step.wrapping_mul(2_654_435_761).wrapping_add(salt * 40_503).rem_euclid(999_983);
    let price = |salt: i64| format!("8{:06}", number(salt)).parse::<f64>().unwrap() / 100.0;
    let [open, close] = [price(1), price(2)];
    let text = |price: f64| format!("{price:.2}").parse().unwrap();
    let (high, low) = (text(open.max(close) + 1.37), text(open.min(close) - 1.37));
    let plain = kept(interval, opens_at);
    let bar = Bar { open: text(open), high, low, close: text(close), ..plain.candle.bar };
    let volume = format!("{}.{:05}", number(3), number(4) % 100_000).parse().unwrap();
    KeptCandle { candle: Candle { bar, volume, ..plain.candle }, ..plain }
}

/// All candles of every series (those of SOL jump, LTC is fetched no more, and ADA has paused for long) but those of ETH, of which none was fetched, and of NOBODY,
/// who is not known.
impl SeriesDesk for Stub {
    async fn look(&self, _: &UserId, wanted: &Wanted, now: Timestamp) -> Result<(Arc<Seen>, bool), SeriesError> {
        known(&wanted.series)?;
        let interval = wanted.series.interval;
        let end = wanted.until.unwrap_or(now).min(interval.told_to(now));
        let first = wanted.since.unwrap_or(interval.opening(end).minus(interval.times(wanted.limit)));
        let span = CandleSpan::between(interval, first, end);
        let page = span.pages(wanted.limit).next().unwrap_or(span);
        let base = wanted.series.market.symbol.base.to_string();
        let candle = if base == "SOL" { jumping } else { kept };
        let all = |span: CandleSpan| span.opens().map(|at| candle(interval, at)).collect::<Vec<_>>();
        let is_empty = base == "ETH";
        let mut candles = if is_empty { Vec::new() } else { all(page) };
        let paused_at = interval.told_to(now).minus(interval.times(1_400));
        candles.retain(|kept| base != "ADA" || kept.opens_at() < paused_at);
        let begins = first.minus(interval.times(wanted.warm_up.min(300))).max(Timestamp::from_millis(0));
        let before = all(CandleSpan::between(interval, begins, first));
        let next = (page.end() < span.end()).then_some(page.end());
        let may_change = is_empty || page.end() >= interval.told_to(now);
        let is_fetched = !is_empty && base != "LTC";
        Ok((Arc::new(Seen { before, candles, next, may_change }), is_fetched))
    }

    /// The first minutes, and one of silence and one that is missing behind.
    async fn state(&self, wanted: &Wanted, _: Timestamp) -> Result<State, SeriesError> {
        known(&wanted.series)?;
        let since = wanted.since.unwrap();
        let at = |number: u32| since.plus(wanted.series.interval.times(number));
        let gap = |(first, end, kind)| Gap { hole: Hole { first: at(first), end: at(end) }, kind };
        let gaps = [(0, 2, GapKind::Before), (5, 6, GapKind::Silent), (7, 8, GapKind::Open)].map(gap).to_vec();
        let second = |seconds| Millis::seconds(seconds);
        Ok(State {
            oldest: Some(at(2)),
            newest: Some(at(9)),
            is_fetched: true,
            page: CandleSpan::between(wanted.series.interval, since, at(10)),
            kept: 6,
            gaps,
            caught_up: 3,
            freshness: Some(Freshness { candles: 4, median: second(8), p95: second(70), max: second(71) }),
            failing: Some(Failing { since: at(9), detail: "the venue cannot be read now: away".to_owned() }),
            next: None,
        })
    }

    async fn list(&self, user: &UserId, now: Timestamp) -> Result<Vec<Wish>, SeriesError> {
        let market =
            domain::market::MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
        Ok(vec![wish(user, &Series { market, interval: Interval::OneMinute }, now)])
    }

    async fn put_on_list(&self, user: &UserId, series: &Series, now: Timestamp) -> Result<Wish, SeriesError> {
        known(series)?;
        if series.market.symbol.base.to_string() == "ETH" {
            return Err(SeriesError::TooMany);
        }
        Ok(wish(user, series, now))
    }

    async fn take_off_list(&self, _: &UserId, _: &Series) -> Result<(), SeriesError> {
        Ok(())
    }
}

fn known(series: &Series) -> Result<(), SeriesError> {
    let is_known = series.market.exchange.as_str() != "NOBODY";
    if is_known { Ok(()) } else { Err(SeriesError::UnknownMarket(series.market.clone())) }
}

fn wish(user: &UserId, series: &Series, now: Timestamp) -> Wish {
    Wish { series: series.clone(), by: Wanting::List(user.clone()), since: now, until: None }
}

async fn asked(method: &str, rest: &str) -> (StatusCode, HeaderMap, Value) {
    let scopes = if method == "GET" { READS } else { WRITES };
    ask(&Stub::default(), method, &format!("/api/v1/market-data{rest}"), scopes, "").await
}

#[tokio::test]
async fn candles_come_with_their_indicators_and_the_next_page_with_its_cursor() {
    let (status, headers, told) =
        asked("GET", "?symbol=BTCUSDT&timeframe=1m&limit=3&end_time=2025-11-20T08:50:00Z").await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(headers["cache-control"], "private, max-age=3600");
    assert_eq!(
        (&told["exchange"], &told["symbol"], &told["timeframe"]),
        (&json!("BINANCE"), &json!("BTC/USDT"), &json!("1m"))
    );
    let item = told["items"][2].clone();
    assert_eq!(
        (&item["timestamp"], &item["close"], &item["closed"]),
        (&json!("2025-11-20T08:49:00Z"), &json!("86010"), &json!(true))
    );
    assert_eq!(item["indicators"]["EMA_200"], json!(86_010.0));
    assert_eq!(
        item["indicators"]["bollinger_bands"],
        json!({"upper": 86_010.0, "middle": 86_010.0, "lower": 86_010.0})
    );
    assert_eq!((told["items"].as_array().unwrap().len(), &told["next_cursor"]), (3, &Value::Null));
    let (_, headers, told) =
        asked("GET", "?symbol=BTC-USDT&timeframe=1h&start_time=2025-11-01T00:00:00Z&limit=2").await;
    assert_eq!(
        (&told["next_cursor"], &headers["cache-control"]),
        (&json!("2025-11-01T02:00:00Z"), &"private, max-age=3600".parse().unwrap())
    );
    let (_, _, told) = asked("GET", "?symbol=BTC-USDT&cursor=2025-11-01T02:00:00Z&end_time=2025-11-01T04:00:00Z").await;
    assert_eq!(told["items"][0]["timestamp"], json!("2025-11-01T02:00:00Z"));
    assert_eq!((told["items"].as_array().unwrap().len(), &told["next_cursor"]), (2, &Value::Null));
}

async fn sheet(query: &str) -> (HeaderMap, String) {
    let path = format!("/api/v1/market-data?format=csv&{query}");
    let (status, headers, sheet) = ask_for(&Stub::default(), "GET", &path, READS, "").await;
    assert_eq!(status, StatusCode::OK, "{sheet}");
    (headers, sheet)
}

#[tokio::test]
async fn a_sheet_has_a_column_for_each_line_that_is_asked_for_and_names_its_next_page() {
    let (headers, text) = sheet(
        "symbol=BTCUSDT&timeframe=1h&start_time=2025-11-01T00:00:00Z&limit=2&indicators=EMA_50,MACD&indicators=SMA_20",
    )
    .await;
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
        sheet(&format!("{}&end_time=2025-11-01T04:00:00Z", next.strip_prefix("format=csv&").unwrap())).await;
    assert!(text.lines().nth(1).unwrap().starts_with("1761962400000,"), "{text}");
    assert_eq!((text.lines().count(), headers.get("link")), (3, None));
    let (_, text) = sheet("symbol=ETHUSDT&indicators=RSI_14").await;
    assert_eq!(text, "time_ms,open,high,low,close,volume,rsi_14\n");
}

#[tokio::test]
async fn five_hundred_candles_with_all_indicators_are_less_than_150_kb_as_a_sheet() {
    let (_, text) = sheet("symbol=BTCUSDT&timeframe=1m&limit=500").await;
    assert_eq!((text.lines().count(), text.lines().next().unwrap().split(',').count()), (501, 18));
    // Prices that stand still are short: each of twelve lines takes ten digits and a point more at the most.
    let longest = text.len() + 500 * 12 * 12;
    assert!(longest < 150_000, "{longest}");
}

#[tokio::test]
async fn rows_name_each_line_once_and_hold_what_candles_do() {
    let query = "?symbol=SOLUSDT&timeframe=1h&start_time=2025-11-01T00:00:00Z&limit=2&indicators=MACD,EMA_50";
    let (_, _, items) = asked("GET", query).await;
    let (status, _, told) = asked("GET", &format!("{query}&format=rows")).await;
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
        assert_eq!(row, &json!(of_item.chain(of_lines).collect::<Vec<_>>()));
    }
    for name in ["exchange", "symbol", "timeframe", "fetched", "next_cursor"] {
        assert_eq!(told[name], items[name], "{name}");
    }
    assert_eq!((told["rows"].as_array().unwrap().len(), told.get("items")), (2, None));
    // The first candle of all has nothing before it.
    let (_, _, told) =
        asked("GET", "?symbol=SOLUSDT&timeframe=1d&cursor=1970-01-01T00:00:00Z&limit=1&format=rows&indicators=SMA_20")
            .await;
    assert_eq!((&told["rows"][0][6], &told["limit"]), (&Value::Null, &Value::Null));
    let (_, _, told) = asked("GET", "?symbol=SOLUSDT&limit=1001&format=rows&indicators=SMA_20").await;
    assert_eq!(told["limit"], json!(1_000));
}

#[tokio::test]
async fn five_hundred_candles_with_all_indicators_are_less_than_150_kb_as_rows() {
    let path = "/api/v1/market-data?symbol=SOLUSDT&timeframe=1m&limit=500&format=rows";
    let (_, _, plain) = ask_for(&Stub::default(), "GET", path, READS, "").await;
    let told: Value = serde_json::from_str(&plain).unwrap();
    let rows = told["rows"].as_array().unwrap();
    assert_eq!((rows.len(), rows[499].as_array().unwrap().len()), (500, 18));
    assert!(rows[499].as_array().unwrap().iter().all(|cell| !cell.is_null()));
    assert!(plain.len() < 150_000, "{}", plain.len());
}

#[tokio::test]
async fn a_sheet_that_was_cut_says_so_beside_it() {
    let (headers, text) = sheet("symbol=BTCUSDT&limit=1001&indicators=SMA_20").await;
    assert_eq!((&headers["x-limit"], text.lines().count()), (&"1000".parse().unwrap(), 1_001));
    let (headers, _) = sheet("symbol=BTCUSDT&limit=1000&indicators=SMA_20").await;
    assert_eq!(headers.get("x-limit"), None);
}

#[tokio::test]
async fn five_hundred_candles_with_all_indicators_are_less_than_150_kb_for_whoever_takes_gzip() {
    let path = "/api/v1/market-data?symbol=SOLUSDT&timeframe=1m&limit=500";
    let (_, _, plain) = ask_for(&Stub::default(), "GET", path, READS, "").await;
    let told: Value = serde_json::from_str(&plain).unwrap();
    let last = &told["items"].as_array().unwrap()[499];
    assert_eq!(last["indicators"].as_object().unwrap().len(), NAMES.len(), "{last}");
    assert!(plain.len() > 150_000, "{}", plain.len());
    let (_, packed) = packed(path, READS).await;
    assert!(packed.len() < 150_000, "{}", packed.len());
}

#[tokio::test]
async fn whether_a_series_is_fetched_stands_beside_what_is_kept_of_it() {
    for (symbol, is_fetched) in [("BTCUSDT", true), ("LTCUSDT", false), ("ETHUSDT", false)] {
        let (_, _, told) = asked("GET", &format!("?symbol={symbol}")).await;
        assert_eq!(told["fetched"], json!(is_fetched), "{symbol}");
    }
    for (symbol, is_fetched) in [("BTCUSDT", true), ("LTCUSDT", false)] {
        for path in ["/latest", "/indicators"] {
            let (status, _, told) = asked("GET", &format!("{path}?symbol={symbol}")).await;
            assert_eq!((status, &told["fetched"]), (StatusCode::OK, &json!(is_fetched)), "{path} {symbol}");
        }
    }
    let (_, _, problem) = asked("GET", "/latest?symbol=ETHUSDT").await;
    assert!(problem["detail"].as_str().unwrap().contains("put it on your list"), "{problem}");
}

#[tokio::test]
async fn what_may_still_grow_is_kept_for_a_minute_at_the_most() {
    for rest in ["?symbol=BTCUSDT&timeframe=1m", "?symbol=ETHUSDT&end_time=2025-11-20T08:50:00Z"] {
        let (_, headers, _) = asked("GET", rest).await;
        let kept = headers["cache-control"].to_str().unwrap().strip_prefix("private, max-age=").unwrap();
        assert!(kept.parse::<u32>().unwrap() <= 60, "{rest} {kept}");
    }
}

#[tokio::test]
async fn more_than_is_given_at_once_is_cut_and_the_answer_says_so() {
    let (status, _, told) = asked("GET", "?symbol=BTCUSDT&limit=99999999999&indicators=RSI_14").await;
    assert_eq!(
        (status, &told["limit"], told["items"].as_array().unwrap().len()),
        (StatusCode::OK, &json!(1_000), 1_000)
    );
    let (_, _, told) = asked("GET", "?symbol=BTCUSDT&limit=1000&indicators=RSI_14").await;
    assert_eq!(told["limit"], Value::Null);
}

#[tokio::test]
async fn indicators_of_a_series_that_has_paused_are_reckoned_over_as_many_candles() {
    let (status, _, told) = asked("GET", "/indicators?symbol=ADAUSDT&timeframe=5m&indicators=EMA_200").await;
    assert_eq!((status, told["indicators"]["EMA_200"].is_number()), (StatusCode::OK, true), "{told}");
}

#[tokio::test]
async fn the_newest_candle_and_its_indicators_alone() {
    let (status, _, told) = asked("GET", "/latest?symbol=BTCUSDT.P&timeframe=5m&indicators=atr_14").await;
    assert_eq!((status, &told["exchange"], &told["closed"]), (StatusCode::OK, &json!("BINANCEUSDM"), &json!(true)));
    assert_eq!(told["indicators"], json!({"atr_14": 12.25}));
    for path in [
        "/indicators?symbol=BTCUSDT&indicators=EMA_50,SMA_20",
        "/indicators?symbol=BTCUSDT&indicators=SMA_20&indicators=EMA_50",
    ] {
        let (_, _, told) = asked("GET", path).await;
        assert_eq!(told["indicators"], json!({"EMA_50": 86_010.0, "SMA_20": 86_010.0}), "{path}");
    }
    let (_, _, told) = asked("GET", "/indicators?symbol=BTCUSDT").await;
    assert_eq!(told["indicators"].as_object().unwrap().len(), 3);
    assert!(["EMA_50", "MACD", "RSI_14"].iter().all(|name| told["indicators"].get(name).is_some()), "{told}");
    for path in ["/latest?symbol=ETHUSDT", "/indicators?symbol=ETHUSDT"] {
        let (status, _, problem) = asked("GET", path).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_fetched")), "{path}");
    }
}

#[tokio::test]
async fn what_is_missing_is_told_with_why_and_how_late_candles_came() {
    let (status, _, told) = asked("GET", "/gaps?symbol=BTCUSDT&timeframe=1m&start_time=2025-11-20T08:00:00Z").await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let gap = |from: &str, to: &str, candles: u32, kind: &str| {
        let at = |time: &str| format!("2025-11-20T{time}:00Z");
        json!({"start_time": at(from), "end_time": at(to), "candles": candles, "kind": kind})
    };
    let gaps =
        [gap("08:00", "08:02", 2, "before"), gap("08:05", "08:06", 1, "silent"), gap("08:07", "08:08", 1, "open")];
    assert_eq!((&told["items"], &told["fetched"], &told["next_cursor"]), (&json!(gaps), &json!(true), &Value::Null));
    let (_, _, told) = asked("GET", "/stats?symbol=BTCUSDT&timeframe=1m&start_time=2025-11-20T08:00:00Z").await;
    let counts = ["expected", "candles", "silent", "missing", "before"].map(|name| told[name].as_u64().unwrap());
    assert_eq!(counts, [10, 6, 1, 1, 2]);
    assert_eq!((&told["oldest"], &told["newest"]), (&json!("2025-11-20T08:02:00Z"), &json!("2025-11-20T08:09:00Z")));
    assert_eq!(told["caught_up"], 3);
    assert_eq!(told["freshness"], json!({"candles": 4, "p50_seconds": 8, "p95_seconds": 70, "max_seconds": 71}));
    let failing = json!({"since": "2025-11-20T08:09:00Z", "detail": "the venue cannot be read now: away"});
    assert_eq!(told["failing"], failing);
    for path in ["/gaps?symbol=BTC", "/stats?timeframe=1m"] {
        let (status, _, problem) = asked("GET", path).await;
        assert_eq!((status, &problem["fields"][0]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("symbol")), "{path}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_named() {
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
        ("?symbol=BTCUSDT&cursor=eyJ", "cursor"),
        ("?symbol=BTCUSDT&start_time=2025-11-02T00:00:00Z&end_time=2025-11-01T00:00:00Z", "end_time"),
        ("?symbol=BTCUSDT&indicators=RSI_15", "indicators"),
        ("?symbol=BTCUSDT&interval=1m", "interval"),
    ] {
        let (status, _, problem) = asked("GET", rest).await;
        assert_eq!(
            (status, &problem["fields"][0]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{rest} {problem}"
        );
    }
    for path in ["", "/latest", "/indicators", "/gaps", "/stats"] {
        let (status, _, problem) = asked("GET", &format!("{path}?symbol=BTCUSDT&exchange=NOBODY")).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("unknown_market")), "{path}");
    }
    let (_, _, problem) = asked("GET", "?symbol=BTC").await;
    assert_eq!(problem["detail"], "symbol must be a pair such as BTC/USDT or BTCUSDT");
    let (_, _, problem) = asked("GET", "?symbol=BTCUSDT&exchange=%20").await;
    assert_eq!(problem["detail"], "exchange must be an exchange name such as BINANCE");
}

#[tokio::test]
async fn a_list_is_looked_at_and_changed_by_its_owner() {
    let (status, _, told) = asked("GET", "/symbols").await;
    assert_eq!((status, &told["items"][0]["timeframe"]), (StatusCode::OK, &json!("1m")));
    let (status, _, told) = asked("PUT", "/symbols?symbol=SOLUSDT&exchange=KRAKEN&timeframe=15m").await;
    assert_eq!((status, &told["symbol"], &told["exchange"]), (StatusCode::OK, &json!("SOL/USDT"), &json!("KRAKEN")));
    let (status, _, problem) = asked("PUT", "/symbols?symbol=ETHUSDT").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("too_many_series")));
    let (status, ..) = asked("DELETE", "/symbols?symbol=SOLUSDT").await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    for (method, scopes) in [("GET", "accounts:write"), ("PUT", READS), ("DELETE", READS)] {
        let path = "/api/v1/market-data/symbols?symbol=BTCUSDT";
        let path = if method == "GET" { "/api/v1/market-data/symbols" } else { path };
        let (status, ..) = ask(&Stub::default(), method, path, scopes, "").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{method}");
    }
}

#[tokio::test]
async fn whoever_does_research_and_trades_nothing_keeps_a_list_too() {
    let path = "/api/v1/market-data/symbols?symbol=SOLUSDT";
    for (method, told) in [("PUT", StatusCode::OK), ("DELETE", StatusCode::NO_CONTENT)] {
        let (status, ..) = ask(&Stub::default(), method, path, "trading:read+research:write", "").await;
        assert_eq!(status, told, "{method}");
    }
}
