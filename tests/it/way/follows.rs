//! Exits that follow the price, and one that waits.

use super::accounts::{assert_paid_out, decimal, realised};
use crate::support::watching::filled;
use crate::support::{Alert, Setting, Trader};
use app::ports::FeeIn;
use serde_json::json;
use wire::view::PositionGroupDetail;

/// One coin for 100.1 with its fee, and a take-profit that is far away.
fn entry(trader: &Trader) -> Alert {
    trader.entry().with("take_profit", json!({"steps": [{"profit_percent": "50", "amount_percent": "100"}]}))
}

async fn trader() -> Trader {
    Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await
}

#[tokio::test]
async fn a_take_profit_trails_its_peak_and_sells_behind_it() {
    let trader = trader().await;
    let profit = json!({"steps": [{"profit_percent": "1.5", "amount_percent": "100"}], "trailing_percent": "1"});
    let group = trader.open(&trader.entry().with("take_profit", profit)).await;
    let group = trader.follow(&group, "the coin to be bought", |group| group.quantity == "1").await;
    // 100.1 × 1.015 ÷ 0.999 = 101.7032, up to the tick.
    assert_eq!((group.take_profit_arms_at.as_deref(), group.group.take_profit.trailing), (Some("101.71"), None));
    trader.price_stays("104").await;
    let armed = |group: &PositionGroupDetail| group.group.take_profit.trailing.is_some();
    let armed = trader.follow(&group.group.id, "the take-profit to be armed", armed).await;
    let trailing = armed.group.take_profit.trailing.unwrap();
    // 104 × 0.99.
    assert_eq!((trailing.peak.as_str(), trailing.sells_at.as_deref()), ("104", Some("102.96")));
    assert_eq!((armed.group.status.as_str(), armed.take_profit_orders.len()), ("live", 0), "nothing rests for it");
    trader.price_goes("104", "102.9").await;
    let closed = trader.closed(&group.group.id).await;
    assert_eq!(
        (closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)),
        (Some("take_profit"), 1)
    );
    // 102.9 − 0.1029 − 100.1.
    assert_eq!(realised(&closed), decimal("2.6971"));
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn a_stop_trails_the_highest_price_and_sells_above_what_was_paid() {
    let trader = trader().await;
    let held = trader.hold(&entry(&trader).with("stop_loss_percent", "5").with("stop_loss_trailing", true)).await;
    trader.price_stays("110").await;
    // 110 × 0.95, and no longer 100.1 × 0.95 = 95.095.
    let risen = |group: &PositionGroupDetail| group.stop_price.as_deref() == Some("104.5");
    trader.follow(&held.group.id, "the stop to rise", risen).await;
    trader.price_goes("110", "104").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(
        (closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)),
        (Some("stop_loss"), 1)
    );
    // 104 − 0.104 − 100.1.
    assert_eq!(realised(&closed), decimal("3.796"));
    assert_paid_out(&trader, &closed).await;
    assert_eq!(trader.account_state().await.day_loss, "0");
}

#[tokio::test]
async fn a_stop_that_waits_begins_anew_where_the_price_comes_back() {
    let trader = trader().await;
    let delayed = entry(&trader).with("stop_loss_percent", "5").with("stop_loss_delay_seconds", 8);
    let held = trader.hold(&delayed).await;
    trader.price_goes("100", "95").await;
    let waits = |group: &PositionGroupDetail| group.group.below_stop_since.is_some();
    let first = trader.follow(&held.group.id, "the stop to wait", waits).await;
    trader.price_stays("96").await;
    trader.follow(&held.group.id, "its wait to end", |group| !waits(group)).await;
    trader.price_goes("96", "94").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("stop_loss"));
    let (since, left) = (closed.group.below_stop_since.unwrap(), closed.group.exit_at.unwrap());
    assert!(since > first.group.below_stop_since.unwrap(), "{closed:#?}");
    assert!(left.0.since(since.0).get() >= 8_000, "{closed:#?}");
    // 94 − 0.094 − 100.1: what it waited for is lost.
    assert_eq!(realised(&closed), decimal("-6.194"));
    assert_paid_out(&trader, &closed).await;
}
