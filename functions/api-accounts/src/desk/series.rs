//! Series that are kept, and who wants them.

use app::ports::Wish;
use app::series::{Seen, SeriesError, State, Wanted};
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::series::Series;
use std::sync::Arc;

pub(crate) type Listed<T> = Result<T, SeriesError>;

pub trait SeriesDesk {
    /// What is kept, and whether it is fetched: whoever looks has it fetched for a while.
    fn look(
        &self,
        user: &UserId,
        wanted: &Wanted,
        now: Timestamp,
    ) -> impl Future<Output = Listed<(Arc<Seen>, bool)>> + Send;

    /// What is missing of it, and how late it comes.
    fn state(&self, wanted: &Wanted, now: Timestamp) -> impl Future<Output = Listed<State>> + Send;

    fn list(&self, user: &UserId, now: Timestamp) -> impl Future<Output = Listed<Vec<Wish>>> + Send;

    fn put_on_list(&self, user: &UserId, series: &Series, now: Timestamp) -> impl Future<Output = Listed<Wish>> + Send;

    fn take_off_list(&self, user: &UserId, series: &Series) -> impl Future<Output = Listed<()>> + Send;
}
