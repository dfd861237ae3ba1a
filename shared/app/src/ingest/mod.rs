//! Candles of what somebody wants, fetched as they close, and kept.
//!
//! 1. A planner looks which series are wanted and due, and has workers fetch them; it asks no venue itself, and nothing is asked for that
//!    nobody wants.
//! 2. A worker does the same work twice without harm: it asks for what is missing of what is kept, and keeps it oldest first, so that it
//!    may end anywhere.
//! 3. What is kept of a series that somebody acts on is told on the bus behind that, at least once: told twice it is the same.
//! 4. What fails is counted and told, to people too as long as it does, and keeps no other series waiting; the next run asks for it again. Series that have little to ask
//!    for come first, and those that begin last.

mod ask;
mod backfill;
mod catch_up;
mod failing;
mod fetch;
mod fetched;
mod looked;
mod mend;
mod plan;
mod tell;

pub use backfill::{Backfilled, backfill};
pub use fetch::fetch;
pub use fetched::Fetched;
pub(crate) use plan::Place;
pub use plan::{Planned, plan, planned_at};
pub use tell::tell;

use crate::ports::{CandlesError, StoreError, VenueError};
use domain::market::{BadCandles, Market};
use domain::series::Series;

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
