//! What is kept, read and committed.

use domain::clock::{Millis, Timestamp};
use domain::market::MarketKey;
use domain::money::Price;

pub use domain::vault::Standing;
pub use store::trading::{History, Kept, Outbox, Told};
pub use store::{CommitError, Page, PageRequest, StoreError};

pub trait ReadPrice {
    /// The last known price and its time.
    async fn read_price(&self, market: &MarketKey, now: Timestamp) -> Result<Option<(Price, Timestamp)>, StoreError>;
}

/// How long a row that is due waits for its next look.
pub fn backoff(sends: u32) -> Millis {
    let doubled = domain::limits::OUTBOX_DUE.get().saturating_mul(1_i64.checked_shl(sends.min(16)).unwrap_or(i64::MAX));
    Millis::new(doubled.min(domain::limits::OUTBOX_DUE_MAX.get()))
}
