//! How many positions a user may have open: a row of those whose plan says so, in the table in which positions are
//! opened.

use super::Trading;
use super::keys;
use crate::condition::{CALCULATED_BEFORE, COUNT_AS_SEEN, LIMITS_NOTHING, LIMITS_POSITIONS};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{number, text, to_item};
use crate::rows::Rows;
use crate::write::Write;
use domain::identity::Quota;
use domain::ids::UserId;
use wire::stored::{self, Schema};
use wire::text::Text;

impl<E: Engine> Trading<'_, E> {
    /// None of a user who was never limited.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_quota(&self, user: &UserId) -> Result<Option<Quota>, StoreError> {
        Ok(Rows(self.0).load::<stored::Quota>(&keys::quota(user)).await?.map(Quota::from))
    }

    /// In the place of one that was not computed later; its count goes on. Nothing happens where a later one stands.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_quota(&self, quota: &Quota) -> Result<(), StoreError> {
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
        Rows(self.0).send(write).await.map(drop)
    }
}

/// While the quota limits this user, or does not.
pub fn as_it_says(user: &UserId, limited: bool) -> Write {
    Write::check(keys::quota(user)).when(if limited { LIMITS_POSITIONS } else { LIMITS_NOTHING })
}

/// One more opening.
pub fn opening(user: &UserId, seen: u64) -> Write {
    let next = seen.saturating_add(1);
    Write::update(keys::quota(user)).set("count", number(next)).when(COUNT_AS_SEEN).given("seen_count", number(seen))
}

/// The row of a quota.
///
/// # Errors
/// See [`to_item`].
pub fn quota_row(quota: &Quota) -> Result<Write, StoreError> {
    let Quota { user, positions, reckoned_at: (by_user, by_plan), count } = quota.clone();
    let row = stored::Quota { v: Schema, user: Text(user), positions, by_user, by_plan, count };
    Ok(Write::replace(keys::quota(&quota.user), to_item(&row)?))
}
