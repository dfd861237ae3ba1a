//! How far the months of series are packed, and the months.

use super::World;
use crate::sim::Op;
use app::ports::{KeepMonth, ReadMonth, StoreError};
use domain::clock::Timestamp;
use domain::series::{Month, Series};
use std::collections::BTreeMap;

/// Each as it is packed.
pub(super) type Months = BTreeMap<(Series, Month), Vec<u8>>;

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
