//! Prices and the exchange's own time.

use super::{World, market, parse};
use crate::server::{Reply, json, text, with};
use domain::clock::Timestamp;
use domain::market::{Bar, Level};
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

fn candles(first: i64, count: i64, date: Option<&str>) -> Reply {
    let candle = |n: i64| {
        let opens = first + n * 60_000;
        format!(r#"[{opens},"10.00","12.50","9.99","11.00","1.5",{},"16.0",3,"1.0","11.0","0"]"#, opens + 59_999)
    };
    let body = format!("[{}]", (0..count).map(candle).collect::<Vec<_>>().join(","));
    let headers: Vec<(&str, &str)> = date.iter().map(|date| ("date", *date)).collect();
    with(200, &headers, &body)
}

fn line(from: i64, to: i64) -> String {
    format!("GET /api/v3/klines?symbol=BTCUSDT&interval=1m&startTime={from}&endTime={to}&limit=1000")
}

async fn bars(from: i64, to: i64, replies: Vec<Reply>, heard: &[String]) -> Vec<Bar> {
    let world = World::saying(replies).await;
    let bars = world.binance.bars(world.site(), &market().key, at(from), at(to)).await.unwrap();
    assert_eq!(world.server.lines(), heard);
    bars
}

#[tokio::test]
async fn bars_are_those_that_have_closed() {
    let to = MINUTE + 150_000;
    let heard = [line(MINUTE, to)];
    // The third is open until 22:16:00.
    for (date, closed) in [
        (Some("Tue, 14 Nov 2023 22:15:59 GMT"), 2),
        (Some("Tue, 14 Nov 2023 22:16:00 GMT"), 3),
        (Some("Tue, 14 Nov 2023 23:00:00 GMT"), 3),
        (None, 2),
    ] {
        let bars = bars(MINUTE + 30_000, to, vec![candles(MINUTE, 3, date)], &heard).await;
        assert_eq!(bars.len(), closed, "{date:?}");
        let (opens_at, closes_at) = (at(MINUTE), at(MINUTE + 60_000));
        let [open, high, low, close] = ["10", "12.5", "9.99", "11"].map(parse);
        assert_eq!(bars[0], Bar { opens_at, closes_at, open, high, low, close });
    }
}

#[tokio::test]
async fn a_full_page_of_bars_is_gone_on_from() {
    let to = MINUTE + 1_002 * 60_000;
    let next = MINUTE + 60_000_000;
    let replies = vec![candles(MINUTE, 1_000, None), candles(next, 2, None)];
    assert_eq!(bars(MINUTE, to, replies, &[line(MINUTE, to), line(next, to)]).await.len(), 1_002);
    let world = World::saying(vec![text(502, ""), json(200, "{}"), json(200, "[[1]]")]).await;
    for _ in 0..3 {
        world.binance.bars(world.site(), &market().key, at(MINUTE), at(to)).await.unwrap_err();
    }
}
