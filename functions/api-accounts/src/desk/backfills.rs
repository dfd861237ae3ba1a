//! Older candles that somebody asked for.

use app::backfills::{BackfillError, Wanted};
use domain::clock::Timestamp;
use domain::ids::{AttemptId, BackfillId, UserId};
use domain::series::Backfill;

pub(crate) type Filled<T> = Result<T, BackfillError>;

pub trait BackfillDesk {
    fn backfill(
        &self,
        wanted: Wanted,
        user: &UserId,
        attempt: &AttemptId,
        now: Timestamp,
    ) -> impl Future<Output = Filled<Backfill>> + Send;

    fn backfills(&self, user: &UserId) -> impl Future<Output = Filled<Vec<Backfill>>> + Send;

    fn find_backfill(&self, user: &UserId, id: &BackfillId) -> impl Future<Output = Filled<Backfill>> + Send;

    fn call_off(&self, user: &UserId, id: &BackfillId, now: Timestamp)
    -> impl Future<Output = Filled<Backfill>> + Send;
}
