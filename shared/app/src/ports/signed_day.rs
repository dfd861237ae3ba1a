//! Signatures of closed days, and what keeps copies out of the tables' reach.

use super::StoreError;
use domain::audit::{Chain, DayHeads, Head, Shelf};
use domain::clock::Timestamp;

/// The signature of a closed day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDay {
    pub shelf: Shelf,
    pub day: i64,
    /// [`DayHeads`], as only the deployment's key can have sealed them.
    pub sealed: String,
    pub at: Timestamp,
}

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
