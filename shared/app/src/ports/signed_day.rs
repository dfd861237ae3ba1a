//! Signatures of closed days, and what keeps copies out of the tables' reach.

use super::StoreError;
use domain::audit::{Chain, DayHeads, Head, Shelf};
use domain::clock::Timestamp;
use store::Engine;
use store::audit::Audits;

pub use store::SignedDay;

pub trait KeepSignedDay {
    /// Stays as it was first put.
    async fn keep_signed_day(&self, signed: &SignedDay) -> Result<(), StoreError>;
}

pub trait ReadSignedDays {
    /// The newest of a table.
    async fn newest_signed_day(&self, shelf: Shelf) -> Result<Option<SignedDay>, StoreError>;

    /// From day to day, the last included; by their days.
    async fn signed_days(&self, shelf: Shelf, first: i64, last: i64) -> Result<Vec<SignedDay>, StoreError>;
}

pub trait SealDay {
    async fn seal_day(&self, heads: &DayHeads, now: Timestamp) -> Result<String, StoreError>;
}

pub trait OpenDay {
    /// None where the key has not sealed this, or for another day or table.
    async fn open_day(&self, signed: &SignedDay, now: Timestamp) -> Result<Option<DayHeads>, StoreError>;
}

/// The copy of a signature, with what was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCopy {
    pub signed: SignedDay,
    pub first: i64,
    pub heads: Vec<(Chain, Head)>,
}

/// Whoever writes the tables does not write here.
pub trait KeepDayCopies {
    /// The day from which on all were signed; none where none was.
    async fn first_signed_day(&self, shelf: Shelf, now: Timestamp) -> Result<Option<i64>, StoreError>;

    async fn keep_first_signed_day(&self, shelf: Shelf, day: i64, now: Timestamp) -> Result<(), StoreError>;

    async fn day_copy(&self, shelf: Shelf, day: i64, now: Timestamp) -> Result<Option<SignedDay>, StoreError>;

    async fn keep_day_copy(&self, copy: &DayCopy, now: Timestamp) -> Result<(), StoreError>;
}

impl<E: Engine> KeepSignedDay for E {
    async fn keep_signed_day(&self, signed: &SignedDay) -> Result<(), StoreError> {
        Audits(self).keep_signed_day(signed).await
    }
}

impl<E: Engine> ReadSignedDays for E {
    async fn newest_signed_day(&self, shelf: Shelf) -> Result<Option<SignedDay>, StoreError> {
        Audits(self).newest_signed_day(shelf).await
    }

    async fn signed_days(&self, shelf: Shelf, first: i64, last: i64) -> Result<Vec<SignedDay>, StoreError> {
        Audits(self).signed_days(shelf, first, last).await
    }
}
