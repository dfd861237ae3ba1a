//! Backtests that somebody asked for, what came of them, and who plays them.

use super::StoreError;
use domain::clock::Timestamp;
use domain::ids::BacktestId;
use wire::backtest::Work;

/// What is kept of what came of a backtest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResultPart {
    /// Of a part of it, by its number.
    Part(u32),
    /// All of it.
    Whole,
}

pub trait KeepResults {
    async fn kept_result(
        &self,
        id: &BacktestId,
        part: ResultPart,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// In the place of what was there: the same part comes to the same again.
    async fn keep_result(
        &self,
        id: &BacktestId,
        part: ResultPart,
        packed: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError>;
}

pub trait BeginBacktest {
    /// Has a worker begin that nobody waits for.
    async fn begin_backtest(&self, work: &Work, now: Timestamp) -> Result<(), StoreError>;
}

pub trait SpreadBacktest {
    /// Has many workers begin, by what they plan first; what was begun already is success.
    async fn spread_backtest(&self, id: &BacktestId, work: &Work, now: Timestamp) -> Result<(), StoreError>;
}
