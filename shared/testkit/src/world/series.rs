//! Series of candles, and who wants them.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Refused, Write};
use crate::sim::Op;
use app::ports::{
    KeepBackfill, KeepCandles, KeepWish, ListWishes, MarkSeries, ReadCandles, SeriesMark, StoreError, Wanting, Wish,
};
use domain::clock::Timestamp;
use domain::ids::BackfillId;
use domain::limits::CANDLES_PER_ROW;
use domain::market::{CandleSpan, Interval};
use domain::series::{Backfill, KeptCandle, Series};

impl ReadCandles for World {
    async fn read_candles(&self, series: &Series, span: &CandleSpan) -> Result<Vec<KeptCandle>, StoreError> {
        let within = |kept: &KeptCandle| span.first() <= kept.opens_at() && kept.opens_at() < span.end();
        self.call(Op::read("read_candles"), |world| world.candles(series).into_iter().filter(within).collect()).await
    }

    async fn oldest_candle(&self, series: &Series) -> Result<Option<Timestamp>, StoreError> {
        let oldest = |world: &Self| world.candles(series).first().map(KeptCandle::opens_at);
        self.call(Op::read("oldest_candle"), oldest).await
    }

    async fn newest_candles(&self, series: &Series) -> Result<Vec<KeptCandle>, StoreError> {
        self.call(Op::read("newest_candles"), |world| {
            let table = world.table();
            let mut newest = table.prefixed(key::candles(series)).rev().filter_map(candle).peekable();
            let first = newest.peek().map(|last| row(series.interval, last).saturating_sub(1));
            let mut all: Vec<_> = newest.take_while(|kept| Some(row(series.interval, kept)) >= first).collect();
            all.reverse();
            all
        })
        .await
    }
}

fn candle(item: &Item) -> Option<KeptCandle> {
    if let Item::Candle(kept) = item { Some(*kept) } else { None }
}

/// Which row it stands in.
fn row(interval: Interval, kept: &KeptCandle) -> i64 {
    kept.opens_at().millis().div_euclid(interval.times(CANDLES_PER_ROW).get())
}

impl KeepCandles for World {
    async fn keep_candles(&self, series: &Series, candles: &[KeptCandle]) -> Result<(), StoreError> {
        // Each row is a write of its own: whoever is ended between two of them has kept the first.
        for row in candles.chunk_by(|one, next| row(series.interval, one) == row(series.interval, next)) {
            let put = |kept: &KeptCandle| Action::put(key::candle(series, kept.opens_at()), Item::Candle(*kept));
            let puts: Vec<_> = row.iter().map(put).collect();
            self.try_call(Op::effect("keep_candles"), |world| world.put_rows(puts)).await?;
        }
        Ok(())
    }
}

impl MarkSeries for World {
    async fn series_mark(&self, series: &Series) -> Result<SeriesMark, StoreError> {
        self.call(Op::read("series_mark"), |world| match world.table().get(&key::series_mark(series)) {
            Some(Item::SeriesMark(mark)) => mark.clone(),
            _ => SeriesMark::default(),
        })
        .await
    }

    async fn keep_series_mark(&self, series: &Series, mark: &SeriesMark, seen: u64) -> Result<bool, StoreError> {
        let version = |row: Option<&Item>| if let Some(Item::SeriesMark(mark)) = row { mark.version } else { 0 };
        let put = Action {
            key: key::series_mark(series),
            guard: Box::new(move |row| version(row) == seen),
            write: Write::Put(Item::SeriesMark(mark.clone())),
        };
        self.try_call(Op::effect("keep_series_mark"), |world| world.put_unless_late(vec![put])).await
    }
}

impl ListWishes for World {
    async fn list_wishes(&self) -> Result<Vec<Wish>, StoreError> {
        let wish = |item: &Item| if let Item::Wish(wish) = item { Some(wish.clone()) } else { None };
        self.call(Op::read("list_wishes"), |world| world.table().prefixed(key::wishes()).filter_map(wish).collect())
            .await
    }
}

impl KeepWish for World {
    async fn keep_wish(&self, wish: &Wish) -> Result<(), StoreError> {
        let put = Action::put(key::wish(&wish.series, &wish.by), Item::Wish(wish.clone()));
        self.try_call(Op::effect("keep_wish"), |world| world.put_rows(vec![put])).await
    }

