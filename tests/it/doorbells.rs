//! Messages are doorbells: one that is lost is rung again, and one too many changes nothing.

use crate::support::Trader;
use crate::support::unique::{now, unique};
use app::ports::{Bell, Queues};
use domain::ids::GroupId;
use domain::limits;
use serde_json::json;

#[tokio::test]
async fn an_alert_that_was_kept_and_never_queued_is_decided_by_the_minute() {
    let trader = Trader::new().await;
    let delivery = trader.keep_undecided(&trader.entry(), limits::DELIVERY_DUE).await;
    let verdict = trader.verdict_by_the_minute(&delivery, |_| true).await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("accepted", Some("opened")));
}

#[tokio::test]
async fn an_alert_that_was_kept_and_never_queued_is_decided_when_it_is_sent_again() {
    let trader = Trader::new().await;
    let alert = trader.exit();
    let delivery = trader.keep_undecided(&alert, limits::DELIVERY_DUE).await;
    let again = trader.alert(&alert).await.json();
    assert_eq!((&again["status"], &again["delivery_id"]), (&json!("duplicate"), &json!(delivery)));
    assert_eq!(trader.verdict(&delivery, |_| true).await.kind, "ignored");
}

#[tokio::test]
async fn bells_that_nobody_needed_change_nothing() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    for version in [0, held.group.version, held.group.version + 100] {
        ring(&trader, &held.group.id, version).await;
        ring(&trader, "grp_nobody", version).await;
    }
    // Of one group nothing overtakes: when the close has been worked off, so have all bells before it.
    assert_eq!(trader.post(&format!("/position-groups/{}/close", held.group.id), &json!({})).await.status, 202);
    let closed = trader.closed(&held.group.id).await;
    let before_close = closed.history.iter().filter(|entry| entry.version <= held.group.version).count();
    assert_eq!(u64::try_from(before_close).unwrap(), held.group.version);
    assert_eq!(trader.orders_at_venue().await, 3, "an entry, its take-profit and the exit");
}

async fn ring(trader: &Trader, group: &str, version: u64) {
    let (group, again) = (GroupId::parse(group).unwrap(), Some(unique()));
    let bell = Bell { account: trader.account.clone(), group, version, again, trace: unique() };
    trader.aws.ring(&bell, now()).await.unwrap();
}
