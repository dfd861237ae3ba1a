//! Stops that rest at the venue, beside a take-profit of which one cancels the other.

use super::accounts::{assert_paid_out, decimal, realised};
use crate::support::watching::filled;
use crate::support::{Setting, Trader};
use app::ports::FeeIn;
use serde_json::json;
use wire::view::{Order, PositionGroupDetail, Protection};

/// One coin for 100.1 with its fee, whose take-profit and stop rest as a pair.
async fn hold_with_a_pair(trader: &Trader) -> PositionGroupDetail {
    let group = trader.open(&trader.entry()).await;
    let at_venue = |group: &PositionGroupDetail| group.group.protected == Protection::AtVenue;
    let held = trader.follow(&group, "its pair to rest at the venue", at_venue).await;
    // 100.1 × 1.015 ÷ 0.999 = 101.7032, up to the tick; 100.1 × 0.95 = 95.095, down.
    assert_eq!(told(last(&held)), ("oco", "open", Some("101.71"), Some("95.09"), false), "{held:#?}");
    assert_eq!((last(&held).quantity.as_str(), held.stop_price.as_deref()), ("1", Some("95.09")));
    let stop = last(&held).stop_client_order_id.as_deref();
    assert!(stop.is_some_and(|stop| stop != last(&held).client_order_id), "each half has an id of its own");
    assert_eq!(trader.book().await.open.len(), 2, "both halves rest");
    held
}

fn last(group: &PositionGroupDetail) -> &Order {
    group.take_profit_orders.last().unwrap()
}

/// Type, state, limit, stop, and whether the stop has sold it.
fn told(order: &Order) -> (&str, &str, Option<&str>, Option<&str>, bool) {
    let Order { kind, state, price, stop_price, stop_triggered, .. } = order;
    (kind.as_str(), state.as_str(), price.as_deref(), stop_price.as_deref(), *stop_triggered)
}

async fn trader() -> Trader {
    Trader::with(Setting { fee_in: FeeIn::Quote, stops: true, ..Setting::default() }).await
}

#[tokio::test]
async fn a_pair_is_filled_by_its_limit() {
    let trader = trader().await;
    let held = hold_with_a_pair(&trader).await;
    trader.price_goes("100", "103").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(
        (closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)),
        (Some("take_profit"), 0)
    );
    assert_eq!(told(last(&closed)), ("oco", "filled", Some("101.71"), Some("95.09"), false));
    assert_eq!(last(&closed).average_fill_price.as_deref(), Some("101.71"));
    // 101.71 − 0.10171 − 100.1.
    assert_eq!(realised(&closed), decimal("1.50829"));
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn a_pair_is_sold_by_its_stop_at_the_venue() {
    let trader = trader().await;
    let held = hold_with_a_pair(&trader).await;
    trader.price_goes("100", "94").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(
        (closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)),
        (Some("stop_loss"), 0)
    );
    assert_eq!(told(last(&closed)), ("oco", "filled", Some("101.71"), Some("95.09"), true));
    assert_eq!(last(&closed).average_fill_price.as_deref(), Some("94"), "at the price that set it off");
    // 94 − 0.094 − 100.1.
    assert_eq!(realised(&closed), decimal("-6.194"));
    assert_paid_out(&trader, &closed).await;
    assert_eq!(decimal(&trader.account_state().await.day_loss), decimal("6.194"));
}

/// As `cargo xtask paper --stops --orders-max` sets it.
#[tokio::test]
async fn what_a_market_allows_holds_for_groups_that_are_opened_afterwards() {
    let trader = Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await;
    let daily = trader.hold(&trader.entry().tv("timeframe", "1D")).await;
    assert_eq!((daily.group.protected, last(&daily).kind.as_str()), (Protection::ByPolling, "limit"));
    trader.aws.set_market(&trader.market.key, Some(true), Some(3)).await.unwrap();
    let orders = json!({"count": 2, "quote": "50", "deviation_percent": "1", "active": 2});
    let too_many = trader.entry().with("safety_orders", orders).with("stop_loss_percent", "9");
    let verdict = trader.judged(&too_many).await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("refused", Some("too_many_orders")), "{verdict:?}");
    let group = trader.open(&trader.entry()).await;
    let at_venue = |group: &PositionGroupDetail| group.group.protected == Protection::AtVenue;
    trader.follow(&group, "its pair to rest at the venue", at_venue).await;
    assert_eq!(trader.group(&daily.group.id).await.group.protected, Protection::ByPolling, "it keeps its market");
}
