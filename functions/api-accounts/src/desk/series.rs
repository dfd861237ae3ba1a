//! Series that are kept, and who wants them.

use app::ports::Wish;
use app::series::{Seen, SeriesError, Wanted};
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::series::Series;

pub(crate) type Listed<T> = Result<T, SeriesError>;

pub trait SeriesDesk {
    /// What is kept; whoever looks has it fetched for a while.
    fn look(&self, wanted: &Wanted, now: Timestamp) -> impl Future<Output = Listed<Seen>> + Send;

    fn list(&self, user: &UserId, now: Timestamp) -> impl Future<Output = Listed<Vec<Wish>>> + Send;

    fn put_on_list(&self, user: &UserId, series: &Series, now: Timestamp) -> impl Future<Output = Listed<Wish>> + Send;

    fn take_off_list(&self, user: &UserId, series: &Series) -> impl Future<Output = Listed<()>> + Send;
}
