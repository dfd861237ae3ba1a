//! A venue call that never comes back: the process dies, the connection breaks, nothing answers. Each time the venue had
//! accepted the order, and each time there is one.

use crate::support::Trader;
use crate::support::watching::{entries, filled, is_protected};
use app::ports::FaultKind;
use domain::money::Decimal;
use wire::view::PositionGroupDetail;

/// Of an order whose sender is dead: the executor that gets its message notices, or the watch has seen the order before.
const LOST: [&str; 2] = ["lost track", "seen at the venue"];

#[tokio::test]
async fn an_executor_killed_after_the_venue_took_the_entry_is_found_out() {
    entry_is_found(FaultKind::Abort, &LOST).await;
}

#[tokio::test]
async fn an_entry_whose_connection_was_reset_is_found() {
    entry_is_found(FaultKind::Reset, &["outcome unknown"]).await;
}

#[tokio::test]
async fn an_entry_that_was_never_answered_is_found() {
    entry_is_found(FaultKind::Hang, &["outcome unknown"]).await;
}

#[tokio::test]
async fn an_executor_killed_after_the_venue_took_the_take_profit_is_found_out() {
    take_profit_is_found(FaultKind::Abort, &LOST).await;
}

#[tokio::test]
async fn a_take_profit_whose_connection_was_reset_is_found() {
    take_profit_is_found(FaultKind::Reset, &["outcome unknown"]).await;
}

#[tokio::test]
async fn an_executor_killed_after_the_venue_took_the_exit_sells_nothing_twice() {
    Box::pin(exit_is_found(FaultKind::Abort)).await;
}

#[tokio::test]
async fn an_exit_that_was_never_answered_sells_nothing_twice() {
    Box::pin(exit_is_found(FaultKind::Hang)).await;
}

async fn entry_is_found(fault: FaultKind, history: &[&str]) {
    let trader = Trader::new().await;
    trader.fault(fault, 1).await;
    let delivery = trader.deliver(&trader.entry()).await;
    let group = trader.verdict(&delivery, |_| true).await.position_group_ids.remove(0);
    let live = trader.follow(&group, "the lost entry to be found", is_protected).await;
    assert_fault_was_had(&trader, &live, history).await;
    assert_eq!(filled(entries(&live)), 1, "{live:#?}");
    assert_eq!(trader.orders_at_venue().await, 2, "an entry and its take-profit");
    assert_eq!(trader.base_at_venue().await.to_string(), "0.999", "bought once");
    assert_eq!(trader.find_delivery(&delivery).await.verdict.unwrap().kind, "accepted");
}

async fn take_profit_is_found(fault: FaultKind, history: &[&str]) {
    let trader = Trader::new().await;
    let resting = trader.open(&trader.entry().limit("80")).await;
    trader.follow(&resting, "the entry to rest", |group| entries(group)[0].state == "open").await;
    trader.fault(fault, 1).await;
    trader.price_goes("100", "79").await;
    let live = trader.follow(&resting, "the lost take-profit to be found", is_protected).await;
    assert_fault_was_had(&trader, &live, history).await;
    assert_eq!(trader.orders_at_venue().await, 2, "an entry and its take-profit");
}

async fn exit_is_found(fault: FaultKind) {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    trader.fault(fault, 1).await;
    trader.judged(&trader.exit()).await;
    let closed = trader.closed(&held.group.id).await;
    assert!(trader.book().await.fault.is_none_or(|fault| fault.times == 0), "{closed:#?}");
    assert_eq!(filled(&closed.exit_orders), 1, "{closed:#?}");
    assert_eq!(trader.orders_at_venue().await, 3, "an entry, its take-profit and the exit");
    assert_eq!(trader.base_at_venue().await, Decimal::ZERO);
}

async fn assert_fault_was_had(trader: &Trader, group: &PositionGroupDetail, history: &[&str]) {
    assert!(trader.book().await.fault.is_none_or(|fault| fault.times == 0), "{group:#?}");
    let told = group.history.iter().any(|entry| history.iter().any(|word| entry.why.contains(word)));
    assert!(told, "no {history:?} in {:#?}", group.history);
}
