//! Inboxes of people.

use super::{Page, PageRequest, StoreError};
use domain::clock::Timestamp;
use domain::ids::{NoticeId, Sha, UserId};
use domain::notice::Notice;

/// A notice as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptNotice {
    pub notice: Notice,
    pub is_read: bool,
}

/// How many are not read, as far as they were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unread {
    pub count: u32,
    /// Whether there are more than that.
    pub more: bool,
}

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
