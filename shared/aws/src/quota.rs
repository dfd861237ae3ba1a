//! How many positions somebody may have open: a row of those whose plan says so, in the table in which positions are
//! opened.

use crate::client::Aws;
use crate::keys;
use app::ports::{KeepQuota, LoadQuota, StoreError};
use domain::identity::Quota;
use domain::ids::{AccountId, UserId};
use store::condition::{CALCULATED_BEFORE, COUNT_AS_SEEN, LIMITS_NOTHING, LIMITS_POSITIONS, PRESENT};
use store::item::{number, text};
use store::{Value, Write};
use wire::stored;

impl LoadQuota for Aws {
    async fn load_quota(&self, user: &UserId) -> Result<Option<Quota>, StoreError> {
        Ok(self.rows().load::<stored::Quota>(&keys::quota(user)).await?.map(Quota::from))
    }
}

impl KeepQuota for Aws {
    async fn keep_quota(&self, quota: &Quota) -> Result<(), StoreError> {
        let (by_user, by_plan) = (number(quota.reckoned_at.0), number(quota.reckoned_at.1));
        let write = Write::update(keys::quota(&quota.user))
            .set("v", number(1))
            .set("user", text(quota.user.as_str()))
            .set("by_user", by_user.clone())
            .set("by_plan", by_plan.clone())
            .add("count", number(1))
            .when(CALCULATED_BEFORE)
            .given("by_user", by_user)
            .given("by_plan", by_plan);
        let write = match quota.positions {
            Some(positions) => write.set("positions", number(positions)),
            None => write.remove("positions"),
        };
        self.rows().send(write).await.map(drop)
    }

    async fn mark_limited(&self, user: &UserId, account: &AccountId, limited: bool) -> Result<bool, StoreError> {
        let mark = Write::update(keys::account(account)).when(PRESENT);
        let mark = if limited { mark.set("limited", Value::Bool(true)) } else { mark.remove("limited") };
        self.rows().all_or_none(vec![as_it_says(user, limited), mark], &self.rows().stamp()?).await
    }
}

/// While the quota limits this user, or does not.
pub(crate) fn as_it_says(user: &UserId, limited: bool) -> Write {
    Write::check(keys::quota(user)).when(if limited { LIMITS_POSITIONS } else { LIMITS_NOTHING })
}

/// One more opening.
pub(crate) fn opening(user: &UserId, seen: u64) -> Write {
    let next = seen.saturating_add(1);
    Write::update(keys::quota(user)).set("count", number(next)).when(COUNT_AS_SEEN).given("seen_count", number(seen))
}
