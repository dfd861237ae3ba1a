//! Whole trades, in which several of the rules meet.

use super::accounts::{assert_paid_out, decimal, realised};
use crate::support::watching::{entries, filled};
use crate::support::{Setting, Trader};
use app::ports::FeeIn;
use serde_json::{Value, json};
use wire::view::PositionGroupDetail;

async fn trader() -> Trader {
    Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await
}

fn steps(steps: &[(&str, &str)]) -> Value {
    let step = |(profit, amount): &(&str, &str)| json!({"profit_percent": profit, "amount_percent": amount});
    steps.iter().map(step).collect()
}

/// Price and quantity of what rests to be sold, the cheapest first.
fn resting(group: &PositionGroupDetail) -> Vec<(String, String)> {
    let open = group.take_profit_orders.iter().filter(|order| order.state == "open");
    let mut told: Vec<_> = open.map(|order| (order.price.clone().unwrap(), order.quantity.clone())).collect();
    told.sort_by_key(|(price, _)| decimal(price));
    told
}

fn sells(group: &PositionGroupDetail, wanted: &[(&str, &str)]) -> bool {
    let wanted: Vec<_> = wanted.iter().map(|(price, of)| ((*price).to_owned(), (*of).to_owned())).collect();
    resting(group) == wanted
}

fn rest_to_buy(group: &PositionGroupDetail) -> Vec<&str> {
    let open = entries(group).into_iter().filter(|order| order.state == "open");
    open.map(|order| order.price.as_deref().unwrap()).collect()
}

#[tokio::test]
async fn legs_are_sold_each_by_itself_and_the_rest_at_a_stop_from_the_average() {
    let trader = trader().await;
    let entry = trader
        .entry()
        .with("safety_orders", json!({"count": 2, "quote": "50", "deviation_percent": "2", "active": 2}))
        .with("take_profit", json!({"mode": "per_leg", "steps": steps(&[("2", "100")])}))
        .with("stop_loss_percent", "10")
        .with("stop_loss_basis", "average");
    let group = trader.open(&entry).await;
    let armed = |group: &PositionGroupDetail| rest_to_buy(group) == ["98.09", "96.09"];
    trader.follow(&group, "both legs to rest", armed).await;
    trader.price_goes("100", "95").await;
    // Each cost × 1.02 ÷ 0.999, up to the tick.
    let each = [("98.21", "0.52034"), ("100.26", "0.50973"), ("102.21", "1")];
    let held = trader.follow(&group, "each leg's own take-profit", |group| sells(group, &each)).await;
    // 200.19883895 ÷ 2.03007 = 98.6167, × 0.9 and down.
    assert_eq!((held.quantity.as_str(), held.stop_price.as_deref()), ("2.03007", Some("88.75")));

    trader.price_goes("95", "99").await;
    let left = trader.follow(&group, "the deepest leg to be sold", |group| group.quantity == "1.50973").await;
    assert_eq!((left.group.status.as_str(), filled(&left.take_profit_orders)), ("live", 1));
    assert_eq!(left.stop_price.as_deref(), Some("88.75"), "of all that was bought");

    trader.price_goes("99", "87").await;
    let closed = trader.closed(&group).await;
    assert_eq!(
        (closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)),
        (Some("stop_loss"), 1)
    );
    // 0.52034 at 98.21 and 1.50973 at 87, less their fees and what all have cost.
    assert_eq!(realised(&closed), decimal("-17.93223291"));
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn a_step_is_sold_the_stop_goes_to_break_even_and_time_ends_the_rest() {
    let trader = trader().await;
    let entry = trader
        .entry()
        .with("take_profit", json!({"steps": steps(&[("1", "50"), ("20", "50")])}))
        .with("stop_loss_percent", "5")
        .with("break_even_after_step", 1)
        .with("time_limit_minutes", 2);
    let group = trader.open(&entry).await;
    let both = [("101.21", "0.5"), ("120.25", "0.5")];
    let held = trader.follow(&group, "both steps to rest", |group| sells(group, &both)).await;
    assert_eq!(held.stop_price.as_deref(), Some("95.09"));
    assert_eq!((held.group.break_even_after_step, held.group.time_limit_minutes), (Some(1), Some(2)));

    trader.price_goes("100", "102").await;
    let part = trader.follow(&group, "the first step", |group| group.quantity == "0.5").await;
    // 100.1 ÷ 0.999, up to the tick.
    assert_eq!((part.group.status.as_str(), part.stop_price.as_deref()), ("live", Some("100.21")));

    let closed = trader.closed(&group).await;
    assert_eq!(
        (closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)),
        (Some("time_limit"), 1)
    );
    let lived = closed.group.exit_at.unwrap().0.since(closed.group.opened_at.0);
    assert!(lived.get() >= 120_000, "{closed:#?}");
    // Half at 101.21, half at 102, less their fees, − 100.1.
    assert_eq!(realised(&closed), decimal("1.403395"));
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn a_risk_is_what_its_whole_ladder_loses_at_the_stop() {
    let trader = trader().await;
    let orders =
        json!({"count": 2, "deviation_percent": "2", "step_scale": "1.5", "dialect": "compounding", "active": 1});
    let entry = trader
        .entry()
        .without("base_order")
        .with("total", json!({"risk": "25", "weights": ["1", "2", "3"]}))
        .with("safety_orders", orders)
        .with("take_profit", json!({"steps": steps(&[("50", "100")])}))
        .with("stop_loss_percent", "9");
    let group = trader.open(&entry).await;
    // From 100.1, what a coin has cost: 2 % below, and 3 % below that.
    let armed = |group: &PositionGroupDetail| rest_to_buy(group) == ["98.09"];
    let held = trader.follow(&group, "the first leg to rest", armed).await;
    let planned: Vec<_> = held.pyramids[0].planned_legs.iter().map(|leg| (&*leg.price, &*leg.quantity)).collect();
    assert_eq!(planned, [("95.14", "2.12383")], "and the second to be a plan");
    let rule = held.group.ladder.unwrap();
    assert_eq!(
        (rule.dialect.map(|word| word.as_str()), rule.step_scale.as_deref(), rule.active),
        (Some("compounding"), Some("1.5"), 1)
    );
    assert_eq!(held.stop_price.as_deref(), Some("91.09"));
    trader.price_goes("100", "98").await;
    let armed = |group: &PositionGroupDetail| rest_to_buy(group) == ["95.14"];
    trader.follow(&group, "the second leg to rest", armed).await;
    trader.price_goes("98", "95").await;
    let is_down = |group: &PositionGroupDetail| filled(entries(group)) == 3;
    trader.follow(&group, "all of it to be bought", is_down).await;

    trader.price_goes("95", "91.09").await;
    let closed = trader.closed(&group).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("stop_loss"));
    let lost = -realised(&closed);
    assert!(lost <= decimal("25") && lost > decimal("24.999"), "{lost}: quantities are put on their step downwards");
    assert_paid_out(&trader, &closed).await;
}
