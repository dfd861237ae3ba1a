//! Series of candles as they are kept, and who wants them.

use super::StoreError;
use domain::clock::Timestamp;
use domain::market::CandleSpan;
use domain::series::{KeptCandle, Series};
use store::Engine;
use store::market::Market;
use wire::assess::Assess;
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

pub trait TellCandle {
    /// Puts it on the bus, at least once where it succeeds.
    async fn tell_candle(&self, closed: &CandleClosed, now: Timestamp) -> Result<(), StoreError>;
}

pub trait StartAssessment {
    /// Has a run begin that nobody waits for.
    async fn start_assessment(&self, work: &Assess, now: Timestamp) -> Result<(), StoreError>;
}

pub trait StartIngest {
    /// Has a run begin that nobody waits for.
    async fn start_ingest(&self, work: &Ingest, now: Timestamp) -> Result<(), StoreError>;
}
