//! Backtests that somebody asked for, what came of them, and who plays them.

use super::StoreError;
use domain::clock::Timestamp;
use domain::ids::BacktestId;
use wire::backtest::Work;

pub trait BeginBacktest {
    /// Has a worker begin that nobody waits for.
    async fn begin_backtest(&self, work: &Work, now: Timestamp) -> Result<(), StoreError>;
}

pub trait SpreadBacktest {
    /// Has many workers begin, by what they plan first; what was begun already is success.
    async fn spread_backtest(&self, id: &BacktestId, work: &Work, now: Timestamp) -> Result<(), StoreError>;
}
