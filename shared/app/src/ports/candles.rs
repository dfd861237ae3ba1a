//! Candles, which everybody may ask for.

use super::VenueError;
use domain::market::{Candle, CandleSpan, Exchange, Interval, Market};

/// Why candles are not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CandlesError {
    /// It cannot be asked now, or what it answers cannot be believed.
    #[error(transparent)]
    Venue(#[from] VenueError),
    /// Such candles are never told there; said is which are.
    #[error("{0}")]
    NotTold(String),
}

pub trait ListCandles {
    /// The candles of a span that have begun, oldest first, without a key: on the venue's own side, not on one for tests. What
    /// goes on is marked. Where nobody traded there may be none: that is a gap, and what cannot be read whole is an error.
    async fn list_candles(&self, market: &Market, span: &CandleSpan) -> Result<Vec<Candle>, CandlesError>;

    /// In which candles those of an interval are told there: in such, or in shorter ones of which they are made. Of an answer that lacks
    /// one of these the longer candle would be wrong and nobody could tell: who keeps candles asks for the shorter ones.
    fn told_in(&self, _: &Exchange, interval: Interval) -> Interval {
        interval
    }
}
