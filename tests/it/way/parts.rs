//! A strategy makes its position smaller, and so becomes ours.

use super::accounts::{assert_paid_out, decimal, realised};
use crate::support::watching::filled;
use crate::support::{Setting, Trader};
use app::ports::FeeIn;
use serde_json::json;
use wire::view::PositionGroupDetail;

fn targets(group: &PositionGroupDetail) -> Vec<(&str, &str, &str)> {
    let told = group.take_profit_orders.iter();
    told.map(|order| (order.state.as_str(), order.price.as_deref().unwrap(), &*order.quantity)).collect()
}

#[tokio::test]
async fn a_share_is_sold_at_the_market_and_the_take_profit_rests_for_the_others() {
    let trader = Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await;
    let held = trader.hold(&trader.entry()).await;
    let smaller = trader.strategy("sell", ("long", "4"), ("long", "3")).with("partial_exit", true);
    let verdict = trader.judged(&smaller).await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("accepted", Some("reducing")), "{verdict:?}");
    assert_eq!(verdict.detail.as_deref(), Some("selling 0.25 of 1 held"));
    let rests = |group: &PositionGroupDetail| {
        group.quantity == "0.75" && targets(group).last().is_some_and(|(state, ..)| *state == "open")
    };
    let left = trader.follow(&held.group.id, "the rest to be protected", rests).await;
    // The average is the one of all that was bought, and so is the price.
    assert_eq!(targets(&left), [("cancelled", "101.71", "1"), ("open", "101.71", "0.75")]);
    // 25 − 0.025 − 0.25 × 100.1.
    assert_eq!((left.group.status.as_str(), realised(&left)), ("live", decimal("-0.05")));
    assert_eq!(left.reductions.len(), 1);
    trader.price_goes("100", "103").await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("take_profit"));
    // 0.75 × 101.71 × 0.999 − 0.75 × 100.1, less what the share has lost.
    assert_eq!(realised(&closed), decimal("1.0812175"));
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn a_share_of_pyramids_that_stand_alone_is_a_share_of_each() {
    let trader = Trader::with(Setting { fee_in: FeeIn::Quote, ..Setting::default() }).await;
    let pyramids = json!({"max": 1, "distance_percent": "0", "direction": "any", "close": "alone"});
    let steps = json!([{"profit_percent": "60", "amount_percent": "100"}]);
    let entry = trader.entry().with("take_profit", json!({"steps": steps})).with("pyramids", pyramids);
    let group = trader.hold(&entry).await.group.id;
    trader.price_stays("110").await;
    // 0.90909 more for 99.9999 and a fee of 0.0999999.
    assert_eq!(trader.judged(&trader.entry()).await.reason.as_deref(), Some("pyramid_added"));
    let resting = |group: &PositionGroupDetail| {
        let open = targets(group).into_iter().filter(|(state, ..)| *state == "open");
        open.map(|(.., quantity)| quantity.to_owned()).collect::<Vec<_>>()
    };
    trader.follow(&group, "both to be protected", |group| resting(group) == ["1", "0.90909"]).await;
    let smaller = trader.strategy("sell", ("long", "2"), ("long", "1")).with("partial_exit", true);
    let verdict = trader.judged(&smaller).await;
    assert_eq!(verdict.detail.as_deref(), Some("selling 0.95454 of 1.90909 held"), "{verdict:?}");
    let left = trader.follow(&group, "the halves to be protected", |group| resting(group) == ["0.5", "0.45455"]).await;
    let sold: Vec<_> = left.reductions.iter().map(|sold| (sold.pyramid, sold.quantity.as_str())).collect();
    assert_eq!((sold, filled(&left.exit_orders)), (vec![(0, "0.5"), (1, "0.45454")], 2));
    assert_eq!((left.group.status.as_str(), left.quantity.as_str()), ("live", "0.95455"));
    assert_eq!(trader.judged(&trader.exit()).await.kind, "accepted");
    let closed = trader.closed(&group).await;
    // All at 110: 209.9999, fees of 0.055, 0.0499994 and 0.1050005, and what was paid: 100.1 and 100.0998999.
    assert_eq!(realised(&closed), decimal("9.5900002"));
    assert_paid_out(&trader, &closed).await;
}
