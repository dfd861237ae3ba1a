//! Signatures of closed days, and what keeps copies out of the tables' reach.

use super::StoreError;
use domain::audit::DayHeads;
use domain::clock::Timestamp;

pub use store::SignedDay;

pub trait SealDay {
    async fn seal_day(&self, heads: &DayHeads, now: Timestamp) -> Result<String, StoreError>;

    /// None where the key has not sealed this, or for another day or table.
    async fn open_day(&self, signed: &SignedDay, now: Timestamp) -> Result<Option<DayHeads>, StoreError>;
}
