//! The way that everybody hopes for, and the one that they fear.

use super::accounts::{assert_let_go, assert_paid_out, decimal, realised};
use crate::support::until::until_told;
use crate::support::watching::{entries, filled, is_protected};
use crate::support::{Setting, Trader};
use app::ports::FeeIn;
use domain::clock::Millis;
use domain::money::Decimal;

#[tokio::test]
async fn an_alert_becomes_a_position_that_is_sold_with_profit() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    assert_eq!((entries(&held)[0].state.as_str(), held.quantity.as_str()), ("filled", "0.999"));
    assert_eq!(
        (&*held.take_profit_orders[0].price.clone().unwrap(), &*held.take_profit_orders[0].quantity),
        ("101.71", "0.999")
    );
    trader.price_goes("100", "103").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("take_profit"));
    assert!(realised(&closed) > decimal("1.49"), "{closed:#?}");
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn fees_in_quote_are_paid_from_the_same_profit() {
    let trader = Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await;
    let held = trader.hold(&trader.entry()).await;
    assert_eq!((held.quantity.as_str(), held.fees.0["USDT"].as_str()), ("1", "0.1"));
    trader.price_goes("100", "103").await;
    let closed = trader.closed(&held.group.id).await;
    assert!(realised(&closed) >= decimal("1.5015"), "{closed:#?}");
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn what_is_too_little_to_be_sold_stays_as_dust_and_is_no_loss() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry().buying("0.12345")).await;
    trader.price_goes("100", "103").await;
    let closed = trader.closed(&held.group.id).await;
    let dust = decimal(closed.group.dust.as_deref().unwrap());
    assert_eq!((dust, trader.base_at_venue().await), (decimal("0.00000655"), dust));
    // Bought 0.12332655 for 12.345: what was sold of it cost its share, and the rest is still there.
    let gained = trader.quote_at_venue().await - decimal("10000");
    let kept = dust * decimal(closed.average_price.as_deref().unwrap());
    assert!((realised(&closed) - (gained + kept)).abs() <= Decimal::new(1, 8), "{closed:#?}");
    assert_let_go(&trader).await;
}

#[tokio::test]
async fn a_falling_price_is_sold_at_the_stop() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    assert_eq!(held.stop_price.as_deref(), Some("95.09"));
    trader.price_goes("100", "94").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("stop_loss"));
    assert_eq!((filled(&closed.exit_orders), closed.take_profit_orders[0].state.as_str()), (1, "cancelled"));
    assert_paid_out(&trader, &closed).await;
    let lost = decimal(&trader.account_state().await.day_loss);
    assert_eq!(lost, -realised(&closed), "the day's loss is what was lost");
}

#[tokio::test]
async fn a_price_between_stop_and_target_changes_nothing() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    trader.price_goes("100", "97").await;
    let seen = trader
        .follow(&held.group.id, "the new price to be seen", |group| {
            group.group.mark.as_ref().is_some_and(|mark| mark.price == "97")
        })
        .await;
    assert_eq!((seen.group.status.as_str(), seen.group.protected), ("live", wire::view::Protection::ByPolling));
    assert!(decimal(seen.unrealised_pnl.as_deref().unwrap()) < decimal("-3"));
}

#[tokio::test]
async fn the_minute_alone_brings_a_position_to_its_end() {
    let trader = Trader::new().await;
    let group = trader.open(&trader.entry()).await;
    trader.wait_for(&group, "its take-profit to rest", is_protected).await;
    trader.price_goes("100", "103").await;
    let closed = trader.wait_for(&group, "the minute", |group| group.group.status == "closed").await;
    assert_paid_out(&trader, &closed).await;
}

/// The pass that finds the fill is the one that asks for the balance.
#[tokio::test]
async fn a_fill_that_the_venues_balance_holds_already_is_counted_once() {
    let setting = Setting { balance_age: Millis::seconds(40), ..Setting::default() };
    let trader = Trader::with(setting).await;
    let group = trader.open(&trader.entry()).await;
    trader.wait_for(&group, "its take-profit to rest", is_protected).await;
    // A pass that queries the balance while the entry is bought may get one without it. The next pass queries again.
    let ours = async || decimal(&trader.account_state().await.balances["USDT"].balance);
    until_told("the entry in our balance", async || {
        let (ours, theirs) = (ours().await, trader.quote_at_venue().await);
        if ours == theirs { Ok(()) } else { Err((ours, theirs)) }
    })
    .await;
    trader.price_goes("100", "103").await;
    trader.closed(&group).await;
    assert_eq!(ours().await, trader.quote_at_venue().await);
}
