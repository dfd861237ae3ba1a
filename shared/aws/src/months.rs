//! Months of candles: how far those of a series are packed, in the table of markets; and the months, in the bucket.

use crate::bucket::Bucket;
use crate::client::Aws;
use crate::keys;
use app::ports::{KeepMonth, MarkMonths, NoteSeries, PackedMonths, ReadMonth, ReadMonths, StoreError};
use domain::clock::Timestamp;
use domain::market::MarketKey;
use domain::series::{Month, Series};
use store::item::{from_item, to_item};
use store::{Table, Write};
use wire::stored::{Schema, SeriesMonths};
use wire::text::Text;

impl NoteSeries for Aws {
    async fn note_series(&self, series: &Series) -> Result<(), StoreError> {
        let row = row(&PackedMonths { series: series.clone(), packed: None });
        self.put(keys::series_months(series), to_item(&row)?).await
    }
}

impl ReadMonths for Aws {
    async fn packed_months(&self, series: &Series) -> Result<Option<PackedMonths>, StoreError> {
        Ok(self.rows().load::<SeriesMonths>(&keys::series_months(series)).await?.map(months))
    }
}

impl MarkMonths for Aws {
    async fn list_packed_months(&self) -> Result<Vec<PackedMonths>, StoreError> {
        let items = self.rows().query(Table::Market, keys::MONTHS, "").await?;
        items.into_iter().map(|item| Ok(months(from_item(item)?))).collect()
    }

    async fn keep_packed_months(&self, packed: &PackedMonths) -> Result<(), StoreError> {
        let write = Write::replace(keys::series_months(&packed.series), to_item(&row(packed))?);
        self.rows().send(write).await.map(drop)
    }
}

fn row(PackedMonths { series, packed }: &PackedMonths) -> SeriesMonths {
    SeriesMonths {
        v: Schema,
        exchange: Text(series.market.exchange.clone()),
        symbol: Text(series.market.symbol.clone()),
        timeframe: Text(series.interval),
        first: packed.map(|(first, _)| first.begins().millis()),
        next: packed.map(|(_, next)| next.begins().millis()),
    }
}

fn months(row: SeriesMonths) -> PackedMonths {
    let market = MarketKey { exchange: row.exchange.0, symbol: row.symbol.0 };
    let month = |at: i64| Month::of(Timestamp::from_millis(at));
    let packed = row.first.zip(row.next).map(|(first, next)| (month(first), month(next)));
    PackedMonths { series: Series { market, interval: row.timeframe.0 }, packed }
}

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
