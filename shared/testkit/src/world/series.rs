//! Series of candles, as stories put and lose them.

use super::World;
use super::table::{Action, Refused};
use app::ports::StoreError;
use domain::clock::Timestamp;
use domain::series::{KeptCandle, Series};
use store::market::{candle_row, candles_of, rows_of};
use store::memory;

impl World {
    /// All that is kept of a series, oldest first, without a yield point.
    pub fn candles(&self, series: &Series) -> Vec<KeptCandle> {
        let rows = self.table().memory().query(&rows_of(series)).items;
        candles_of(series, rows).expect("candles")
    }

    /// Keeps one, without a yield point.
    pub fn put_candle(&self, series: &Series, kept: KeptCandle) {
        self.seed_row(candle_row(series, &[kept]).expect("a candle"));
    }

    /// Takes one away, as nothing in the product does.
    pub fn lose_candle(&self, series: &Series, opens_at: Timestamp) {
        let lost = self.candles(series).into_iter().find(|kept| kept.opens_at() == opens_at).expect("a candle");
        let row = candle_row(series, &[lost]).expect("a candle");
        let names: Vec<_> = row.sets().filter(|name| name.as_ref() != "ttl").cloned().collect();
        self.seed_row(names.into_iter().fold(store::Write::update(row.key), |write, name| write.remove(name)));
    }

    /// Writes without a question.
    fn seed_row(&self, write: store::Write) {
        assert_eq!(self.table_mut().memory.transact(vec![write]), Ok::<(), memory::Refused>(()));
    }

    pub(super) fn put_rows(&self, rows: Vec<Action<'_>>) -> Result<(), StoreError> {
        match self.table_mut().transact(rows, None, self.sim().now()) {
            Ok(()) => Ok(()),
            Err(Refused::Guard) => Err(StoreError::Unavailable("a write without a condition was refused".to_owned())),
            Err(Refused::Limit(what)) => Err(StoreError::Unavailable(what)),
        }
    }
}
