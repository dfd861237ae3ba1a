//! Inboxes.

use super::World;
use super::item::{Gone, Item, key};
use super::table::{Action, Table, Write};
use crate::sim::Op;
use app::ports::{ForgetInbox, KeptNotice, Notify, Page, PageRequest, ReadNotices, RecallOrigin, StoreError, Unread};
use domain::clock::Timestamp;
use domain::ids::{NoticeId, Sha, UserId};
use domain::limits;
use domain::notice::Notice;

impl Notify for World {
    async fn notify(&self, notice: &Notice) -> Result<(), StoreError> {
        self.try_call(Op::effect("notify"), |world| {
            let item = Item::Notice { notice: notice.clone(), read: false, gone: None };
            let guard = Box::new(|row: Option<&Item>| match row {
                None => true,
                Some(Item::Notice { gone, .. }) => *gone == Some(Gone::TakenBack),
                Some(_) => false,
            });
            let put = Action { key: key::notice(&notice.user, &notice.id), guard, write: Write::Put(item) };
            world.all_or_none(vec![put], None).map(drop)
        })
        .await
    }

    async fn take_back(&self, user: &UserId, notice: &NoticeId) -> Result<(), StoreError> {
        self.mark("take_back", user, notice, |_, gone| *gone = Some(Gone::TakenBack)).await.map(drop)
    }
}

impl ReadNotices for World {
    async fn list_notices(
        &self,
        user: &UserId,
        unread_alone: bool,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<KeptNotice>, StoreError> {
        self.call(Op::read("list_notices"), |world| {
            let mut found: Vec<_> = shown(&world.table(), user, now);
            found.retain(|kept| !(unread_alone && kept.is_read));
            if let Some(cursor) = page.cursor.as_deref() {
                found.retain(|kept| kept.notice.id.as_str() < cursor);
            }
            let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
            let next = found.get(limit).and_then(|_| found.get(limit.checked_sub(1)?));
            let next = next.map(|last| last.notice.id.to_string());
            found.truncate(limit);
            Page { items: found, next }
        })
        .await
    }

    async fn count_unread(&self, user: &UserId, now: Timestamp) -> Result<Unread, StoreError> {
        self.call(Op::read("count_unread"), |world| {
            let unread = shown(&world.table(), user, now).into_iter().filter(|kept| !kept.is_read).count();
            let most = limits::UNREAD_COUNTED_MAX;
            let count = u32::try_from(unread).unwrap_or(u32::MAX);
            Unread { count: count.min(most), more: count > most }
        })
        .await
    }

    async fn find_notice(&self, user: &UserId, notice: &NoticeId) -> Result<Option<Notice>, StoreError> {
        self.call(Op::read("find_notice"), |world| match world.table().get(&key::notice(user, notice)) {
            Some(Item::Notice { notice, gone: None, .. }) => Some(notice.clone()),
            _ => None,
        })
        .await
    }

    async fn read_notice(&self, user: &UserId, notice: &NoticeId) -> Result<bool, StoreError> {
        self.mark("read_notice", user, notice, |read, _| *read = true).await
    }

    async fn read_all_notices(&self, user: &UserId, until: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("read_all_notices"), |world| {
            let put = Action::put(key::notices_read(user), Item::NoticesRead(until));
            world.all_or_none(vec![put], None).map(drop)
        })
        .await
    }

    async fn drop_notice(&self, user: &UserId, notice: &NoticeId) -> Result<bool, StoreError> {
        self.mark("drop_notice", user, notice, |_, gone| *gone = Some(Gone::Dropped)).await
    }
}

impl ForgetInbox for World {
    async fn forget_inbox(&self, user: &UserId) -> Result<(), StoreError> {
        self.try_call(Op::effect("forget_inbox"), |world| {
            world.table_mut().drop_all(&key::inbox(user));
            Ok(())
        })
        .await
    }
}

impl RecallOrigin for World {
    async fn recall_origin(&self, user: &UserId, origin: &Sha, _until: Timestamp) -> Result<bool, StoreError> {
        self.try_call(Op::effect("recall_origin"), |world| {
            let place = key::known_origin(user, origin);
            let is_known = world.table().get(&place).is_some();
            world.all_or_none(vec![Action::put(place, Item::KnownOrigin)], None).map(|_| is_known)
        })
        .await
    }
}

impl World {
    async fn mark(
        &self,
        what: &'static str,
        user: &UserId,
        notice: &NoticeId,
        set: impl Fn(&mut bool, &mut Option<Gone>),
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect(what), |world| {
            let is_there = |item: &Item| matches!(item, Item::Notice { gone: None, .. });
            let mark = |item: &mut Item| {
                if let Item::Notice { read, gone, .. } = item {
                    set(read, gone);
                }
            };
            world.all_or_none(vec![Action::update(key::notice(user, notice), is_there, mark)], None)
        })
        .await
    }
}

/// Newest first.
fn shown(table: &Table, user: &UserId, now: Timestamp) -> Vec<KeptNotice> {
    let until =
        if let Some(Item::NoticesRead(until)) = table.get(&key::notices_read(user)) { Some(*until) } else { None };
    let kept = |item: &Item| match item {
        Item::Notice { notice, read, gone: None } if notice.at <= now => {
            let is_read = *read || until.is_some_and(|until| notice.at <= until);
            Some(KeptNotice { notice: notice.clone(), is_read })
        }
        _ => None,
    };
    let mut found: Vec<_> = table.prefixed(key::notices(user)).filter_map(kept).collect();
    found.sort_by(|one, other| other.notice.id.cmp(&one.notice.id));
    found
}
