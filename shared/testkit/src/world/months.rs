//! How far the months of series are packed, and the months.

use super::World;
use super::item::{Item, key};
use super::table::Action;
use crate::sim::Op;
use app::ports::{KeepMonth, MarkMonths, NoteSeries, PackedMonths, ReadMonth, ReadMonths, StoreError};
use domain::clock::Timestamp;
use domain::series::{Month, Series};
use std::collections::BTreeMap;

/// Each as it is packed.
pub(super) type Months = BTreeMap<(Series, Month), Vec<u8>>;

impl NoteSeries for World {
    async fn note_series(&self, series: &Series) -> Result<(), StoreError> {
        let row = Item::SeriesMonths(PackedMonths { series: series.clone(), packed: None });
        self.try_call(Op::effect("note_series"), |world| {
            let is_there = world.table().get(&key::series_months(series)).is_some();
            if is_there { Ok(()) } else { world.put_rows(vec![Action::put(key::series_months(series), row)]) }
        })
        .await
    }
}

impl ReadMonths for World {
    async fn packed_months(&self, series: &Series) -> Result<Option<PackedMonths>, StoreError> {
        let one = |world: &Self| world.table().get(&key::series_months(series)).and_then(months);
        self.call(Op::read("packed_months"), one).await
    }
}

impl MarkMonths for World {
    async fn list_packed_months(&self) -> Result<Vec<PackedMonths>, StoreError> {
        let all = |world: &Self| world.table().prefixed(key::all_months().to_owned()).filter_map(months).collect();
        self.call(Op::read("list_packed_months"), all).await
    }

    async fn keep_packed_months(&self, packed: &PackedMonths) -> Result<(), StoreError> {
        let put = Action::put(key::series_months(&packed.series), Item::SeriesMonths(packed.clone()));
        self.try_call(Op::effect("keep_packed_months"), |world| world.put_rows(vec![put])).await
    }
}

fn months(item: &Item) -> Option<PackedMonths> {
    if let Item::SeriesMonths(packed) = item { Some(packed.clone()) } else { None }
}

impl ReadMonth for World {
    async fn packed_month(&self, series: &Series, month: Month, _: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        let place = (series.clone(), month);
        self.call(Op::read("packed_month"), |world| world.copies().months.get(&place).cloned()).await
    }
}

impl KeepMonth for World {
    async fn keep_packed_month(
        &self,
        series: &Series,
        month: Month,
        packed: &[u8],
        _: Timestamp,
    ) -> Result<(), StoreError> {
        let place = (series.clone(), month);
        self.call(Op::effect("keep_packed_month"), |world| {
            world.copies().months.insert(place, packed.to_vec());
        })
        .await
    }
}

impl World {
    /// All months that were packed.
    pub fn months(&self) -> BTreeMap<(Series, Month), Vec<u8>> {
        self.copies().months.clone()
    }
}
