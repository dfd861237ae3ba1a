//! Months of candles, packed beside the tables, and how far a series is.

use super::StoreError;
use domain::clock::Timestamp;
use domain::series::{Month, Series};
use store::Engine;
use store::market::Market;

pub use store::market::PackedMonths;

pub trait NoteSeries {
    /// Puts a series on the list of those whose months are packed. One that stands there stays as it is.
    async fn note_series(&self, series: &Series) -> Result<(), StoreError>;
}

pub trait ReadMonths {
    /// None where the series stands on no list.
    async fn packed_months(&self, series: &Series) -> Result<Option<PackedMonths>, StoreError>;
}

pub trait MarkMonths {
    /// All that stand on the list.
    async fn list_packed_months(&self) -> Result<Vec<PackedMonths>, StoreError>;

    /// In the place of what was there: whoever goes back packs the same again.
    async fn keep_packed_months(&self, packed: &PackedMonths) -> Result<(), StoreError>;
}

impl<E: Engine> NoteSeries for E {
    async fn note_series(&self, series: &Series) -> Result<(), StoreError> {
        Market(self).note_series(series).await
    }
}

impl<E: Engine> ReadMonths for E {
    async fn packed_months(&self, series: &Series) -> Result<Option<PackedMonths>, StoreError> {
        Market(self).packed_months(series).await
    }
}

impl<E: Engine> MarkMonths for E {
    async fn list_packed_months(&self) -> Result<Vec<PackedMonths>, StoreError> {
        Market(self).list_packed_months().await
    }

    async fn keep_packed_months(&self, packed: &PackedMonths) -> Result<(), StoreError> {
        Market(self).keep_packed_months(packed).await
    }
}

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
