//! Backtests that somebody asks for.

use domain::backtests::Backtest;
use domain::clock::Timestamp;
use domain::ids::{AttemptId, BacktestId, UserId};
use research::{BacktestError, Whole};
use wire::backtest::Asked;

pub(crate) type Tested<T> = Result<T, BacktestError>;

pub trait BacktestDesk {
    fn submit(
        &self,
        asked: Asked,
        user: &UserId,
        run: (&AttemptId, &str),
        now: Timestamp,
    ) -> impl Future<Output = Tested<Backtest>> + Send;

    fn backtests(&self, user: &UserId) -> impl Future<Output = Tested<Vec<Backtest>>> + Send;

    /// Where its worker is dead, another one is begun.
    fn look_at(
        &self,
        user: &UserId,
        id: &BacktestId,
        trace: &str,
        now: Timestamp,
    ) -> impl Future<Output = Tested<Backtest>> + Send;

    fn cancel(&self, user: &UserId, id: &BacktestId, now: Timestamp) -> impl Future<Output = Tested<Backtest>> + Send;

    fn result(&self, user: &UserId, id: &BacktestId, now: Timestamp) -> impl Future<Output = Tested<Whole>> + Send;

    fn compare(&self, user: &UserId, ids: &[BacktestId]) -> impl Future<Output = Tested<Vec<Backtest>>> + Send;
}
