//! Signatures of closed days, and what keeps copies out of the tables' reach.

use super::StoreError;
use domain::audit::{Chain, DayHeads, Head, Shelf};
use domain::clock::Timestamp;

pub use store::SignedDay;

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
