//! What is due is found at its time, and moved by one only.

use super::{Given, Harness, eventually};
use app::commit::Replaces;
use app::ports::{Bell, Outbox};
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, VerdictKind};
use domain::limits::SHARDS;
use store::Engine;
use store::trading::Trading;

/// A bell that is due ten seconds from now, written.
async fn rung<D: Engine>(given: &Given, store: &D) -> Outbox {
    let group = given.opened(&given.delivery("buy", 0), None).0.group.id;
    let trace = "trace".to_owned();
    let bell = Bell { account: given.account.clone(), group, version: 3, again: None, trace };
    let outbox = Outbox { bell, due_at: after(given, 10), sends: 0 };
    Trading(store).commit(&given.transaction(vec![given.rung(&outbox)])).await.unwrap();
    outbox
}

fn after(given: &Given, seconds: i64) -> Timestamp {
    given.now.plus(Millis::seconds(seconds))
}

async fn due_bells<D: Engine>(given: &Given, store: &D, now: Timestamp) -> Vec<Outbox> {
    let mut due = Vec::new();
    for shard in 0..SHARDS {
        due.extend(Trading(store).due_outbox(shard, now).await.unwrap());
    }
    due.retain(|outbox| outbox.bell.account == given.account);
    due
}

async fn due_deliveries<D: Engine>(given: &Given, store: &D, now: Timestamp) -> Vec<Delivery> {
    let mut due = Vec::new();
    for shard in 0..SHARDS {
        due.extend(Trading(store).due_deliveries(shard, now).await.unwrap());
    }
    due.retain(|delivery| delivery.at.user == given.user);
    due
}

pub async fn a_bell_is_due_at_its_time_until_it_is_cleared<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let outbox = rung(&given, store).await;
    eventually(harness, "the bell", async || due_bells(&given, store, after(&given, 10)).await == [outbox.clone()])
        .await;
    assert_eq!(due_bells(&given, store, after(&given, 9)).await, []);
    for _ in 0..2 {
        Trading(store).clear_outbox(&outbox.bell).await.unwrap();
    }
    eventually(harness, "no bell", async || due_bells(&given, store, after(&given, 99)).await.is_empty()).await;
}

pub async fn of_two_who_postpone_a_bell_one_does<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let outbox = rung(&given, store).await;
    assert!(Trading(store).postpone_outbox(&outbox, after(&given, 40)).await.unwrap());
    assert!(!Trading(store).postpone_outbox(&outbox, after(&given, 50)).await.unwrap());
    let moved = Outbox { due_at: after(&given, 40), sends: 1, ..outbox.clone() };
    eventually(harness, "the moved bell", async || {
        due_bells(&given, store, after(&given, 40)).await == [moved.clone()]
    })
    .await;
    assert_eq!(due_bells(&given, store, after(&given, 39)).await, []);
    Trading(store).clear_outbox(&outbox.bell).await.unwrap();
    assert!(!Trading(store).postpone_outbox(&moved, after(&given, 90)).await.unwrap(), "it has gone");
}

pub async fn a_bell_that_the_minute_has_rung_is_due_no_more<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let outbox = rung(&given, store).await;
    for _ in 0..2 {
        Trading(store).done_outbox(&outbox, after(&given, 20)).await.unwrap();
    }
    eventually(harness, "no bell", async || due_bells(&given, store, after(&given, 99)).await.is_empty()).await;
}

async fn received<D: Engine>(given: &Given, store: &D) -> Delivery {
    let delivery = given.delivery("buy", 0);
    Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap();
    delivery
}

pub async fn a_delivery_is_due_until_its_verdict<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let delivery = received(&given, store).await;
    let due = delivery.due_at.unwrap();
    eventually(harness, "the delivery", async || due_deliveries(&given, store, due).await == [delivery.clone()]).await;
    assert_eq!(due_deliveries(&given, store, due.minus(Millis::new(1))).await, []);
    let verdict = given.judge(&delivery, VerdictKind::Ignored, Replaces::Undecided);
    Trading(store).commit(&given.transaction(vec![verdict])).await.unwrap();
    eventually(harness, "nothing due", async || due_deliveries(&given, store, due).await.is_empty()).await;
}

pub async fn of_two_who_postpone_a_delivery_one_does<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let delivery = received(&given, store).await;
    assert!(Trading(store).postpone_delivery(&delivery, 1, after(&given, 60)).await.unwrap());
    assert!(!Trading(store).postpone_delivery(&delivery, 2, after(&given, 70)).await.unwrap());
    let moved = Trading(store).load_delivery(&delivery.at).await.unwrap().unwrap();
    assert_eq!((moved.decisions, moved.due_at), (1, Some(after(&given, 60))));
    let verdict = given.judge(&delivery, VerdictKind::Ignored, Replaces::Undecided);
    Trading(store).commit(&given.transaction(vec![verdict])).await.unwrap();
    assert!(!Trading(store).postpone_delivery(&moved, 2, after(&given, 90)).await.unwrap(), "it is settled");
}

pub async fn waking_hurries_what_waits_and_nothing_else<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let delivery = received(&given, store).await;
    let queued = given.judge(&delivery, VerdictKind::Queued, Replaces::Undecided);
    Trading(store).commit(&given.transaction(vec![queued])).await.unwrap();
    Trading(store).wake_delivery(&delivery.at, given.now).await.unwrap();
    assert_eq!(Trading(store).load_delivery(&delivery.at).await.unwrap().unwrap().due_at, Some(given.now));
    let ignored = given.judge(&delivery, VerdictKind::Ignored, Replaces::Undecided);
    Trading(store).commit(&given.transaction(vec![ignored])).await.unwrap();
    Trading(store).wake_delivery(&delivery.at, given.now).await.unwrap();
    assert_eq!(Trading(store).load_delivery(&delivery.at).await.unwrap().unwrap().due_at, None, "it is settled");
    Trading(store).wake_delivery(&given.delivery("never", 1).at, given.now).await.unwrap();
}

pub async fn waking_hurries_what_waits_and_was_replaced<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (old, new) = (received(&given, store).await, given.delivery("buy", 120));
    Trading(store).replace_delivery(&new, &old, &given.stamp()).await.unwrap();
    Trading(store).wake_delivery(&old.at, given.now).await.unwrap();
    assert_eq!(Trading(store).load_delivery(&old.at).await.unwrap().unwrap().due_at, Some(given.now));
    assert_eq!(Trading(store).load_delivery(&new.at).await.unwrap(), Some(new), "the newer one waits as before");
}
