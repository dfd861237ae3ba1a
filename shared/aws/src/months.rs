//! Months of candles: how far those of a series are packed, in the table of markets; and the months, in the bucket.

use crate::bucket::Bucket;
use app::ports::{KeepMonth, ReadMonth, StoreError};
use domain::clock::Timestamp;
use domain::series::{Month, Series};

impl ReadMonth for Bucket {
    async fn packed_month(&self, series: &Series, month: Month, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&object(series, month), now).await
    }
}

impl KeepMonth for Bucket {
    async fn keep_packed_month(
        &self,
        series: &Series,
        month: Month,
        packed: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.put(&object(series, month), packed, now).await
    }
}

/// Neither part of a symbol has a line in it.
fn object(Series { market, interval }: &Series, month: Month) -> String {
    let symbol = market.symbol.to_string().replace(['/', ':'], "_");
    format!("candles/{}/{symbol}/{interval}/{month}.csv.gz", market.exchange)
}
