//! Signatures of closed days.

use super::{Given, Harness};
use app::ports::SignedDay;
use domain::audit::Shelf;
use domain::clock::Timestamp;
use store::audit::Audits;

/// Far ahead, and no other case's: the newest of a table is the newest of all.
const DAY: i64 = 60_000;

fn signed(given: &Given, shelf: Shelf, day: i64, word: &str) -> SignedDay {
    SignedDay { shelf, day, sealed: format!("{word} {}", given.unique), at: Timestamp::from_millis(7) }
}

pub async fn a_signed_day_stays_as_it_was_first_put<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let (one, other) = (signed(&given, Shelf::Vault, DAY, "one"), signed(&given, Shelf::Vault, DAY, "other"));
    Audits(store).keep_signed_day(&one).await.unwrap();
    Audits(store).keep_signed_day(&other).await.unwrap();
    assert_eq!(Audits(store).signed_days(Shelf::Vault, DAY, DAY).await.unwrap(), [one]);
}

pub async fn signed_days_are_found_by_their_table_and_day<H: Harness>(harness: &H) {
    let (given, store) = (Given::nobody(harness), harness.store());
    let days: Vec<_> = (DAY..DAY + 3).map(|day| signed(&given, Shelf::Trading, day, "of trading")).collect();
    let elsewhere = signed(&given, Shelf::Identity, DAY + 5, "of identity");
    for signed in days.iter().chain([&elsewhere]) {
        Audits(store).keep_signed_day(signed).await.unwrap();
    }
    let of = async |first, last| Audits(store).signed_days(Shelf::Trading, first, last).await.unwrap();
    assert_eq!(of(DAY, DAY + 1).await, days[..2], "the last included");
    assert_eq!(of(DAY + 3, DAY + 9).await, []);
    assert_eq!(Audits(store).newest_signed_day(Shelf::Trading).await.unwrap().as_ref(), days.last());
    assert_eq!(Audits(store).newest_signed_day(Shelf::Identity).await.unwrap(), Some(elsewhere));
}