    async fn drop_wish(&self, series: &Series, by: &Wanting) -> Result<(), StoreError> {
        let drop = Action { key: key::wish(series, by), guard: Box::new(|_| true), write: Write::Delete };
        self.try_call(Op::effect("drop_wish"), |world| world.put_rows(vec![drop])).await
    }
}

impl KeepBackfill for World {
    async fn list_backfills(&self) -> Result<Vec<Backfill>, StoreError> {
        let one = |item: &Item| if let Item::Backfill(backfill) = item { Some(backfill.clone()) } else { None };
        let all = |world: &Self| world.table().prefixed(key::backfills()).filter_map(one).collect();
        self.call(Op::read("list_backfills"), all).await
    }

    async fn load_backfill(&self, id: &BackfillId) -> Result<Option<Backfill>, StoreError> {
        self.call(Op::read("load_backfill"), |world| match world.table().get(&key::backfill(id)) {
            Some(Item::Backfill(backfill)) => Some(backfill.clone()),
            _ => None,
        })
        .await
    }

    async fn backfills_begun(&self) -> Result<u64, StoreError> {
        self.call(Op::read("backfills_begun"), |world| match world.table().get(key::BACKFILLS_BEGUN) {
            Some(Item::BackfillsBegun(begun)) => *begun,
            _ => 0,
        })
        .await
    }

    async fn begin_backfill(&self, backfill: &Backfill, begun: u64) -> Result<bool, StoreError> {
        let count = Action {
            key: key::BACKFILLS_BEGUN.to_owned(),
            guard: Box::new(move |row| match row {
                Some(Item::BackfillsBegun(before)) => *before == begun,
                _ => begun == 0,
            }),
            write: Write::Put(Item::BackfillsBegun(begun + 1)),
        };
        let rows = vec![Action::put_on_absence(key::backfill(&backfill.id), Item::Backfill(backfill.clone())), count];
        self.try_call(Op::effect("begin_backfill"), |world| world.put_unless_late(rows)).await
    }

    async fn keep_backfill(&self, backfill: &Backfill, seen: u64) -> Result<bool, StoreError> {
        let (key, item) = (key::backfill(&backfill.id), Item::Backfill(backfill.clone()));
        let is_seen = move |row: Option<&Item>| matches!(row, Some(Item::Backfill(before)) if before.version == seen);
        let put = Action { key, guard: Box::new(is_seen), write: Write::Put(item) };
        self.try_call(Op::effect("keep_backfill"), |world| world.put_unless_late(vec![put])).await
    }
}

impl World {
    /// All that is kept of a series, oldest first, without a yield point.
    pub fn candles(&self, series: &Series) -> Vec<KeptCandle> {
        self.table().prefixed(key::candles(series)).filter_map(candle).collect()
    }

    /// Keeps one, without a yield point.
    pub fn put_candle(&self, series: &Series, kept: KeptCandle) {
        let put = Action::put(key::candle(series, kept.opens_at()), Item::Candle(kept));
        assert_eq!(self.put_rows(vec![put]), Ok(()));
    }

    /// Takes one away, as nothing in the product does.
    pub fn lose_candle(&self, series: &Series, opens_at: Timestamp) {
        let lose = Action { key: key::candle(series, opens_at), guard: Box::new(|_| true), write: Write::Delete };
        assert_eq!(self.put_rows(vec![lose]), Ok(()));
    }

    pub(super) fn put_rows(&self, rows: Vec<Action<'_>>) -> Result<(), StoreError> {
        match self.table_mut().transact(rows, None, self.sim().now()) {
            Ok(()) => Ok(()),
            Err(Refused::Guard) => Err(StoreError::Unavailable("a write without a condition was refused".to_owned())),
            Err(Refused::Limit(what)) => Err(StoreError::Unavailable(what)),
        }
    }

    /// All of these rows, unless somebody else was first.
    pub(super) fn put_unless_late(&self, rows: Vec<Action<'_>>) -> Result<bool, StoreError> {
        match self.table_mut().transact(rows, None, self.sim().now()) {
            Ok(()) => Ok(true),
            Err(Refused::Guard) => Ok(false),
            Err(Refused::Limit(what)) => Err(StoreError::Unavailable(what)),
        }
    }
}
