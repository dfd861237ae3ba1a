//! A verdict is committed with what it caused, once, and is taken back only by the executor.

use super::{Given, Harness};
use app::commit::{Change, Replaces};
use app::ports::CommitError;
use domain::delivery::{Delivery, VerdictKind};
use store::Engine;
use store::trading::Trading;

async fn put<D: Engine>(given: &Given, store: &D, body: &str) -> Delivery {
    let delivery = given.delivery(body, 0);
    Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap();
    delivery
}

async fn judge<D: Engine>(
    given: &Given,
    store: &D,
    delivery: &Delivery,
    kind: VerdictKind,
    replaces: Replaces,
) -> Result<(), CommitError> {
    Trading(store).commit(&given.transaction(vec![given.judge(delivery, kind, replaces)])).await
}

async fn kind<D: Engine>(store: &D, delivery: &Delivery) -> Option<VerdictKind> {
    let stored = Trading(store).load_delivery(&delivery.at).await.unwrap().unwrap();
    stored.verdict.map(|verdict| verdict.kind)
}

pub async fn a_verdict_is_written_once<H: Harness>(harness: &H) {
    use VerdictKind::{Accepted, Ignored, Queued};
    let (given, store) = (Given::nobody(harness), harness.store());
    let delivery = put(&given, store, "buy").await;
    judge(&given, store, &delivery, Ignored, Replaces::Undecided).await.unwrap();
    for late in [Accepted, Queued, Ignored] {
        let lost = judge(&given, store, &delivery, late, Replaces::Undecided).await;
        assert_eq!(lost, Err(CommitError::LostRace), "{late:?}");
    }
    assert_eq!(kind(store, &delivery).await, Some(Ignored));
    assert_eq!(Trading(store).load_delivery(&delivery.at).await.unwrap().unwrap().due_at, None);
}

pub async fn a_queued_verdict_is_written_over<H: Harness>(harness: &H) {
    use VerdictKind::{Accepted, Queued};
    let (given, store) = (Given::nobody(harness), harness.store());
    let delivery = put(&given, store, "buy").await;
    judge(&given, store, &delivery, Queued, Replaces::Undecided).await.unwrap();
    let waiting = Trading(store).load_delivery(&delivery.at).await.unwrap().unwrap();
    assert_eq!(waiting.due_at, Some(given.now.plus(domain::limits::QUEUED_DUE)));
    assert!(!waiting.is_settled());
    judge(&given, store, &delivery, Accepted, Replaces::Undecided).await.unwrap();
    assert_eq!(kind(store, &delivery).await, Some(Accepted));
}

pub async fn only_an_accepted_verdict_is_taken_back<H: Harness>(harness: &H) {
    use VerdictKind::{Accepted, Expired, Ignored, Queued};
    let (given, store) = (Given::nobody(harness), harness.store());
    for (body, before) in [("none", None), ("queued", Some(Queued)), ("ignored", Some(Ignored))] {
        let delivery = put(&given, store, body).await;
        if let Some(before) = before {
            judge(&given, store, &delivery, before, Replaces::Undecided).await.unwrap();
        }
        let refused = judge(&given, store, &delivery, Expired, Replaces::Accepted).await;
        assert_eq!(refused, Err(CommitError::LostRace), "{body}");
    }
    let delivery = put(&given, store, "accepted").await;
    judge(&given, store, &delivery, Accepted, Replaces::Undecided).await.unwrap();
    judge(&given, store, &delivery, Expired, Replaces::Accepted).await.unwrap();
    assert_eq!(kind(store, &delivery).await, Some(Expired));
}

pub async fn a_verdict_finds_a_delivery_that_was_replaced<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let old = put(&given, store, "buy").await;
    let new = given.delivery("buy", 120);
    Trading(store).replace_delivery(&new, &old, &given.stamp()).await.unwrap();
    judge(&given, store, &old, VerdictKind::Stale, Replaces::Undecided).await.unwrap();
    assert_eq!(kind(store, &old).await, Some(VerdictKind::Stale));
    assert_eq!(kind(store, &new).await, None);
}

pub async fn a_verdict_that_is_refused_takes_its_whole_commit_with_it<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let delivery = put(&given, store, "buy").await;
    judge(&given, store, &delivery, VerdictKind::Parked, Replaces::Undecided).await.unwrap();
    let (position, _) = given.opened(&delivery, None);
    let mut opening = given.save(None, &position);
    opening.changes.push(given.judge(&delivery, VerdictKind::Accepted, Replaces::Undecided));
    assert_eq!(Trading(store).commit(&opening).await, Err(CommitError::LostRace));
    assert_eq!(Trading(store).load_position(&given.account, &position.group.id).await.unwrap(), None);
    let claim = opening.changes.into_iter().filter(|change| matches!(change, Change::Account(_))).collect();
    Trading(store).commit(&given.transaction(claim)).await.unwrap();
}
