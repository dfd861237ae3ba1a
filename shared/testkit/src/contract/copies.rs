//! What keepers of copies promise: what was put is found again, as it was put, and nothing else is there.
//!
//! A suite of its own, since a bucket is no table: [`copy_cases!`](crate::copy_cases) makes a test of each case.

use app::ports::{ArchivePart, DayCopy, Objects, OldLog, SignedDay};
use domain::audit::{Chain, Head, Shelf};
use domain::clock::Timestamp;
use domain::ids::{Sha, UserId};
use store::objects::Copies;

/// Copies under test, empty and nobody else's.
pub trait KeepsCopies {
    type Copies: Objects;

    fn copies(&self) -> &Self::Copies;

    fn now(&self) -> Timestamp;
}

pub async fn the_first_day_is_said_once_and_found_by_its_table<H: KeepsCopies>(harness: &H) {
    let (copies, now) = (harness.copies(), harness.now());
    assert_eq!(Copies(copies).first_signed_day(Shelf::Trading, now).await, Ok(None));
    Copies(copies).keep_first_signed_day(Shelf::Trading, 20_000, now).await.unwrap();
    assert_eq!(Copies(copies).first_signed_day(Shelf::Trading, now).await, Ok(Some(20_000)));
    assert_eq!(Copies(copies).first_signed_day(Shelf::Vault, now).await, Ok(None));
}

pub async fn a_copy_is_found_by_its_table_and_day<H: KeepsCopies>(harness: &H) {
    let (copies, now) = (harness.copies(), harness.now());
    let chain = Chain { shelf: Shelf::Vault, day: 20_000, user: UserId::of(&["ann"]) };
    let signed = SignedDay { shelf: Shelf::Vault, day: 20_000, sealed: "c2VhbGVk".to_owned(), at: now };
    let head = Head { count: 3, hash: Sha::of_parts(&["x"]) };
    let copy = DayCopy { signed: signed.clone(), first: 19_990, heads: vec![(chain, head)] };
    Copies(copies).keep_day_copy(&copy, now).await.unwrap();
    assert_eq!(Copies(copies).day_copy(Shelf::Vault, 20_000, now).await, Ok(Some(signed)));
    assert_eq!(Copies(copies).day_copy(Shelf::Vault, 20_001, now).await, Ok(None));
    assert_eq!(Copies(copies).day_copy(Shelf::Trading, 20_000, now).await, Ok(None));
}

pub async fn a_part_of_an_old_log_is_found_as_it_was_packed<H: KeepsCopies>(harness: &H) {
    let (copies, now) = (harness.copies(), harness.now());
    let part = ArchivePart { log: OldLog::Audit(Shelf::Vault), day: 20_000, part: 1 };
    assert_eq!(Copies(copies).archived(part, now).await, Ok(None));
    let packed: Vec<u8> = (0..=255).collect();
    Copies(copies).keep_archive(part, &packed, now).await.unwrap();
    assert_eq!(Copies(copies).archived(part, now).await, Ok(Some(packed)));
    for other in [
        ArchivePart { part: 2, ..part },
        ArchivePart { day: 20_001, ..part },
        ArchivePart { log: OldLog::System, ..part },
    ] {
        assert_eq!(Copies(copies).archived(other, now).await, Ok(None), "{other:?}");
    }
}

/// Makes a test of every case: `$run!(path)` runs one on a harness of its own.
#[macro_export]
macro_rules! copy_cases {
    ($run:ident) => {
        $crate::copy_cases! { $run:
            the_first_day_is_said_once_and_found_by_its_table,
            a_copy_is_found_by_its_table_and_day,
            a_part_of_an_old_log_is_found_as_it_was_packed
        }
    };
    ($run:ident: $($case:ident),+ $(,)?) => {$(
        #[test]
        fn $case() {
            $run!($crate::contract::copies::$case)
        }
    )+};
}
