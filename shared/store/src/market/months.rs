//! How far the months of candles are packed, of each series whose months are.

use super::Market;
use crate::condition::ABSENT;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, to_item};
use crate::key::{Key, Table};
use crate::rows::Rows;
use crate::write::Write;
use domain::clock::Timestamp;
use domain::market::MarketKey;
use domain::series::{Month, Series};
use wire::stored::{Schema, SeriesMonths};
use wire::text::Text;

const MONTHS: &str = "MONTHS";

/// A series whose months are packed, and how far they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedMonths {
    pub series: Series,
    /// The first one that was looked at, and the first behind them that was not; none where none was yet.
    pub packed: Option<(Month, Month)>,
}

impl<E: Engine> Market<'_, E> {
    /// Puts a series on the list of those whose months are packed. One that stands there stays as it is.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn note_series(&self, series: &Series) -> Result<(), StoreError> {
        let row = row(&PackedMonths { series: series.clone(), packed: None });
        let put = Write::replace(key(series), to_item(&row)?).when(ABSENT);
        Rows(self.0).send(put).await.map(drop)
    }

    /// None where the series stands on no list.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn packed_months(&self, series: &Series) -> Result<Option<PackedMonths>, StoreError> {
        Ok(Rows(self.0).load::<SeriesMonths>(&key(series)).await?.map(months))
    }

    /// All that stand on the list.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_packed_months(&self) -> Result<Vec<PackedMonths>, StoreError> {
        let items = Rows(self.0).query(Table::Market, MONTHS, "").await?;
        items.into_iter().map(|item| Ok(months(from_item(item)?))).collect()
    }

    /// In the place of what was there: a writer that goes back packs the same again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn keep_packed_months(&self, packed: &PackedMonths) -> Result<(), StoreError> {
        Rows(self.0).send(Write::replace(key(&packed.series), to_item(&row(packed))?)).await.map(drop)
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

fn key(series: &Series) -> Key {
    Key::new(Table::Market, MONTHS, series.to_string())
}
