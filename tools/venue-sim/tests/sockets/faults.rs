//! Each fault: what the client sees of it, and what the exchange has done.

use crate::trader::{Trader, trader};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What a client can see.
#[derive(Debug, PartialEq, Eq)]
enum Sees {
    /// It gave up waiting, after the exchange had the request.
    Nothing,
    /// The connection ended without a whole answer.
    Broken,
    /// A status, and the exchange's code where there is one.
    Told(u16, Option<i64>),
}

async fn check(kind: &str, more: Value, sees: Sees, taken: usize) {
    let trader = trader().await;
    trader.fault(kind, more).await;
    let answered = match sees {
        Sees::Nothing => trader.place_in_haste("one").await,
        Sees::Broken | Sees::Told(..) => Some(trader.place("one").await),
    };
    let seen = match answered {
        None => Sees::Nothing,
        Some(Ok((status, said))) => Sees::Told(status, said["code"].as_i64()),
        Some(Err(_)) => Sees::Broken,
    };
    trader.until(|trader| trader.worked_off() == 1).await;
    assert_eq!((seen, trader.taken("one")), (sees, taken), "{kind}");
    goes_on_as_ever(&trader, kind, taken).await;
}

/// A fault happens so often as it was asked for, and then no more.
async fn goes_on_as_ever(trader: &Trader, kind: &str, taken: usize) {
    let (status, said) = trader.place("two").await.unwrap();
    assert_eq!((status, trader.taken("two")), (200, 1), "after {kind}: {said}");
    assert_eq!(trader.query("one").await.0, if taken == 1 { 200 } else { 400 }, "after {kind}");
}

#[tokio::test]
async fn what_is_never_answered_was_done_or_not() {
    check("timeout_before", json!({}), Sees::Nothing, 0).await;
    check("timeout_after", json!({}), Sees::Nothing, 1).await;
}

#[tokio::test]
async fn what_is_never_answered_ends_when_its_time_is_over() {
    check("timeout_after", json!({ "ms": 20 }), Sees::Broken, 1).await;
}

#[tokio::test]
async fn a_connection_is_reset_before_and_after() {
    check("reset_before", json!({}), Sees::Broken, 0).await;
    check("reset_after", json!({}), Sees::Broken, 1).await;
}

#[tokio::test]
async fn an_exchange_that_is_not_available_may_have_done_it() {
    check("unavailable_before", json!({}), Sees::Told(503, Some(-1000)), 0).await;
    check("unavailable_after", json!({}), Sees::Told(503, Some(-1000)), 1).await;
}

#[tokio::test]
async fn an_exchange_says_what_it_is_told_to_say() {
    let timed_out = r#"{"code":-1007,"msg":"Timeout waiting for response from backend server."}"#;
    check("says_after", json!({ "status": 504, "body": timed_out }), Sees::Told(504, Some(-1007)), 1).await;
    check("says_before", json!({ "status": 502, "body": "<html>" }), Sees::Told(502, None), 0).await;
}

#[tokio::test]
async fn half_an_answer_is_none() {
    check("truncated", json!({}), Sees::Broken, 1).await;
}

#[tokio::test]
async fn refusals_on_demand_are_the_exchanges_own() {
    check("clock", json!({}), Sees::Told(400, Some(-1021)), 0).await;
    check("duplicate", json!({}), Sees::Told(400, Some(-2010)), 0).await;
    check("too_many", json!({}), Sees::Told(429, Some(-1003)), 0).await;
    check("banned", json!({}), Sees::Told(418, Some(-1003)), 0).await;
}

#[tokio::test]
async fn what_arrives_late_is_done_although_the_client_is_gone() {
    check("late", json!({ "ms": 300 }), Sees::Nothing, 1).await;
}

