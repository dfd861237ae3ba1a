//! Candles of what somebody wants, fetched as they close, and kept.
//!
//! 1. A planner looks which series are wanted and due, and has workers fetch them; it asks no venue itself, and nothing is asked for that
//!    nobody wants.
//! 2. A worker does the same work twice without harm: it asks for what is missing of what is kept, and keeps it oldest first, so that it
//!    may end anywhere.
//! 3. What fails is counted and told, and keeps no other series waiting; the next run asks for it again.

mod fetch;
mod mend;
mod plan;

pub use fetch::{Fetched, fetch};
pub use plan::{Planned, plan};

use crate::ports::{
    CandlesError, Clock, KeepCandles, ListCandles, LoadMarket, MarkSeries, ReadCandles, StoreError, VenueError,
};
use domain::market::{BadCandles, Candle, CandleSpan, Market};
use domain::series::{KeptCandle, Series};

/// What fetching needs of the store.
pub trait FetchCandles: LoadMarket + ReadCandles + KeepCandles + MarkSeries + Clock {}
impl<D: LoadMarket + ReadCandles + KeepCandles + MarkSeries + Clock> FetchCandles for D {}

/// Why a series is not up to date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfetched {
    #[error("the market is not known")]
    UnknownMarket,
    #[error("such candles are not told there: {0}")]
    NotTold(String),
    #[error(transparent)]
    Venue(#[from] VenueError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Bad(#[from] BadCandles),
}

impl From<CandlesError> for Unfetched {
    fn from(error: CandlesError) -> Self {
        match error {
            CandlesError::NotTold(why) => Self::NotTold(why),
            CandlesError::Venue(error) => Self::Venue(error),
        }
    }
}

/// One series in hand.
struct Hand<'a, D, V> {
    deps: &'a D,
    venue: &'a V,
    market: &'a Market,
    series: &'a Series,
}

/// How many candles were new, and how many said something else than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Told {
    new: u32,
    corrected: u32,
}

impl<D: FetchCandles, V: ListCandles> Hand<'_, D, V> {
    /// Asks for a span and keeps what has closed of it and is not `known` as it is told.
    async fn ask(&self, span: &CandleSpan, known: &[KeptCandle]) -> Result<(Told, Vec<KeptCandle>), Unfetched> {
        let candles = self.venue.list_candles(self.market, span).await?;
        Ok(self.keep(&candles, known).await?)
    }

    async fn keep(&self, candles: &[Candle], known: &[KeptCandle]) -> Result<(Told, Vec<KeptCandle>), StoreError> {
        let (mut told, mut other) = (Told::default(), Vec::new());
        let kept_at = self.deps.now();
        for candle in candles.iter().filter(|candle| candle.is_closed) {
            match known.iter().find(|known| known.opens_at() == candle.bar.opens_at) {
                Some(known) if known.candle == *candle => continue,
                Some(_) => told.corrected = told.corrected.saturating_add(1),
                None => told.new = told.new.saturating_add(1),
            }
            other.push(KeptCandle { candle: *candle, kept_at });
        }
        if !other.is_empty() {
            self.deps.keep_candles(self.series, &other).await?;
        }
        Ok((told, other))
    }
}
