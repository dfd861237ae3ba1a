//! Prices and the exchange's own time.

use super::{World, market, parse};
use crate::server::{json, text, with};
use app::ports::CandlesError;
use domain::clock::Timestamp;
use domain::market::{Bar, Candle, CandleSpan, Interval, Level};
use venues::native::Native;

/// 22:13:00 on a day in November.
const MINUTE: i64 = 1_699_999_980_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

#[tokio::test]
async fn the_time_is_the_exchanges_own() {
    let world = World::saying(vec![json(200, r#"{"serverTime":1499827319559}"#), text(502, "")]).await;
    assert_eq!(world.binance.time(world.site()).await, Ok(at(1_499_827_319_559)));
    world.binance.time(world.site()).await.unwrap_err();
    assert_eq!(world.server.lines(), ["GET /api/v3/time"; 2]);
    assert!(world.server.heard().iter().all(|heard| heard.header("x-mbx-apikey").is_none()));
}

#[tokio::test]
async fn the_ticker_is_the_last_trade_and_its_time() {
    let trade =
        r#"[{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true,"M":true}]"#;
    let world = World::saying(vec![json(200, trade), json(200, "[]"), json(200, "{}")]).await;
    let key = market().key;
    let told = world.binance.ticker(world.site(), &key).await;
    assert_eq!(told, Ok(Some((parse("0.01633102"), at(1_498_793_709_153)))));
    assert_eq!(world.binance.ticker(world.site(), &key).await, Ok(None));
    world.binance.ticker(world.site(), &key).await.unwrap_err();
    assert_eq!(world.server.lines(), ["GET /api/v3/aggTrades?symbol=BTCUSDT&limit=1"; 3]);
}

#[tokio::test]
async fn a_book_is_what_is_offered_on_both_sides() {
    let body =
        r#"{"lastUpdateId":1,"bids":[["4.00000000","431.00000000"],["3.99","1"]],"asks":[["4.00000200","12.0"]]}"#;
    let world = World::saying(vec![json(200, body)]).await;
    let book = world.binance.book(world.site(), &market().key, 1).await.unwrap();
    let level = |price: &str, quantity: &str| Level { price: parse(price), quantity: parse(quantity) };
    assert_eq!((book.bids, book.asks), (vec![level("4", "431")], vec![level("4.000002", "12")]));
    assert_eq!(world.server.lines(), ["GET /api/v3/depth?symbol=BTCUSDT&limit=1"]);
}

/// A minute's opening, its prices, and how many minutes long it is.
fn kline(opens: i64, prices: [&str; 4], minutes: i64) -> String {
    let [open, high, low, close] = prices;
    let last = opens + minutes * 60_000 - 1;
    format!(r#"[{opens},"{open}","{high}","{low}","{close}","1.50",{last},"16.0",3,"1.0","11.0","0"]"#)
}

fn klines(first: i64, count: i64) -> String {
    let each = (0..count).map(|n| kline(first + n * 60_000, ["10.00", "12.50", "9.99", "11.00"], 1));
    format!("[{}]", each.collect::<Vec<_>>().join(","))
}

/// The three minutes up to that which is open two and a half minutes after the first has begun.
fn span() -> (CandleSpan, Timestamp) {
    let now = at(MINUTE + 150_000);
    (CandleSpan::asked(Interval::OneMinute, None, 3, now), now)
}

async fn asked(world: &World) -> Result<Vec<Candle>, CandlesError> {
    let (span, now) = span();
    world.binance.candles(world.site(), &market().key, &span, now).await
}

#[tokio::test]
async fn the_candle_that_is_open_is_marked_by_the_exchanges_time_and_by_ours() {
    // The third is open until 22:16:00.
    for (date, ours, closed) in [
        (Some("Tue, 14 Nov 2023 22:15:59 GMT"), 999_999, 2),
        (Some("Tue, 14 Nov 2023 22:16:00 GMT"), 999_999, 3),
        (Some("Tue, 14 Nov 2023 23:00:00 GMT"), 150_000, 2),
        (None, 179_999, 2),
        (None, 180_000, 3),
    ] {
        let headers: Vec<(&str, &str)> = date.iter().map(|date| ("date", *date)).collect();
        let world = World::saying(vec![with(200, &headers, &klines(MINUTE, 3))]).await;
        let now = at(MINUTE + ours);
        let told = world.binance.candles(world.site(), &market().key, &span().0, now).await.unwrap();
        assert_eq!(told.iter().filter(|candle| candle.is_closed).count(), closed, "{date:?} {ours}");
        let (opens_at, closes_at) = (at(MINUTE), at(MINUTE + 60_000));
        let [open, high, low, close] = ["10", "12.5", "9.99", "11"].map(parse);
        let bar = Bar { opens_at, closes_at, open, high, low, close };
        assert_eq!(told[0], Candle { bar, volume: parse("1.5"), is_closed: true });
    }
}

#[tokio::test]
async fn candles_are_asked_for_by_their_span_and_a_gap_is_left() {
    let told = format!("[{},{}]", kline(MINUTE, ["1"; 4], 1), kline(MINUTE + 120_000, ["1"; 4], 1));
    let world = World::saying(vec![json(200, &told), json(200, "[]")]).await;
    let opens: Vec<i64> = asked(&world).await.unwrap().iter().map(|one| one.bar.opens_at.millis() - MINUTE).collect();
    assert_eq!(opens, [0, 120_000]);
    assert_eq!(asked(&world).await, Ok(Vec::new()));
    let line = format!(
        "GET /api/v3/klines?symbol=BTCUSDT&interval=1m&startTime={MINUTE}&endTime={}&limit=3",
        MINUTE + 179_999
    );
    assert_eq!(world.server.lines(), [line.clone(), line]);
    let of_the_future = CandleSpan::asked(Interval::OneDay, Some(at(MINUTE)), 9, at(MINUTE));
    let told = world.binance.candles(world.site(), &market().key, &of_the_future, at(MINUTE)).await;
    assert_eq!((told, world.server.lines().len()), (Ok(Vec::new()), 2), "nothing is asked of what has not begun");
}

#[tokio::test]
async fn a_span_of_more_than_one_answer_is_asked_for_in_parts() {
    let now = at(MINUTE + 1_001 * 60_000);
    let span = CandleSpan::asked(Interval::OneMinute, Some(at(MINUTE)), 1_002, now);
    let next = MINUTE + 60_000_000;
    let world = World::saying(vec![json(200, &klines(MINUTE, 1_000)), json(200, &klines(next, 2))]).await;
    let told = world.binance.candles(world.site(), &market().key, &span, now).await.unwrap();
    assert_eq!((told.len(), told.iter().filter(|one| !one.is_closed).count()), (1_002, 1));
    let lines = world.server.lines();
    assert!(lines[1].contains(&format!("startTime={next}")) && lines[1].ends_with("&limit=2"), "{lines:?}");
}

#[tokio::test]
async fn one_kline_that_cannot_be_is_left_out_and_others_are_none_at_all() {
    let plain = ["10", "12", "9", "11"];
    let (good, next) = (kline(MINUTE, plain, 1), MINUTE + 60_000);
    let wrong = |high| kline(next, ["10", high, "9", "11"], 1);
    for (told, why) in [
        (r#"[1699999980000,"10","12","9","11"]"#.to_owned(), "an answer that cannot be read"),
        (good.clone(), "told twice"),
        (kline(MINUTE - 60_000, plain, 1), "behind a later one"),
    ] {
        let world = World::saying(vec![json(200, &format!("[{good},{told}]"))]).await;
        let error = asked(&world).await.unwrap_err().to_string();
        assert!(error.contains(why), "{told}: {error}");
    }
    for told in
        [wrong("NaN"), wrong("-12"), wrong("0"), wrong("10.5"), kline(next, plain, 5), kline(next + 3_000, plain, 1)]
    {
        let world = World::saying(vec![json(200, &format!("[{good},{told}]"))]).await;
        assert_eq!(asked(&world).await.unwrap().len(), 1, "{told}");
    }
    // Each is of another length than was asked for.
    let fives = [kline(MINUTE, plain, 5), kline(next, plain, 5)].join(",");
    let error = asked(&World::saying(vec![json(200, &format!("[{fives}]"))]).await).await.unwrap_err().to_string();
    assert!(error.contains("cannot be"), "{error}");
    for reply in
        [text(502, ""), json(200, "{}"), json(200, "[[1]]"), json(400, r#"{"code":-1121,"msg":"Invalid symbol."}"#)]
    {
        asked(&World::saying(vec![reply]).await).await.unwrap_err();
    }
    let later = World::saying(vec![json(200, &klines(MINUTE + 600_000, 2))]).await;
    assert!(asked(&later).await.unwrap_err().to_string().contains("behind all that was asked for"));
}
