//! Months of candles, packed beside the tables, and how far a series is.

use super::StoreError;
use domain::clock::Timestamp;
use domain::series::{Month, Series};

pub use store::market::PackedMonths;

pub trait ReadMonth {
    async fn packed_month(&self, series: &Series, month: Month, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError>;
}

pub trait KeepMonth {
    /// In the place of what was there.
    async fn keep_packed_month(
        &self,
        series: &Series,
        month: Month,
        packed: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError>;
}
