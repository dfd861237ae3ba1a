//! Messages are doorbells: one that is lost is rung again, and one too many changes nothing.

use crate::support::unique::{now, unique};
use crate::support::{Alert, Trader};
use app::ports::{Bell, KeepDelivery, Kept, Ring};
use domain::delivery::{Delivery, DeliveryKey};
use domain::ids::{AttemptId, GroupId, Sha};
use domain::limits;
use serde_json::json;

#[tokio::test]
async fn an_alert_that_was_kept_and_never_queued_is_decided_by_the_minute() {
    let trader = Trader::new().await;
    let delivery = kept_only(&trader, &trader.entry()).await;
    let verdict = trader.verdict_by_the_minute(&delivery, |_| true).await;
    assert_eq!((&*verdict.kind, verdict.reason.as_deref()), ("accepted", Some("opened")));
}

#[tokio::test]
async fn an_alert_that_was_kept_and_never_queued_is_decided_when_it_is_sent_again() {
    let trader = Trader::new().await;
    let alert = trader.exit();
    let delivery = kept_only(&trader, &alert).await;
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

/// The webhook's process ended between keeping the alert and queueing it, half a minute ago.
async fn kept_only(trader: &Trader, alert: &Alert) -> String {
    let (body, first_at) = (wire::alert::open(alert.to_string().as_bytes()).body, now().minus(limits::DELIVERY_DUE));
    let (hash, understood) = (Sha::of_bytes(body.as_bytes()), wire::alert::parse(&body).unwrap());
    let key = DeliveryKey::of(&trader.user, &trader.token_id(), Some(&understood), &hash);
    let delivery = Delivery {
        at: Delivery::reference(&trader.user, &key, first_at),
        identity: key.identity,
        token: trader.token_id(),
        account: None,
        body,
        body_hash: hash,
        source_ip: None,
        lane: unique(),
        trace: unique(),
        decisions: 1,
        repeats: 0,
        verdict: None,
        due_at: Some(first_at.plus(limits::DELIVERY_DUE)),
        expires_at: first_at.plus(limits::DEDUPE),
    };
    let kept = trader.aws.put_delivery(&delivery, &AttemptId::new(unique())).await.unwrap();
    assert_eq!(kept, Kept::First);
    delivery.at.id.to_string()
}

async fn ring(trader: &Trader, group: &str, version: u64) {
    let (group, again) = (GroupId::parse(group).unwrap(), Some(unique()));
    let bell = Bell { account: trader.account.clone(), group, version, again, trace: unique() };
    trader.aws.ring(&bell, now()).await.unwrap();
}
