//! Closed days are signed, and whoever then makes a chain anew, takes one away or takes signatures away is found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

use app::logs::{SignedDays, Verified, sign, verify};
use app::ports::{Audit, SignedDay};
use domain::audit::{DayFlaw, Shelf};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, UserId};
use store::audit::Audits;
use store::identity::Identity;
use testkit::kms::MemoryAuditKey;
use testkit::world::World;

const DAY: i64 = 20_000;
const TABLES: u64 = 3;

/// At two o'clock in the night after this day.
fn night(day: i64) -> Timestamp {
    Timestamp::from_millis((day + 1) * Millis::DAY.get() + 2 * 3_600_000)
}

fn audit(user: &str, day: i64, reason: &str) -> Audit {
    Audit {
        user: UserId::of(&[user]),
        action: "change user".to_owned(),
        resource: "usr_1".to_owned(),
        reason: reason.to_owned(),
        before: None,
        after: None,
        at: Timestamp::from_millis(day * Millis::DAY.get() + 7),
        attempt: AttemptId::new(reason),
        address: None,
        actor: None,
    }
}

struct House {
    world: World,
    key: MemoryAuditKey,
}

impl House {
    async fn sign(&self, now: Timestamp) -> SignedDays {
        sign(&self.world, &self.key, &self.world, now).await.unwrap()
    }

    async fn verified(&self, days: (i64, i64), now: Timestamp) -> Verified {
        verify(&self.world, &self.key, None, days, now).await.unwrap()
    }

    async fn change(&self, user: &str, day: i64, reason: &str) {
        Identity(&self.world).put_on_record(&audit(user, day, reason)).await.unwrap();
    }
}

fn check(case: impl AsyncFnOnce(House) + 'static) {
    let world = World::calm();
    let house = House { world: world.clone(), key: MemoryAuditKey::default() };
    world.sim().block_on("case", async move { case(house).await });
}

#[test]
fn each_closed_day_is_signed_once_in_every_table() {
    check(async |house: House| {
        house.change("ann", DAY, "one").await;
        assert_eq!(house.sign(night(DAY)).await, SignedDays { signed: 3, more: false });
        assert_eq!(house.sign(night(DAY)).await, SignedDays { signed: 0, more: false });
        house.change("ann", DAY + 1, "two").await;
        assert_eq!(house.sign(night(DAY + 1)).await.signed, 3);
        let verified = house.verified((DAY, DAY + 2), night(DAY + 1)).await;
        assert!(verified.is_whole(), "{verified:?}");
        assert_eq!((verified.signed, verified.rows, verified.signed_since), (2 * TABLES, 2, Some(DAY)));
    });
}

#[test]
fn a_day_that_is_not_closed_is_left() {
    check(async |house: House| {
        let soon = Timestamp::from_millis((DAY + 1) * Millis::DAY.get() + 3_599_999);
        house.sign(soon).await;
        assert_eq!(Audits(&house.world).newest_signed_day(Shelf::Trading).await.unwrap().unwrap().day, DAY - 1);
    });
}

#[test]
fn after_many_nights_without_a_run_one_signs_some_and_says_that_there_are_more() {
    check(async |house: House| {
        house.sign(night(DAY)).await;
        assert_eq!(house.sign(night(DAY + 25)).await, SignedDays { signed: 30, more: true });
        assert_eq!(house.sign(night(DAY + 25)).await, SignedDays { signed: 30, more: true });
        assert_eq!(house.sign(night(DAY + 25)).await, SignedDays { signed: 15, more: false });
        assert!(house.verified((DAY, DAY + 25), night(DAY + 25)).await.is_whole());
    });
}

#[test]
fn a_chain_that_is_added_to_a_signed_day_is_found_whoever_asks() {
    check(async |house: House| {
        house.change("ann", DAY, "one").await;
        house.sign(night(DAY)).await;
        house.change("eve", DAY, "as if she had").await;
        let found = [(Shelf::Identity, DAY, DayFlaw::Heads)];
        let verified = house.verified((DAY, DAY), night(DAY)).await;
        assert_eq!((verified.flaws, &*verified.unproven), (Vec::new(), &found[..]));
        let ann = UserId::of(&["ann"]);
        let asked = verify(&house.world, &house.key, Some(&ann), (DAY, DAY), night(DAY)).await.unwrap();
        assert_eq!(asked.unproven, found);
    });
}

