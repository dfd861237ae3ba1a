//! Series of candles, as stories put and lose them.

use super::World;
use domain::clock::Timestamp;
use domain::series::{KeptCandle, Series};
use std::cmp::Ordering;
use store::item::number;
use store::market::{candle_key, candle_row, candles_of, rows_of};
use store::memory::compare;

impl World {
    /// All that is kept of a series, oldest first, without a yield point.
    ///
    /// # Panics
    /// Where a row cannot be read.
    pub fn candles(&self, series: &Series) -> Vec<KeptCandle> {
        let (mut rows, mut query, table) = (Vec::new(), rows_of(series), self.table());
        loop {
            let found = table.memory().query(&query);
            rows.extend(found.items);
            if found.next.is_none() {
                return candles_of(series, rows).expect("candles");
            }
            query.start = found.next;
        }
    }

    /// Keeps one, without a yield point.
    pub fn put_candle(&self, series: &Series, kept: KeptCandle) {
        self.seed_row(candle_row(series, &[kept]).expect("a candle"));
    }

    /// Takes one away, as nothing in the product does.
    pub fn lose_candle(&self, series: &Series, opens_at: Timestamp) {
        let key = candle_key(series, opens_at);
        let row = self.table().memory().get(&key).cloned().expect("a candle");
        let kept = candles_of(series, vec![row]).expect("candles");
        let lost: Vec<_> = kept.iter().filter(|kept| kept.opens_at() == opens_at).copied().collect();
        let names = candle_row(series, &lost).expect("a candle");
        let names = names.sets().filter(|name| !matches!(name.as_ref(), "v" | "ttl")).cloned();
        let write = names.fold(store::Write::update(key.clone()), store::Write::remove);
        self.seed_row(if kept.len() == 1 { store::Write::delete(key) } else { write });
    }

    /// Takes away the rows of a series that have expired by then, as the table does at some time.
    pub fn expire(&self, series: &Series, by: Timestamp) {
        let (pk, by) = (rows_of(series).pk, number(by.millis().div_euclid(1_000)));
        let is_over = |row: &store::Item| row.get("ttl").and_then(|ttl| compare(ttl, &by)).is_some_and(Ordering::is_lt);
        self.table_mut().memory.retain(|key, row| key.pk != pk || !is_over(row));
    }
}
