//! An exchange that the `ccxt` library speaks for, as the simulator speaks its wire: Bybit. Its account is one test's alone.

use crate::exchanges::{assert_books_agree, is_filled};
use crate::support::Trader;
use crate::support::exchange::BYBIT;
use crate::support::memory::peaks;
use crate::support::watching::{entries, is_protected};
use serde_json::Value;
use wire::view::{Order, Protection};

/// Of a function that has the library linked.
const RESIDENT_MAX: u64 = 80_000_000;

#[tokio::test]
async fn an_alert_is_bought_protected_and_sold_by_the_library_and_an_answer_that_is_lost_is_no_second_order() {
    BYBIT.price("64000").await;
    let trader = BYBIT.trader().await;
    bought_protected_and_sold(&trader).await;
    the_answer_is_lost(&trader).await;
    // One has listed markets by the library, another has placed orders by it.
    for function in ["KeyCheckFunction", "OrderExecutorFunction"] {
        let all = peaks(function);
        assert!(!all.is_empty() && all.iter().all(|peak| *peak <= RESIDENT_MAX), "{function}: {all:?}");
    }
}

/// What the exchange has of an order of ours, which it has once.
async fn there(order: &Order) -> Value {
    let all = BYBIT.orders().await;
    let same: Vec<&Value> = all.iter().filter(|found| found["client_order_id"] == *order.client_order_id).collect();
    let [found] = same[..] else { panic!("{order:?} {same:?}") };
    found.clone()
}

async fn bought_protected_and_sold(trader: &Trader) {
    let group = trader.open(&BYBIT.entry("64000")).await;
    let held = trader.follow(&group, "its take-profit to rest", is_protected).await;
    assert!(is_filled(&held), "{held:#?}");
    assert_eq!(held.group.protected, Protection::ByPolling, "the exchange keeps no stops: {held:#?}");
    let target = held.take_profit_orders.iter().find(|order| order.state == "open").unwrap();
    let rests = there(target).await;
    assert_eq!((&rests["status"], rests["side"].as_str()), (&Value::from("new"), Some("sell")), "{rests}");
    let verdict = trader.judged(&BYBIT.exit()).await;
    assert_eq!((&*verdict.kind, verdict.mode.as_deref()), ("accepted", Some("live")), "{verdict:?}");
    let closed = trader.closed(&group).await;
    assert_eq!(closed.group.exit_reason.as_deref(), Some("signal"), "{closed:#?}");
    assert_eq!(there(target).await["status"], "cancelled");
    assert_books_agree(&BYBIT, &closed).await;
}

/// The exchange has taken the order, and nobody hears of it.
async fn the_answer_is_lost(trader: &Trader) {
    BYBIT.fault("reset_after", Value::Object(serde_json::Map::new())).await;
    let group = trader.open(&BYBIT.entry("64000")).await;
    let held = trader.follow(&group, "its entry to be found", is_filled).await;
    let [entry] = entries(&held)[..] else { panic!("{held:#?}") };
    assert_eq!(there(entry).await["filled"].as_str(), Some(entry.filled.as_str()));
    let asked = BYBIT.requests().await;
    let sent: Vec<&Value> = asked
        .iter()
        .filter(|seen| seen["purpose"] == "create" && seen["client_order_id"] == *entry.client_order_id)
        .collect();
    let [lost] = sent[..] else { panic!("{sent:?}") };
    assert_eq!(lost["fault"], "reset_after", "{lost}");
    trader.judged(&BYBIT.exit()).await;
    let closed = trader.closed(&group).await;
    assert_books_agree(&BYBIT, &closed).await;
}
