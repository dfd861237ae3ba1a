//! How many positions somebody may have open.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{KeepQuota, LoadQuota, StoreError};
use domain::identity::Quota;
use domain::ids::{AccountId, UserId};

impl LoadQuota for World {
    async fn load_quota(&self, user: &UserId) -> Result<Option<Quota>, StoreError> {
        self.call(Op::read("load_quota"), |world| world.table().quota(user).cloned()).await
    }
}

impl KeepQuota for World {
    async fn keep_quota(&self, quota: &Quota) -> Result<(), StoreError> {
        self.try_call(Op::effect("keep_quota"), |world| {
            let before = world.table().quota(&quota.user).map(|kept| (kept.reckoned_at, kept.count));
            let (reckoned_at, count) = before.unwrap_or_default();
            let guard = Box::new(move |_: Option<&Item>| reckoned_at <= quota.reckoned_at);
            let write = Write::Put(Item::Quota(Quota { count: count + 1, ..quota.clone() }));
            world.all_or_none(vec![Action { key: key::quota(&quota.user), guard, write }], None).map(drop)
        })
        .await
    }

    async fn mark_limited(&self, user: &UserId, account: &AccountId, limited: bool) -> Result<bool, StoreError> {
        self.try_call(Op::effect("mark_limited"), |world| {
            let mark = Action::update(
                key::account(account),
                |_| true,
                move |item| {
                    if let Item::Account { account, .. } = item {
                        account.limited = limited;
                    }
                },
            );
            world.all_or_none(vec![as_it_says(user, limited), mark], None)
        })
        .await
    }
}

/// While the quota limits this user, or does not.
pub(super) fn as_it_says<'a>(user: &UserId, limited: bool) -> Action<'a> {
    let guard =
        move |row: Option<&Item>| limited == matches!(row, Some(Item::Quota(quota)) if quota.positions.is_some());
    Action { key: key::quota(user), guard: Box::new(guard), write: Write::Nothing }
}

/// One more opening.
pub(super) fn opening<'a>(user: &UserId, seen: u64) -> Action<'a> {
    let as_seen = move |item: &Item| matches!(item, Item::Quota(quota) if quota.count == seen);
    Action::update(key::quota(user), as_seen, |item| {
        if let Item::Quota(quota) = item {
            quota.count += 1;
        }
    })
}
