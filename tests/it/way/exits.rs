//! Out of a position because somebody says so.

use super::accounts::assert_paid_out;
use crate::support::Trader;
use crate::support::watching::filled;
use serde_json::json;

#[tokio::test]
async fn an_exit_alert_sells_what_is_held() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let verdict = trader.judged(&trader.exit()).await;
    assert_eq!((verdict.kind.as_str(), verdict.position_group_ids), ("accepted", vec![held.group.id.clone()]));
    let closed = trader.closed(&held.group.id).await;
    assert_eq!((closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)), (Some("signal"), 1));
    assert_paid_out(&trader, &closed).await;
}

#[tokio::test]
async fn a_user_closes_a_position_by_the_api_once() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let close = format!("/position-groups/{}/close", held.group.id);
    assert_eq!(trader.post(&close, &json!({})).await.status, 202);
    let closed = trader.closed(&held.group.id).await;
    assert_eq!((closed.group.exit_reason.map(|word| word.as_str()), filled(&closed.exit_orders)), (Some("user"), 1));
    assert_paid_out(&trader, &closed).await;
    let again = trader.post(&close, &json!({})).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("already_closed")));
}

#[tokio::test]
async fn an_exit_without_a_timeframe_closes_all_of_its_market() {
    let trader = Trader::new().await;
    let (hourly, daily) = (trader.entry(), trader.entry().tv("timeframe", "1D"));
    let groups = [trader.hold(&hourly).await.group.id, trader.hold(&daily).await.group.id];
    let verdict = trader.judged(&trader.exit().without_timeframe()).await;
    assert_eq!((verdict.kind.as_str(), verdict.position_group_ids.len()), ("accepted", 2));
    for group in &groups {
        trader.closed(group).await;
    }
}

#[tokio::test]
async fn an_exit_of_one_timeframe_leaves_the_other_alone() {
    let trader = Trader::new().await;
    let (hourly, daily) = (trader.entry(), trader.entry().tv("timeframe", "1D"));
    let (hourly, daily) = (trader.hold(&hourly).await.group.id, trader.hold(&daily).await.group.id);
    assert_eq!(trader.judged(&trader.exit()).await.position_group_ids, [hourly.as_str()]);
    trader.closed(&hourly).await;
    assert_eq!(trader.group(&daily).await.group.status, "live");
}