#[tokio::test]
async fn a_slow_answer_was_done_at_once() {
    let trader = trader().await;
    trader.fault("slow", json!({ "ms": 300 })).await;
    let began = Instant::now();
    let (placed, ()) = tokio::join!(trader.place("one"), trader.until(|trader| trader.taken("one") == 1));
    assert_eq!(placed.unwrap().0, 200);
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn what_arrives_later_than_it_is_valid_is_not_done() {
    let trader = trader().await;
    trader.fault("late", json!({ "ms": 200 })).await;
    let (status, said) = trader.order("one", "60000", "&recvWindow=100").await.unwrap();
    assert_eq!((status, said["code"].as_i64(), trader.taken("one")), (400, Some(-1021), 0), "{said}");
}

#[tokio::test]
async fn the_market_gives_a_part_and_the_rest_when_the_price_moves() {
    let trader = trader().await;
    trader.fault("partial", json!({ "share": 30 })).await;
    let (_, said) = trader.order("one", "64100", "").await.unwrap();
    assert_eq!((&said["status"], &said["executedQty"]), (&json!("PARTIALLY_FILLED"), &json!("0.00300000")), "{said}");
    trader.control("/sim/price", json!({ "venue": "binance", "market": "BTC/USDT", "price": "64000.50" })).await;
    let (_, said) = trader.query("one").await;
    assert_eq!((&said["status"], &said["executedQty"]), (&json!("FILLED"), &json!("0.01000000")), "{said}");
}

#[tokio::test]
async fn an_order_that_is_there_cannot_be_found_at_first() {
    let trader = trader().await;
    trader.fault("read_lag", json!({ "ms": 60_000 })).await;
    assert_eq!(trader.place("one").await.unwrap().0, 200);
    assert_eq!((trader.query("one").await.1["code"].as_i64(), trader.taken("one")), (Some(-2013), 1));
    let open = trader.signed("GET", "/api/v3/openOrders", "symbol=BTCUSDT").await.unwrap().1;
    assert_eq!(open, json!([]));
    // The matching engine knows it, and time makes it seen.
    assert_eq!(trader.place("one").await.unwrap().1["msg"], "Duplicate order sent.");
    trader.control("/sim/clock", json!({ "offset_ms": 60_001 })).await;
    assert_eq!(trader.query("one").await.0, 200);
}

#[tokio::test]
async fn a_fault_comes_so_often_after_so_many_and_for_what_it_is_meant() {
    let trader = trader().await;
    trader.fault("duplicate", json!({ "count": 2, "after": 1 })).await;
    trader.fault("clock", json!({ "on": "query" })).await;
    let mut seen = Vec::new();
    for id in ["a", "b", "c", "d"] {
        seen.push(trader.place(id).await.unwrap().0);
    }
    assert_eq!(seen, [200, 400, 400, 200]);
    assert_eq!((trader.query("a").await.0, trader.query("a").await.0), (400, 200));
}

async fn by_chance(seed: u64) -> Vec<u16> {
    let trader = trader().await;
    trader.fault("clock", json!({ "percent": 50, "count": 1000, "seed": seed, "on": null })).await;
    let mut seen = Vec::new();
    for _ in 0..40 {
        seen.push(trader.query("one").await.1["code"].as_i64().unwrap().unsigned_abs().try_into().unwrap());
    }
    seen
}

#[tokio::test]
async fn chance_is_the_same_for_the_same_seed() {
    let (first, again, other) = (by_chance(7).await, by_chance(7).await, by_chance(8).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    let clocks = first.iter().filter(|code| **code == 1021).count();
    assert!((10..=30).contains(&clocks), "{clocks} of 40");
}

/// When each of ten candles opens, in minutes from the first, as they are told.
async fn minutes(trader: &Trader) -> Vec<i64> {
    let first = trader.sim.world().now() / 60_000 * 60_000 - 600_000;
    let path = format!("/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime={first}&limit=10");
    let (status, told) = trader.ask("GET", &path, "", "").await.unwrap();
    assert_eq!(status, 200, "{told}");
    told.as_array().unwrap().iter().map(|candle| (candle[0].as_i64().unwrap() - first) / 60_000).collect()
}

#[tokio::test]
async fn a_list_has_holes_or_no_order_for_whoever_asks_for_that() {
    let trader = trader().await;
    let of = |query: &str| json!({ "on": "market", "path": "/api/v3/klines", "query": query });
    trader.fault("too_many", of("interval=15m")).await;
    trader.fault("sparse", of("interval=1m")).await;
    trader.fault("jumbled", of("limit=10")).await;
    assert_eq!(minutes(&trader).await, [0, 1, 3, 4, 6, 7, 9]);
    assert_eq!(minutes(&trader).await, [0, 9, 7, 6, 4, 3, 1, 0]);
    assert_eq!(minutes(&trader).await, (0..10).collect::<Vec<_>>());
    let (_, pending) = trader.ask("GET", "/sim/faults", "", "").await.unwrap();
    assert_eq!((pending[0]["query"].as_str(), pending.as_array().unwrap().len()), (Some("interval=15m"), 1));
}
