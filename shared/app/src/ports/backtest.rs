//! Backtests that somebody asked for, what came of them, and who plays them.

use super::StoreError;
use domain::backtests::{Backtest, Going, GoingOfAll};
use domain::clock::Timestamp;
use domain::ids::{BacktestId, UserId};
use store::Engine;
use store::market::Market;
use wire::backtest::Work;

pub trait KeepBacktest {
    /// Those that are kept, those too that have ended, the oldest first.
    async fn list_backtests(&self, user: &UserId) -> Result<Vec<Backtest>, StoreError>;

    async fn load_backtest(&self, user: &UserId, id: &BacktestId) -> Result<Option<Backtest>, StoreError>;

    /// What was asked for, as JSON; it stays as it was put.
    async fn backtest_asked(&self, user: &UserId, id: &BacktestId) -> Result<Option<String>, StoreError>;

    /// Which of somebody's may go on, and how many were begun lately.
    async fn backtests_going(&self, user: &UserId) -> Result<Going, StoreError>;

    /// Which of everybody's may go on.
    async fn backtests_of_all(&self) -> Result<GoingOfAll, StoreError>;

    /// Puts one, with what was asked for, and counts it among its owner's and among all, all or nothing; whether nobody was first. What
    /// it is counted by follows on the versions before their own.
    async fn open_backtest(
        &self,
        backtest: &Backtest,
        asked: &str,
        going: (&Going, &GoingOfAll),
    ) -> Result<bool, StoreError>;

    /// Keeps one in the place of the version `seen`; whether nobody was first.
    async fn keep_backtest(&self, backtest: &Backtest, seen: u64) -> Result<bool, StoreError>;

    /// Nothing is left of somebody's backtests but objects, which go by themselves.
    async fn forget_backtests(&self, user: &UserId) -> Result<(), StoreError>;
}

impl<E: Engine> KeepBacktest for E {
    async fn list_backtests(&self, user: &UserId) -> Result<Vec<Backtest>, StoreError> {
        Market(self).list_backtests(user).await
    }

    async fn load_backtest(&self, user: &UserId, id: &BacktestId) -> Result<Option<Backtest>, StoreError> {
        Market(self).load_backtest(user, id).await
    }

    async fn backtest_asked(&self, user: &UserId, id: &BacktestId) -> Result<Option<String>, StoreError> {
        Market(self).backtest_asked(user, id).await
    }

    async fn backtests_going(&self, user: &UserId) -> Result<Going, StoreError> {
        Market(self).backtests_going(user).await
    }

    async fn backtests_of_all(&self) -> Result<GoingOfAll, StoreError> {
        Market(self).backtests_of_all().await
    }

    async fn open_backtest(
        &self,
        backtest: &Backtest,
        asked: &str,
        going: (&Going, &GoingOfAll),
    ) -> Result<bool, StoreError> {
        Market(self).open_backtest(backtest, asked, going).await
    }

    async fn keep_backtest(&self, backtest: &Backtest, seen: u64) -> Result<bool, StoreError> {
        Market(self).keep_backtest(backtest, seen).await
    }

    async fn forget_backtests(&self, user: &UserId) -> Result<(), StoreError> {
        Market(self).forget_backtests(user).await
    }
}

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
