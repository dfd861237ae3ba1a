//! Limit entries: they rest, they fill, they are taken back.

use super::accounts::{assert_let_go, assert_paid_out, decimal};
use crate::support::Trader;
use crate::support::watching::entries;
use serde_json::json;
use wire::view::PositionGroupDetail;

#[tokio::test]
async fn a_limit_entry_rests_until_the_price_comes_to_it() {
    let trader = Trader::new().await;
    let group = resting(&trader).await;
    assert_eq!(trader.account_state().await.balances["USDT"].reserved, "100.1", "with its fee");
    trader.price_goes("100", "79").await;
    let held = trader.follow(&group.group.id, "the entry to fill", |group| group.quantity != "0").await;
    assert_eq!(held.fills[0].price, "80", "a limit order is filled at its limit");
    trader.price_goes("79", "83").await;
    assert_paid_out(&trader, &trader.closed(&group.group.id).await).await;
}

#[tokio::test]
async fn pending_entries_are_taken_back_and_the_group_has_failed() {
    let trader = Trader::new().await;
    let group = resting(&trader).await.group.id;
    let cancel = format!("/position-groups/{group}/cancel-pending");
    assert_eq!(trader.post(&cancel, &json!({})).await.status, 202);
    let failed = trader.follow(&group, "the entry to be cancelled", |group| group.group.status == "failed").await;
    assert_eq!((entries(&failed)[0].state.as_str(), failed.group.realised_pnl.as_deref()), ("cancelled", Some("0")));
    assert_let_go(&trader).await;
    let again = trader.post(&cancel, &json!({})).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("already_closed")));
    let delivery = trader.find_delivery(&failed.group.delivery_id).await;
    assert_eq!(delivery.verdict.unwrap().kind, "accepted", "a person's own cancel is no refusal of the alert");
}

#[tokio::test]
async fn one_entry_is_taken_back_by_its_id_and_what_protects_is_not() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let protective = trader.post(&format!("/orders/{}/cancel", held.take_profit_orders[0].id), &json!({})).await;
    assert_eq!((protective.status, &protective.json()["code"]), (409, &json!("protective_order")));
    let resting = resting_in(&trader, "1D").await;
    let cancel = format!("/orders/{}/cancel", entries(&resting)[0].id);
    assert_eq!(trader.post(&cancel, &json!({})).await.status, 202);
    trader.follow(&resting.group.id, "the entry to be cancelled", |group| group.group.status == "failed").await;
    let again = trader.post(&cancel, &json!({})).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("already_final")));
    assert_eq!(trader.group(&held.group.id).await.group.status, "live");
}

#[tokio::test]
async fn an_entry_that_the_venue_refuses_is_a_refusal_of_the_alert() {
    let trader = Trader::new().await;
    trader.price_is_unknown().await;
    let delivery = trader.deliver(&trader.entry().tv("close", "100")).await;
    let verdict = trader.verdict(&delivery, |verdict| verdict.kind != "accepted").await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("refused", Some("no_price")), "{verdict:?}");
    assert_eq!(trader.group(&verdict.position_group_ids[0]).await.group.status, "failed");
    assert_let_go(&trader).await;
    assert_eq!(trader.quote_at_venue().await, decimal("10000"));
}

/// A group whose only entry rests below the market.
pub(super) async fn resting(trader: &Trader) -> PositionGroupDetail {
    resting_in(trader, "60").await
}

pub(super) async fn resting_in(trader: &Trader, timeframe: &str) -> PositionGroupDetail {
    let group = trader.open(&trader.entry().limit("80").tv("timeframe", timeframe)).await;
    trader.follow(&group, "the entry to rest", |group| entries(group)[0].state == "open").await
}