#[test]
fn a_row_that_follows_in_a_signed_chain_is_found() {
    check(async |house: House| {
        house.change("ann", DAY, "one").await;
        house.sign(night(DAY)).await;
        house.change("ann", DAY, "two").await;
        assert_eq!(
            house.verified((DAY, DAY), night(DAY)).await.unproven,
            [(Shelf::Identity, DAY, DayFlaw::Heads)],
            "its head is not the one that was signed"
        );
    });
}

#[test]
fn signatures_that_are_taken_away_leave_a_gap_and_are_never_made_anew() {
    check(async |house: House| {
        house.change("ann", DAY + 1, "one").await;
        for day in DAY..DAY + 3 {
            house.sign(night(day)).await;
        }
        let (made, late) = (house.key.made(), night(DAY + 3));
        // Whoever writes tables takes a day away, changes what it was, and waits for the night.
        house.world.forget_signed_days(Shelf::Identity, DAY + 1);
        let gap = house.verified((DAY, DAY + 2), late).await;
        assert_eq!(gap.unproven, [(Shelf::Identity, DAY + 1, DayFlaw::Unsigned)]);
        house.world.forget_signed_days(Shelf::Identity, DAY + 2);
        house.world.forget_signed_days(Shelf::Identity, DAY);
        house.change("eve", DAY + 1, "as if she had").await;
        house.sign(night(DAY + 2)).await;
        assert_eq!(house.key.made(), made, "the same signatures are put back");
        assert_eq!(house.verified((DAY, DAY + 2), late).await.unproven, [(Shelf::Identity, DAY + 1, DayFlaw::Heads)]);
    });
}

#[test]
fn a_signature_of_another_day_or_of_nobody_is_forged() {
    check(async |house: House| {
        house.sign(night(DAY)).await;
        let of_day = Audits(&house.world).newest_signed_day(Shelf::Identity).await.unwrap().unwrap();
        let moved = SignedDay { day: DAY + 1, ..of_day };
        Audits(&house.world).keep_signed_day(&moved).await.unwrap();
        let invented = SignedDay { shelf: Shelf::Vault, sealed: "sealed 99".to_owned(), ..moved };
        Audits(&house.world).keep_signed_day(&invented).await.unwrap();
        let mut unproven = house.verified((DAY, DAY + 1), night(DAY + 1)).await.unproven;
        unproven.sort();
        assert_eq!(unproven, [(Shelf::Identity, DAY + 1, DayFlaw::Forged), (Shelf::Vault, DAY + 1, DayFlaw::Forged)]);
    });
}

#[test]
fn before_the_first_night_nothing_has_to_be_signed() {
    check(async |house: House| {
        house.change("ann", DAY, "one").await;
        let verified = house.verified((DAY, DAY), night(DAY)).await;
        assert!(verified.is_whole(), "{verified:?}");
        assert_eq!((verified.signed, verified.signed_since), (0, None));
        house.sign(night(DAY + 3)).await;
        let verified = house.verified((DAY, DAY + 3), night(DAY + 4)).await;
        assert!(verified.is_whole(), "days before the first are older than any signature: {verified:?}");
        assert_eq!(verified.signed_since, Some(DAY + 3));
    });
}

#[test]
fn a_table_without_any_signature_is_told_by_the_nights_of_the_others() {
    check(async |house: House| {
        for day in DAY..DAY + 2 {
            house.sign(night(day)).await;
        }
        for day in DAY..DAY + 2 {
            house.world.forget_signed_days(Shelf::Identity, day);
        }
        let verified = house.verified((DAY - 1, DAY + 1), night(DAY + 3)).await;
        let gone = [DAY, DAY + 1].map(|day| (Shelf::Identity, day, DayFlaw::Unsigned));
        assert_eq!((verified.unproven, verified.signed_since), (gone.to_vec(), Some(DAY)));
    });
}

#[test]
fn changes_that_no_night_has_signed_are_told_where_no_signature_is_left_at_all() {
    check(async |house: House| {
        house.change("ann", DAY, "one").await;
        house.sign(night(DAY)).await;
        Shelf::ALL.into_iter().for_each(|shelf| house.world.forget_signed_days(shelf, DAY));
        let verified = house.verified((DAY, DAY + 1), night(DAY + 2)).await;
        assert_eq!(verified.unproven, [(Shelf::Identity, DAY, DayFlaw::Unsigned)]);
        assert!(!verified.is_whole());
        let young = house.verified((DAY, DAY), night(DAY)).await;
        assert!(young.is_whole(), "its night may still come: {young:?}");
    });
}
