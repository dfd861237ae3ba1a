//! A ladder that falls and recovers.

use super::accounts::{assert_let_go, assert_paid_out, decimal, realised};
use crate::support::watching::entries;
use crate::support::{Setting, Trader};
use app::ports::FeeIn;
use serde_json::{Value, json};
use wire::view::PositionGroupDetail;

fn safety_orders() -> Value {
    json!({"count": 3, "quote": "50", "deviation_percent": "2", "active": 2})
}

/// Prices and states of the entries behind the base order.
fn legs(group: &PositionGroupDetail) -> Vec<(String, String)> {
    let mut legs: Vec<_> = entries(group).into_iter().skip(1).collect();
    legs.sort_by(|a, b| b.price.cmp(&a.price));
    legs.into_iter().map(|leg| (leg.price.clone().unwrap(), leg.state.to_string())).collect()
}

fn rests(group: &PositionGroupDetail, wanted: &[(&str, &str)]) -> bool {
    let wanted: Vec<_> = wanted.iter().map(|(price, state)| ((*price).to_owned(), (*state).to_owned())).collect();
    legs(group) == wanted
}

#[tokio::test]
async fn a_ladder_falls_recovers_and_is_sold_from_its_average() {
    let trader = Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await;
    let group = trader.open(&trader.entry().with("safety_orders", safety_orders())).await;
    // From 100.1, what the base order has cost with its fee.
    let armed = [("98.09", "open"), ("96.09", "open")];
    let held = trader.follow(&group, "two legs to rest", |group| rests(group, &armed)).await;
    assert_eq!(held.group.safety_orders, 3);
    let account = trader.account_state().await;
    assert_eq!(account.exposure, "250", "the whole ladder is planned for");
    assert_eq!(account.balances["USDT"].reserved, "150.15", "and held for");

    trader.price_goes("100", "97").await;
    let fallen = [("98.09", "filled"), ("96.09", "open"), ("94.09", "open")];
    let lower = trader.follow(&group, "the first leg and the third in its place", |group| rests(group, &fallen)).await;
    assert_eq!(lower.quantity, "1.50973");
    let target = |group: &PositionGroupDetail| {
        let resting = group.take_profit_orders.iter().find(|order| order.state == "open");
        resting.map(|order| (order.price.clone().unwrap(), order.quantity.clone()))
    };
    let wanted = Some(("101.05".to_owned(), "1.50973".to_owned()));
    trader.follow(&group, "the take-profit of the new average", |group| target(group) == wanted).await;

    trader.price_goes("97", "103").await;
    let closed = trader.closed(&group).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("take_profit"));
    assert!(rests(&closed, &[("98.09", "filled"), ("96.09", "cancelled"), ("94.09", "cancelled")]), "{closed:#?}");
    assert!(realised(&closed) > decimal("2.2"), "{closed:#?}");
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn an_exit_takes_the_legs_back() {
    let trader = Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await;
    let group = trader.open(&trader.entry().with("safety_orders", safety_orders())).await;
    let armed = [("98.09", "open"), ("96.09", "open")];
    trader.follow(&group, "two legs to rest", |group| rests(group, &armed)).await;
    trader.deliver(&trader.exit()).await;
    let closed = trader.closed(&group).await;
    assert!(rests(&closed, &[("98.09", "cancelled"), ("96.09", "cancelled")]), "{closed:#?}");
    assert_let_go(&trader).await;
}

#[tokio::test]
async fn a_ladder_that_the_market_would_not_take_opens_nothing() {
    let trader = Trader::new().await;
    let tiny = json!({"count": 3, "quote": "4", "deviation_percent": "2"});
    let delivery = trader.deliver(&trader.entry().with("safety_orders", tiny)).await;
    let verdict = trader.verdict(&delivery, |_| true).await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("refused", Some("below_notional_min")));
    assert!(verdict.detail.unwrap().starts_with("level 1: below_notional_min: "));
}

#[tokio::test]
async fn a_total_is_split_over_listed_places() {
    let trader = Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await;
    let places = json!([{"deviation_percent": "2"}, {"deviation_percent": "4"}]);
    let entry = trader.entry().without("base_order").with("total", json!({"quote": "200", "weights": ["2", "1", "1"]}));
    let group = trader.open(&entry.with("safety_orders", json!({"custom": places, "active": 2}))).await;
    let armed = [("98.09", "open"), ("96.09", "open")];
    trader.follow(&group, "both legs to rest", |group| rests(group, &armed)).await;
    assert_eq!(trader.account_state().await.balances["USDT"].reserved, "100.1", "50 each, with the fee");
    trader.deliver(&trader.exit()).await;
    trader.closed(&group).await;
    assert_let_go(&trader).await;
}

#[tokio::test]
async fn legs_at_the_market_rest_nowhere_and_are_bought_where_their_price_is_seen() {
    let trader = Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await;
    let orders = json!({"count": 2, "quote": "50", "deviation_percent": "2", "at_market": true});
    let group = trader.hold(&trader.entry().with("safety_orders", orders)).await.group.id;
    trader.price_goes("100", "97").await;
    let bought =
        |group: &PositionGroupDetail| entries(group).iter().filter(|entry| entry.state == "filled").count() == 2;
    let held = trader.follow(&group, "the first leg to be bought", bought).await;
    assert_eq!((held.quantity.as_str(), entries(&held).len()), ("1.51546", 2), "50 at 97, and no order behind it");
    trader.deliver(&trader.exit()).await;
    let closed = trader.closed(&group).await;
    assert_paid_out(&trader, &closed).await;
    assert_let_go(&trader).await;
}

#[tokio::test]
async fn what_no_balance_would_pay_for_opens_nothing() {
    let trader = Trader::new().await;
    let half = json!({"balance_percent": "50"});
    let legs = json!({"custom": [{"deviation_percent": "2", "balance_percent": "50"}]});
    let delivery = trader.deliver(&trader.entry().with("base_order", half).with("safety_orders", legs)).await;
    let verdict = trader.verdict(&delivery, |_| true).await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("refused", Some("balance_too_small")));
}
