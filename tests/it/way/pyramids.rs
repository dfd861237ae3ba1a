//! A position that is added to: its coins join, or stand each alone.

use super::accounts::{assert_paid_out, decimal, realised};
use crate::support::watching::filled;
use crate::support::{Alert, Setting, Trader};
use app::ports::FeeIn;
use serde_json::{Value, json};
use wire::view::{PositionGroupDetail, Verdict};

/// One that earns this much, and may be added to above what it has cost.
fn entry(trader: &Trader, profit: &str, pyramids: Value) -> Alert {
    let steps = json!([{"profit_percent": profit, "amount_percent": "100"}]);
    trader.entry().with("take_profit", json!({"steps": steps})).with("pyramids", pyramids)
}

async fn trader() -> Trader {
    Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await
}

async fn judged(trader: &Trader, alert: &Alert) -> String {
    let Verdict { kind, reason, .. } = trader.judged(alert).await;
    format!("{kind}: {}", reason.as_deref().unwrap_or_default())
}

/// Price and quantity of the take-profits that rest.
fn resting(group: &PositionGroupDetail) -> Vec<(&str, &str)> {
    let open = group.take_profit_orders.iter().filter(|order| order.state == "open");
    open.map(|order| (order.price.as_deref().unwrap(), &*order.quantity)).collect()
}

#[tokio::test]
async fn coins_that_join_are_sold_from_the_average_of_all() {
    let trader = trader().await;
    let pyramids = json!({"max": 1, "distance_percent": "2", "size_factor": "0.5", "close": "together"});
    let entry = || entry(&trader, "5", pyramids.clone());
    let group = trader.hold(&entry()).await.group.id;
    // Below 100.1 × 1.02.
    trader.price_stays("102.1").await;
    assert_eq!(judged(&trader, &entry()).await, "refused: pyramid_distance");
    trader.price_stays("104").await;
    assert_eq!(judged(&trader, &entry()).await, "accepted: pyramid_added");
    // For 50: 0.48076, which cost 49.99904 and a fee of 0.04999904.
    let is_whole = |group: &PositionGroupDetail| resting(group).iter().any(|(_, quantity)| *quantity == "1.48076");
    let held = trader.follow(&group, "both to be bought and protected", is_whole).await;
    // 150.14903904 ÷ 1.48076 = 101.39998, × 1.05 ÷ 0.999 and up; × 0.95 and down.
    assert_eq!(resting(&held), [("106.58", "1.48076")]);
    assert_eq!((held.stop_price.as_deref(), held.pyramids.len()), (Some("96.32"), 2));
    assert_eq!(judged(&trader, &entry()).await, "refused: pyramids_max");
    trader.price_goes("104", "107").await;
    let closed = trader.closed(&group).await;
    assert_eq!(
        (closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.take_profit_orders)),
        (Some("take_profit"), 1)
    );
    // 157.8194008, its fee of 0.1578194008 up to eight decimals, and 150.14903904.
    assert_eq!(realised(&closed), decimal("7.51254235"));
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn coins_that_stand_alone_are_stopped_alone() {
    let trader = trader().await;
    let entry = entry(&trader, "60", json!({"max": 3, "distance_percent": "2", "close": "alone"}));
    let group = trader.hold(&entry.with("stop_loss_percent", "5")).await.group.id;
    trader.price_stays("110").await;
    assert_eq!(judged(&trader, &trader.entry()).await, "accepted: pyramid_added");
    // For 100: 0.90909, which cost 99.9999 and a fee of 0.0999999.
    let both = trader.follow(&group, "both to be protected", |group| resting(group).len() == 2).await;
    let stops: Vec<_> = both.pyramids.iter().map(|pyramid| pyramid.stop_price.as_deref()).collect();
    // 100.1 × 0.95 and 110.11 × 0.95.
    assert_eq!((both.quantity.as_str(), stops), ("1.90909", vec![Some("95.09"), Some("104.6")]));
    trader.price_goes("110", "104").await;
    let left = trader.follow(&group, "the newer to be sold", |group| group.quantity == "1").await;
    let ended: Vec<_> = left.pyramids.iter().map(|pyramid| pyramid.exit_reason.map(|word| word.as_str())).collect();
    assert_eq!((left.group.status.as_str(), ended), ("live", vec![None, Some("stop_loss")]));
    assert_eq!((resting(&left)[0].1, filled(&left.exit_orders)), ("1", 1), "the older is as it was");
    assert_eq!(judged(&trader, &trader.exit()).await, "accepted: closing");
    let closed = trader.closed(&group).await;
    assert_eq!((closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)), (Some("signal"), 2));
    // 1.90909 × 104 × 0.999 = 198.34681464, − 100.1 − 100.0998999.
    assert_eq!(realised(&closed), decimal("-1.85308526"));
    assert_paid_out(&trader, &closed).await;
}
