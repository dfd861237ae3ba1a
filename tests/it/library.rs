//! An exchange that the `ccxt` library speaks for, as the simulator speaks its wire: Bybit.

use crate::exchanges::{assert_books_agree, is_filled, the_answer_is_lost};
use crate::support::Trader;
use crate::support::exchange::BYBIT;
use crate::support::memory::peaks;
use crate::support::watching::is_protected;
use serde_json::{Value, json};
use wire::view::Protection;

/// Of a function that has the library linked.
const RESIDENT_MAX: u64 = 80_000_000;

#[tokio::test]
async fn an_alert_is_bought_protected_and_sold_by_the_library_and_an_answer_that_is_lost_is_no_second_order() {
    let _turn = BYBIT.turn();
    BYBIT.price("64000").await;
    let trader = BYBIT.trader().await;
    bought_protected_and_sold(&trader).await;
    the_answer_is_lost(&BYBIT, &trader, "reset_after", json!({})).await;
    // One has listed markets by the library, another has placed orders by it.
    for function in ["KeyCheckFunction", "OrderExecutorFunction"] {
        let all = peaks(function);
        assert!(!all.is_empty() && all.iter().all(|peak| *peak <= RESIDENT_MAX), "{function}: {all:?}");
    }
}

async fn bought_protected_and_sold(trader: &Trader) {
    let group = trader.open(&BYBIT.entry("64000")).await;
    let held = trader.follow(&group, "its take-profit to rest", is_protected).await;
    assert!(is_filled(&held), "{held:#?}");
    assert_eq!(held.group.protected, Protection::ByPolling, "the exchange keeps no stops: {held:#?}");
    let target = held.take_profit_orders.iter().find(|order| order.state == "open").unwrap();
    let rests = BYBIT.order(&target.client_order_id).await;
    assert_eq!((&rests["status"], rests["side"].as_str()), (&Value::from("new"), Some("sell")), "{rests}");
    let verdict = trader.judged(&BYBIT.exit()).await;
    assert_eq!(
        (verdict.kind.as_str(), verdict.mode.map(|word| word.as_str())),
        ("accepted", Some("live")),
        "{verdict:?}"
    );
    let closed = trader.closed(&group).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("signal"), "{closed:#?}");
    assert_eq!(BYBIT.order(&target.client_order_id).await["status"], "cancelled");
    assert_books_agree(&BYBIT, &closed).await;
}
