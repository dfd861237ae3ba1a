//! The system log.

use super::{Given, Harness};
use domain::audit::{Chain, Shelf, check};
use domain::clock::{Millis, Timestamp};
use domain::ids::LogId;
use domain::logs::{Category, Level, Note};
use std::collections::BTreeMap;
use store::audit::Audits;
use store::identity::Identity;

/// A day that no other case writes in, long past.
fn day_of_its_own(given: &Given) -> Timestamp {
    let seed = given.unique.bytes().fold(0_i64, |sum, byte| sum.wrapping_mul(31).wrapping_add(i64::from(byte)));
    given.now.minus(Millis::new(Millis::DAY.get().saturating_mul(seed.rem_euclid(9_000).saturating_add(40))))
}

fn note(given: &Given, at: Timestamp, message: &str) -> Note {
    Note {
        id: LogId::of(&[&given.unique, message]),
        at,
        level: Level::Warning,
        category: Category::Security,
        user: Some(given.user.clone()),
        message: message.to_owned(),
        details: BTreeMap::from([("route".to_owned(), "POST /x".to_owned())]),
        address: Some("203.0.113.9".to_owned()),
    }
}

pub async fn a_day_of_the_log_is_read_newest_first_and_part_by_part<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let at = day_of_its_own(&given);
    let midnight = Timestamp::from_millis(at.millis().saturating_sub(at.millis().rem_euclid(Millis::DAY.get())));
    let notes: Vec<_> =
        ["a", "b", "c"].iter().zip(0..).map(|(word, ms)| note(&given, midnight.plus(Millis::new(ms)), word)).collect();
    for note in &notes {
        Identity(store).note(note).await.unwrap();
    }
    let mine = async |before: Option<&str>| Identity(store).read_log(midnight.day(), before, 2).await.unwrap();
    let first = mine(None).await;
    assert_eq!(first, [notes[2].clone(), notes[1].clone()], "with all that they say");
    assert_eq!(mine(Some(&first[1].place())).await, [notes[0].clone()]);
    assert_eq!(Identity(store).read_log(midnight.day().saturating_sub(1), None, 2).await.unwrap(), [], "another day");
    assert_eq!(Identity(store).drop_log(midnight.day(), 2).await, Ok(2));
    assert_eq!(Identity(store).drop_log(midnight.day(), 2).await, Ok(1));
    assert_eq!(mine(None).await, []);
}

pub async fn what_changes_no_other_row_is_on_record_too<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let audit = given.audit("delete logs", &"system_log");
    for _ in 0..2 {
        Identity(store).put_on_record(&audit).await.unwrap();
    }
    let chain = Chain::of(Shelf::Identity, &audit);
    let links = Audits(store).rows(&chain, 0, 10).await.unwrap();
    assert_eq!(links.iter().map(|link| &link.audit).collect::<Vec<_>>(), [&audit]);
    assert_eq!(check(&chain, Audits(store).head(&chain).await.unwrap().as_ref(), &links), []);
}
