//! Series of candles as they are kept, and who wants them.

use super::StoreError;
use domain::clock::Timestamp;
use domain::ids::BackfillId;
use domain::market::CandleSpan;
use domain::series::{Backfill, KeptCandle, Series};
use store::Engine;
use store::market::Market;
use wire::candle::CandleClosed;
use wire::ingest::Ingest;

pub use store::market::{Failing, Older, SeriesMark, Wanting, Wish};

pub trait ReadCandles {
    /// Those that are kept of a span, oldest first.
    async fn read_candles(&self, series: &Series, span: &CandleSpan) -> Result<Vec<KeptCandle>, StoreError>;

    /// When the oldest one opens that is kept.
    async fn oldest_candle(&self, series: &Series) -> Result<Option<Timestamp>, StoreError>;

    /// The newest ones, oldest first: [`domain::limits::CANDLES_PER_ROW`] at least, where so many are kept in a row.
    async fn newest_candles(&self, series: &Series) -> Result<Vec<KeptCandle>, StoreError>;
}

pub trait KeepCandles {
    /// Keeps candles, oldest first, each in the place of what was known of it. Where it fails the first of them may be kept, and none
    /// behind one that is not.
    async fn keep_candles(&self, series: &Series, candles: &[KeptCandle]) -> Result<(), StoreError>;
}

pub trait MarkSeries {
    /// Nothing where nothing was ever remembered.
    async fn series_mark(&self, series: &Series) -> Result<SeriesMark, StoreError>;

    /// In the place of what was there, where its version is the one `seen`; whether it was. What is not remembered is asked for again.
    async fn keep_series_mark(&self, series: &Series, mark: &SeriesMark, seen: u64) -> Result<bool, StoreError>;
}

pub trait KeepBackfill {
    /// All of them, those too that have ended, the oldest first.
    async fn list_backfills(&self) -> Result<Vec<Backfill>, StoreError>;

    async fn load_backfill(&self, id: &BackfillId) -> Result<Option<Backfill>, StoreError>;

    /// How many were ever begun.
    async fn backfills_begun(&self) -> Result<u64, StoreError>;

    /// Keeps one that begins, where none of its id is there and no other has begun since that many had; whether nobody was first.
    async fn begin_backfill(&self, backfill: &Backfill, begun: u64) -> Result<bool, StoreError>;

    /// Keeps one in the place of the version `seen`; whether nobody was first.
    async fn keep_backfill(&self, backfill: &Backfill, seen: u64) -> Result<bool, StoreError>;
}

pub trait ListWishes {
    /// All of them, those too that hold no longer, in the order of their series.
    async fn list_wishes(&self) -> Result<Vec<Wish>, StoreError>;
}

pub trait KeepWish {
    /// In the place of the same one's wish for the same series.
    async fn keep_wish(&self, wish: &Wish) -> Result<(), StoreError>;

    /// What is not there is success.
    async fn drop_wish(&self, series: &Series, by: &Wanting) -> Result<(), StoreError>;
}

pub trait MarkTold {
    /// When the newest candle opens that was told of this series; none where none ever was.
    async fn series_told(&self, series: &Series) -> Result<Option<Timestamp>, StoreError>;

    /// In the place of what was there: whoever forgets it tells again.
    async fn keep_series_told(&self, series: &Series, opens_at: Timestamp) -> Result<(), StoreError>;
}

impl<E: Engine> ReadCandles for E {
    async fn read_candles(&self, series: &Series, span: &CandleSpan) -> Result<Vec<KeptCandle>, StoreError> {
        Market(self).read_candles(series, span).await
    }

    async fn oldest_candle(&self, series: &Series) -> Result<Option<Timestamp>, StoreError> {
        Market(self).oldest_candle(series).await
    }

    async fn newest_candles(&self, series: &Series) -> Result<Vec<KeptCandle>, StoreError> {
        Market(self).newest_candles(series).await
    }
}

impl<E: Engine> KeepCandles for E {
    async fn keep_candles(&self, series: &Series, candles: &[KeptCandle]) -> Result<(), StoreError> {
        Market(self).keep_candles(series, candles).await
    }
}

impl<E: Engine> MarkSeries for E {
    async fn series_mark(&self, series: &Series) -> Result<SeriesMark, StoreError> {
        Market(self).series_mark(series).await
    }

    async fn keep_series_mark(&self, series: &Series, mark: &SeriesMark, seen: u64) -> Result<bool, StoreError> {
        Market(self).keep_series_mark(series, mark, seen).await
    }
}

impl<E: Engine> KeepBackfill for E {
    async fn list_backfills(&self) -> Result<Vec<Backfill>, StoreError> {
        Market(self).list_backfills().await
    }

    async fn load_backfill(&self, id: &BackfillId) -> Result<Option<Backfill>, StoreError> {
        Market(self).load_backfill(id).await
    }

    async fn backfills_begun(&self) -> Result<u64, StoreError> {
        Market(self).backfills_begun().await
    }

    async fn begin_backfill(&self, backfill: &Backfill, begun: u64) -> Result<bool, StoreError> {
        Market(self).begin_backfill(backfill, begun).await
    }

    async fn keep_backfill(&self, backfill: &Backfill, seen: u64) -> Result<bool, StoreError> {
        Market(self).keep_backfill(backfill, seen).await
    }
}

impl<E: Engine> ListWishes for E {
    async fn list_wishes(&self) -> Result<Vec<Wish>, StoreError> {
        Market(self).list_wishes().await
    }
}

impl<E: Engine> KeepWish for E {
    async fn keep_wish(&self, wish: &Wish) -> Result<(), StoreError> {
        Market(self).keep_wish(wish).await
    }

    async fn drop_wish(&self, series: &Series, by: &Wanting) -> Result<(), StoreError> {
        Market(self).drop_wish(series, by).await
    }
}

impl<E: Engine> MarkTold for E {
    async fn series_told(&self, series: &Series) -> Result<Option<Timestamp>, StoreError> {
        Market(self).series_told(series).await
    }

    async fn keep_series_told(&self, series: &Series, opens_at: Timestamp) -> Result<(), StoreError> {
        Market(self).keep_series_told(series, opens_at).await
    }
}

pub trait TellCandle {
    /// Puts it on the bus, at least once where it succeeds.
    async fn tell_candle(&self, closed: &CandleClosed, now: Timestamp) -> Result<(), StoreError>;
}

pub trait StartIngest {
    /// Has a run begin that nobody waits for.
    async fn start_ingest(&self, work: &Ingest, now: Timestamp) -> Result<(), StoreError>;
}
