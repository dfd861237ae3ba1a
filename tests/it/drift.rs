//! Coins that somebody else has sold, and orders of nobody.

use crate::support::http::ask;
use crate::support::watching::{filled, is_protected};
use crate::support::{Trader, people};
use domain::identity::Role;
use reqwest::Method;
use serde_json::json;
use store::trading::Trading;
use wire::view::PositionGroupDetail;

#[tokio::test]
async fn missing_coins_are_marked_and_only_the_rest_is_sold() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    trader.leave_by_hand("0.4").await;
    let marked =
        trader.follow(&held.group.id, "the mark", |group| group.group.needs_attention && is_capped(group)).await;
    assert_eq!(marked.group.missing.as_deref(), Some("0.599"));
    assert!(marked.group.attention.as_ref().unwrap().contains("0.599"), "{:?}", marked.group.attention);
    let state = trader.account_state().await.drift;
    let missing = state.missing.values().next().unwrap();
    assert_eq!((&*missing.missing, &*missing.held, &*missing.at_venue), ("0.599", "0.999", "0.4"));
    assert!(marked.history.iter().any(|entry| entry.why.contains("missing at the venue")), "{:#?}", marked.history);
    let refused = trader.judged(&trader.entry().tv("timeframe", "1D")).await;
    assert_eq!((refused.kind.as_str(), refused.reason.as_deref()), ("refused", Some("drift")));
    assert_eq!(trader.post(&format!("/position-groups/{}/close", held.group.id), &json!({})).await.status, 202);
    let closed = trader.closed(&held.group.id).await;
    assert_eq!((closed.group.missing.as_deref(), closed.group.needs_attention), (Some("0.599"), true));
    assert_eq!((filled(&closed.exit_orders), &*closed.exit_orders.last().unwrap().quantity), (1, "0.4"));
    assert_eq!(trader.base_at_venue().await.to_string(), "0");
}

#[tokio::test]
async fn what_was_sold_by_hand_is_written_off_where_its_user_accepts_that() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    assert_eq!(trader.get("/reconciliation").await.json()["accounts"][0]["differences"], json!([]));
    trader.leave_by_hand("0.4").await;
    trader.follow(&held.group.id, "the mark", |group| group.group.needs_attention && is_capped(group)).await;
    let told = trader.get("/reconciliation").await.json();
    let gone = &told["accounts"][0]["differences"][0];
    assert_eq!((&gone["kind"], &gone["quantity"]), (&json!("coins_gone"), &json!("0.599")), "{told}");
    assert_eq!(gone["proposal"]["repair"], json!("close_over_missing"));
    let account = format!("/reconciliation/{}", trader.account);
    assert_eq!(trader.post(&format!("{account}/run"), &json!({})).await.status, 202);
    let accepted = json!({"proposal": gone["proposal"]["id"], "reason": "sold by hand"});
    let by_program = trader.post(&format!("{account}/accept"), &accepted).await;
    assert_eq!((by_program.status, &by_program.json()["code"]), (403, &json!("missing_scope")));
    let person = people::known(trader.user.clone(), Role::Trader).await;
    let path = format!("/api/v1{account}/accept");
    let accept = async || ask(Method::POST, &path, Some(&person.token), accepted.to_string()).await;
    assert_eq!(accept().await.status, 202);
    let again = accept().await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("proposal_gone")));
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(
        (closed.group.missing.as_deref(), &*closed.exit_orders.last().unwrap().quantity),
        (Some("0.599"), "0.4")
    );
}

#[tokio::test]
async fn coins_that_come_back_lift_the_mark() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    trader.leave_by_hand("0.4").await;
    trader.follow(&held.group.id, "the mark", |group| group.group.missing.is_some()).await;
    trader.leave_by_hand("0.999").await;
    let whole = trader.follow(&held.group.id, "all of it again", |group| is_whole(group) && is_protected(group)).await;
    assert!(whole.history.iter().any(|entry| entry.why.contains("at the venue again")), "{:#?}", whole.history);
    assert!(trader.account_state().await.drift.missing.is_empty());
}

#[tokio::test]
async fn an_order_of_nobody_is_listed_and_left_alone() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let stray = trader.order_by_hand().await;
    let listed = trader
        .look("the order to be listed", async || trader.account_state().await.drift.stray_orders.into_iter().next())
        .await;
    assert_eq!((&*listed.client_order_id, listed.side.as_str(), &*listed.quantity), (&*stray, "sell", "1"));
    let book = trader.book().await;
    assert!(book.open.iter().any(|order| order.client_id.as_str() == stray), "{book:#?}");
    assert!(!trader.group(&held.group.id).await.group.needs_attention);
}

/// Nothing is live, so no pass is made, until somebody asks for one.
#[tokio::test]
async fn an_account_at_rest_is_looked_at_where_its_user_asks_for_it() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    trader.order_by_hand().await;
    let strays = async || trader.account_state().await.drift.stray_orders;
    trader.look("the order to be listed", async || strays().await.into_iter().next()).await;
    assert_eq!(trader.post(&format!("/position-groups/{}/close", held.group.id), &json!({})).await.status, 202);
    trader.closed(&held.group.id).await;
    trader.look("the account to rest", async || (!is_watched(&trader).await).then_some(())).await;
    trader.leave_by_hand("0").await;
    assert_eq!(strays().await.len(), 1);
    assert_eq!(trader.post(&format!("/reconciliation/{}/run", trader.account), &json!({})).await.status, 202);
    trader.look("the order to be gone", async || strays().await.is_empty().then_some(())).await;
}

async fn is_watched(trader: &Trader) -> bool {
    let shard = domain::shard::of(trader.account.as_str());
    Trading(&trader.aws).list_active(shard).await.unwrap().contains(&trader.account)
}

/// What protects it is as much as is there.
fn is_capped(group: &PositionGroupDetail) -> bool {
    group.take_profit_orders.iter().any(|order| order.state == "open" && order.quantity == "0.4")
}

fn is_whole(group: &PositionGroupDetail) -> bool {
    let resting = group.take_profit_orders.iter().find(|order| order.state == "open");
    group.group.missing.is_none() && resting.is_some_and(|order| order.quantity == "0.999")
}
