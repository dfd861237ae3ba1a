//! Inboxes: what a person was told, read by them alone.

mod routes;
#[cfg(test)]
mod tests;

pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::{Desk, Done};
use app::notices::{self, Dropped};
use app::ports::{KeptNotice, Page, PageRequest, ReadNotices, Unread};
use domain::clock::Timestamp;
use domain::ids::{NoticeId, UserId};
use lambda::guard::Guards;

/// What these routes ask for.
pub trait Inbox: Guards {
    fn notices(
        &self,
        user: &UserId,
        unread_alone: bool,
        page: &PageRequest,
        now: Timestamp,
    ) -> impl Future<Output = Done<Page<KeptNotice>>> + Send;
    fn unread(&self, user: &UserId, now: Timestamp) -> impl Future<Output = Done<Unread>> + Send;
    /// False where there is none such.
    fn read(&self, user: &UserId, notice: &NoticeId) -> impl Future<Output = Done<bool>> + Send;
    fn read_all(&self, user: &UserId, until: Timestamp) -> impl Future<Output = Done<()>> + Send;
    fn drop_one(&self, user: &UserId, notice: &NoticeId) -> impl Future<Output = Done<Dropped>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

impl Inbox for Deployed {
    async fn notices(
        &self,
        user: &UserId,
        unread_alone: bool,
        page: &PageRequest,
        now: Timestamp,
    ) -> Done<Page<KeptNotice>> {
        Ok(self.aws().list_notices(user, unread_alone, page, now).await?)
    }

    async fn unread(&self, user: &UserId, now: Timestamp) -> Done<Unread> {
        Ok(self.aws().count_unread(user, now).await?)
    }

    async fn read(&self, user: &UserId, notice: &NoticeId) -> Done<bool> {
        Ok(self.aws().read_notice(user, notice).await?)
    }

    async fn read_all(&self, user: &UserId, until: Timestamp) -> Done<()> {
        Ok(self.aws().read_all_notices(user, until).await?)
    }

    async fn drop_one(&self, user: &UserId, notice: &NoticeId) -> Done<Dropped> {
        Ok(notices::drop_one(self.aws(), user, notice).await?)
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}
