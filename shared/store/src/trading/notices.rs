//! Inboxes, in the trading table: what happens there is told from there. Written by updates alone, which need no other
//! right.

use super::Trading;
use super::keys;
use crate::condition::{NOT_DROPPED, NOT_TOLD, PRESENT};
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{from_item, number, text_of, ttl};
use crate::key::Table;
use crate::page::{Page, PageRequest};
use crate::query::{Query, Within};
use crate::rows::Rows;
use crate::value::{Item, Value};
use crate::write::Write;
use domain::clock::Timestamp;
use domain::ids::{NoticeId, Sha, UserId};
use domain::limits;
use domain::notice::Notice;
use wire::stored::{self, Schema};

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

/// Queries of one page; the next page goes on.
const TURNS_MAX: u32 = 5;

/// One part of an inbox, newest first.
struct Part {
    rows: Vec<stored::Notice>,
    next: Option<Item>,
}

impl<E: Engine> Trading<'_, E> {
    /// Puts it where none of its name is, or was taken back: telling it again changes nothing.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn notify(&self, notice: &Notice) -> Result<(), StoreError> {
        let write = notice_write(notice)?.when(NOT_TOLD).given("yes", Value::Bool(true));
        Rows(self.0).send(write).await.map(drop)
    }

    /// As if it had never been told: it may be told again.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn take_back(&self, user: &UserId, notice: &NoticeId) -> Result<(), StoreError> {
        self.mark(user, notice, "taken_back").await.map(drop)
    }

    /// Newest first, without those whose time is to come. A page may be short; `next` goes on.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_notices(
        &self,
        user: &UserId,
        unread_alone: bool,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<KeptNotice>, StoreError> {
        let read_until = self.notices_read(user).await?;
        let since = if unread_alone { read_until } else { None };
        let mut start = page.cursor.as_deref().map(|cursor| after(user, cursor)).transpose()?;
        let mut items = Vec::new();
        for _ in 0..TURNS_MAX {
            let left = page.limit.saturating_sub(u32::try_from(items.len()).unwrap_or(page.limit));
            let part = self.notices(user, since, now, left, start).await?;
            let kept = part.rows.into_iter().filter(is_shown).map(|row| kept(row, read_until));
            items.extend(kept.filter(|kept| !(unread_alone && kept.is_read)));
            start = part.next;
            if start.is_none() || items.len() >= usize::try_from(page.limit).unwrap_or(usize::MAX) {
                break;
            }
        }
        let next = start.as_ref().map(|last| text_of(last, "sk").map(str::to_owned)).transpose()?;
        Ok(Page { items, next })
    }

    /// Of those since all were read, up to a bound.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn count_unread(&self, user: &UserId, now: Timestamp) -> Result<Unread, StoreError> {
        let read_until = self.notices_read(user).await?;
        let part = self.notices(user, read_until, now, limits::UNREAD_COUNTED_MAX, None).await?;
        let count = part.rows.iter().filter(|row| is_shown(row) && !row.read).count();
        Ok(Unread { count: u32::try_from(count).unwrap_or(u32::MAX), more: part.next.is_some() })
    }

    /// Whenever its time is; none that was dropped or taken back.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_notice(&self, user: &UserId, notice: &NoticeId) -> Result<Option<Notice>, StoreError> {
        let row: Option<stored::Notice> = Rows(self.0).load(&keys::notice(user, notice)).await?;
        Ok(row.filter(is_shown).map(Notice::from))
    }

    /// False where there is none such; reading it again is success.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn read_notice(&self, user: &UserId, notice: &NoticeId) -> Result<bool, StoreError> {
        self.mark(user, notice, "read").await
    }

    /// All up to this time.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn read_all_notices(&self, user: &UserId, until: Timestamp) -> Result<(), StoreError> {
        let row = stored::NoticesRead { v: Schema, until: until.millis() };
        Rows(self.0).send(Write::upsert(keys::notices_read(user), &row)?).await.map(drop)
    }

    /// It is no longer shown; false where there is none such.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn drop_notice(&self, user: &UserId, notice: &NoticeId) -> Result<bool, StoreError> {
        self.mark(user, notice, "dropped").await
    }

    /// Nothing is left of a person's inbox, nor of from where they came.
    ///
    /// # Errors
    /// `Unavailable`: some may be gone.
    pub async fn forget_inbox(&self, user: &UserId) -> Result<(), StoreError> {
        Rows(self.0).forget(Table::Trading, &keys::of_notices(user), |_| true).await
    }

    /// Whether the person came from there before, by what is kept of it; and keeps it until then.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn recall_origin(&self, user: &UserId, origin: &Sha, until: Timestamp) -> Result<bool, StoreError> {
        let write = Write::update(keys::known_origin(user, origin)).set("v", number(1)).set("ttl", ttl(until));
        match Rows(self.0).send(write.add("times", number(1))).await? {
            Written::Done(row) => Ok(from_item::<stored::KnownOrigin>(row)?.times > 1),
            Written::Refused(_) => Ok(true),
        }
    }

    /// One that is there and was not dropped.
    async fn mark(&self, user: &UserId, notice: &NoticeId, what: &'static str) -> Result<bool, StoreError> {
        let write = Write::update(keys::notice(user, notice)).set(what, Value::Bool(true));
        let write = write.when(PRESENT).when(NOT_DROPPED);
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }

    async fn notices_read(&self, user: &UserId) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<stored::NoticesRead> = Rows(self.0).load(&keys::notices_read(user)).await?;
        Ok(row.map(|row| Timestamp::from_millis(row.until)))
    }

    async fn notices(
        &self,
        user: &UserId,
        since: Option<Timestamp>,
        until: Timestamp,
        most: u32,
        start: Option<Item>,
    ) -> Result<Part, StoreError> {
        let (from, to) = keys::notices_between(since, until);
        let query = Query::of(Table::Trading, keys::of_notices(user)).within(Within::Between(from, to));
        let query = query.newest_first().limit(PageRequest { limit: most, cursor: None }.items()).start(start);
        let found = Rows(self.0).page(&query).await?;
        let rows = found.items.into_iter().filter_map(readable).collect();
        Ok(Part { rows, next: found.next })
    }
}

/// A later release tells of more: what cannot be read here keeps nothing else of the inbox from being shown.
fn readable(row: Item) -> Option<stored::Notice> {
    from_item(row).inspect_err(|error| tracing::warn!(%error, "a notice cannot be read")).ok()
}

/// The row, in the place of what stands there.
///
/// # Errors
/// See [`Write::upsert`].
pub fn notice_write(notice: &Notice) -> Result<Write, StoreError> {
    let write = Write::upsert(keys::notice(&notice.user, &notice.id), &stored::Notice::from(notice))?;
    Ok(write.set("ttl", ttl(notice.at.plus(limits::NOTICES_KEPT))))
}

fn is_shown(row: &stored::Notice) -> bool {
    !row.dropped && !row.taken_back
}

fn kept(row: stored::Notice, read_until: Option<Timestamp>) -> KeptNotice {
    let is_read = row.read || read_until.is_some_and(|until| row.at <= until.millis());
    KeptNotice { notice: row.into(), is_read }
}

fn after(user: &UserId, cursor: &str) -> Result<Item, StoreError> {
    let bad = || StoreError::Unreadable("cursor: must be a next_cursor as it was answered".to_owned());
    if cursor.starts_with(keys::NOTICES) { Ok(keys::notice_at(user, cursor).item()) } else { Err(bad()) }
}
