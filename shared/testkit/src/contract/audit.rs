//! What is on record stands in chains.

use super::{Given, Harness};
use app::ports::Audit;
use domain::account::Halt;
use domain::audit::{Actor, Chain, Head, Link, Shelf, check};
use domain::clock::Millis;
use std::future::{Future, poll_fn};
use std::task::Poll;
use store::Engine;
use store::audit::Audits;
use store::trading::Trading;

fn record(given: &Given, reason: &str) -> Audit {
    Audit {
        reason: reason.to_owned(),
        after: Some("halted".to_owned()),
        address: Some("203.0.113.9".to_owned()),
        actor: Some(Actor::Person),
        ..given.audit("halt", &given.account)
    }
}

async fn halt<D: Engine>(store: &D, given: &Given, audit: &Audit) {
    let halt = Halt { at: given.now, reason: audit.reason.clone(), kept_out: None, by_person: false };
    assert_eq!(Trading(store).set_halt(&given.account, &halt, true, audit).await, Ok(true));
}

/// Every row of the chain of today, which is whole.
async fn whole<D: Engine>(store: &D, given: &Given) -> (Option<Head>, Vec<Link>) {
    let chain = Chain { shelf: Shelf::Trading, day: given.now.day(), user: given.user.clone() };
    let (head, links) =
        (Audits(store).head(&chain).await.unwrap(), Audits(store).rows(&chain, 0, 1_000).await.unwrap());
    assert_eq!(check(&chain, head.as_ref(), &links), []);
    (head, links)
}

pub async fn each_change_is_the_next_of_its_chain_and_repeated_it_is_the_same_one<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    assert_eq!(whole(store, &given).await, (None, Vec::new()));
    let (first, second) = (record(&given, "one"), record(&given, "two"));
    for audit in [&first, &first, &second] {
        halt(store, &given, audit).await;
    }
    let (head, links) = whole(store, &given).await;
    assert_eq!(links.iter().map(|link| &link.audit).collect::<Vec<_>>(), [&first, &second], "with all that they say");
    assert_eq!(head, links.last().map(Link::head));
    let after: Vec<_> = Audits(store)
        .rows(&Chain::of(Shelf::Trading, &first), 1, 1_000)
        .await
        .unwrap()
        .into_iter()
        .map(|link| link.number)
        .collect();
    assert_eq!(after, [2]);
}

/// A page of the table ends at a megabyte.
pub async fn a_chain_is_read_whole_however_long_its_rows_are<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    for number in 0..5 {
        let long = Audit { after: Some("x".repeat(300_000)), ..record(&given, &format!("{number}")) };
        halt(store, &given, &long).await;
    }
    assert_eq!(whole(store, &given).await.1.len(), 5);
}

pub async fn another_day_and_another_person_have_chains_of_their_own<H: Harness>(harness: &H) {
    let (ann, bob, store) = (Given::new(harness).await, Given::new(harness).await, harness.store());
    let today = record(&ann, "today");
    let tomorrow = Audit { at: ann.now.plus(Millis::DAY), ..record(&ann, "tomorrow") };
    for (given, audit) in [(&ann, &today), (&ann, &tomorrow), (&bob, &record(&bob, "bob's"))] {
        halt(store, given, audit).await;
    }
    assert_eq!(whole(store, &ann).await.1.len(), 1);
    let day = ann.now.day();
    let days = async |first, last| {
        let found = Audits(store).days(&ann.user, Shelf::Trading, first..=last).await.unwrap();
        found.into_iter().map(|(chain, head)| (chain.day, chain.user == ann.user, head.count)).collect::<Vec<_>>()
    };
    assert_eq!(days(day - 200, day + 200).await, [(day, true, 1), (day + 1, true, 1)], "in their order");
    assert_eq!(days(day - 9, day).await, [(day, true, 1)]);
    let listed = Audits(store).heads(Shelf::Trading, ann.now.day()).await.unwrap();
    for given in [&ann, &bob] {
        let theirs: Vec<_> = listed.iter().filter(|(chain, _)| chain.user == given.user).collect();
        assert!(matches!(theirs[..], [(_, Head { count: 1, .. })]), "{theirs:?}");
    }
    let elsewhere = Audits(store).heads(Shelf::Identity, ann.now.day()).await.unwrap();
    assert!(!elsewhere.iter().any(|(chain, _)| chain.user == ann.user));
}

pub async fn changes_at_once_stand_one_after_another<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let audits: Vec<_> = (0..6).map(|n| record(&given, &format!("reason {n}"))).collect();
    let mut halts: Vec<_> = audits.iter().map(|audit| Box::pin(halt(store, &given, audit))).collect();
    poll_fn(|context| {
        halts.retain_mut(|halt| halt.as_mut().poll(context).is_pending());
        if halts.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    assert_eq!(whole(store, &given).await.1.len(), audits.len());
}
