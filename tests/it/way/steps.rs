//! Profit in parts, and everything at once.

use super::accounts::{assert_paid_out, decimal, realised};
use crate::support::Trader;
use crate::support::watching::filled;
use serde_json::json;
use wire::view::PositionGroupDetail;

fn states(group: &PositionGroupDetail) -> Vec<(&str, &str)> {
    group.take_profit_orders.iter().map(|order| (order.state.as_str(), order.quantity.as_str())).collect()
}

#[tokio::test]
async fn steps_are_sold_one_after_another_and_the_last_sells_what_is_left() {
    let trader = Trader::new().await;
    let steps = json!([
        {"profit_percent": "1", "amount_percent": "33"},
        {"profit_percent": "3", "amount_percent": "67"},
    ]);
    let group = trader.open(&trader.entry().with("take_profit", json!({"steps": steps}))).await;
    // 0.999 were received: a third of them, floored to the step, and the rest.
    let both = [("open", "0.32967"), ("open", "0.66933")];
    let held = trader.follow(&group, "both steps to rest", |group| states(group) == both).await;
    assert_eq!((held.group.take_profit.mode.as_str(), held.group.take_profit.steps.len()), ("aggregate", 2));
    trader.price_goes("100", "102").await;
    let part = trader.follow(&held.group.id, "the first step", |group| group.quantity == "0.66933").await;
    assert_eq!((part.group.status.as_str(), states(&part)), ("live", vec![("filled", "0.32967"), ("open", "0.66933")]));
    trader.price_goes("102", "104").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("take_profit"));
    assert!(realised(&closed) > decimal("2.3"), "{closed:#?}");
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn a_hybrid_closes_everything_where_the_price_of_all_is_reached() {
    let trader = Trader::new().await;
    let profit = json!({
        "mode": "hybrid", "all_profit_percent": "2",
        "steps": [{"profit_percent": "20", "amount_percent": "100"}],
    });
    let held = trader.hold(&trader.entry().with("take_profit", profit)).await;
    assert_eq!(held.group.protected, wire::view::Protection::ByPolling);
    trader.price_goes("100", "103").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(
        (closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)),
        (Some("take_profit"), 1)
    );
    assert_eq!(closed.take_profit_orders[0].state, "cancelled");
    assert_paid_out(&trader, &closed).await;
}
