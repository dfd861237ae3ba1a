//! Inboxes of people.

use super::{Page, PageRequest, StoreError};
use domain::clock::Timestamp;
use domain::ids::{NoticeId, Sha, UserId};
use domain::notice::Notice;
use store::Engine;
use store::trading::Trading;

pub use store::trading::{KeptNotice, Unread};

pub trait Notify {
    /// Puts it where none of its name is, or was taken back: telling it again changes nothing.
    async fn notify(&self, notice: &Notice) -> Result<(), StoreError>;

    /// As if it had never been told: it may be told again.
    async fn take_back(&self, user: &UserId, notice: &NoticeId) -> Result<(), StoreError>;
}

pub trait ReadNotices {
    /// Newest first, without those whose time is to come. A page may be short; `next` goes on.
    async fn list_notices(
        &self,
        user: &UserId,
        unread_alone: bool,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<KeptNotice>, StoreError>;

    /// Of those since all were read, up to a bound.
    async fn count_unread(&self, user: &UserId, now: Timestamp) -> Result<Unread, StoreError>;

    /// Whenever its time is; none that was dropped or taken back.
    async fn find_notice(&self, user: &UserId, notice: &NoticeId) -> Result<Option<Notice>, StoreError>;

    /// False where there is none such; reading it again is success.
    async fn read_notice(&self, user: &UserId, notice: &NoticeId) -> Result<bool, StoreError>;

    /// All up to this time.
    async fn read_all_notices(&self, user: &UserId, until: Timestamp) -> Result<(), StoreError>;

    /// Nobody is shown it any more; false where there is none such.
    async fn drop_notice(&self, user: &UserId, notice: &NoticeId) -> Result<bool, StoreError>;
}

pub trait RecallOrigin {
    /// Whether somebody was here before, by what is kept of from where; and keeps it until then.
    async fn recall_origin(&self, user: &UserId, origin: &Sha, until: Timestamp) -> Result<bool, StoreError>;
}

impl<E: Engine> Notify for E {
    async fn notify(&self, notice: &Notice) -> Result<(), StoreError> {
        Trading(self).notify(notice).await
    }

    async fn take_back(&self, user: &UserId, notice: &NoticeId) -> Result<(), StoreError> {
        Trading(self).take_back(user, notice).await
    }
}

impl<E: Engine> ReadNotices for E {
    async fn list_notices(
        &self,
        user: &UserId,
        unread_alone: bool,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<KeptNotice>, StoreError> {
        Trading(self).list_notices(user, unread_alone, page, now).await
    }

    async fn count_unread(&self, user: &UserId, now: Timestamp) -> Result<Unread, StoreError> {
        Trading(self).count_unread(user, now).await
    }

    async fn find_notice(&self, user: &UserId, notice: &NoticeId) -> Result<Option<Notice>, StoreError> {
        Trading(self).find_notice(user, notice).await
    }

    async fn read_notice(&self, user: &UserId, notice: &NoticeId) -> Result<bool, StoreError> {
        Trading(self).read_notice(user, notice).await
    }

    async fn read_all_notices(&self, user: &UserId, until: Timestamp) -> Result<(), StoreError> {
        Trading(self).read_all_notices(user, until).await
    }

    async fn drop_notice(&self, user: &UserId, notice: &NoticeId) -> Result<bool, StoreError> {
        Trading(self).drop_notice(user, notice).await
    }
}

impl<E: Engine> RecallOrigin for E {
    async fn recall_origin(&self, user: &UserId, origin: &Sha, until: Timestamp) -> Result<bool, StoreError> {
        Trading(self).recall_origin(user, origin, until).await
    }
}
