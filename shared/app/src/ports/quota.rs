//! How many positions somebody may have open at once, where positions are opened.

use super::StoreError;
use domain::identity::Quota;
use domain::ids::{AccountId, UserId};
use store::Engine;
use store::trading::Trading;

pub trait LoadQuota {
    /// None where nobody was ever limited.
    async fn load_quota(&self, user: &UserId) -> Result<Option<Quota>, StoreError>;
}

pub trait KeepQuota {
    /// In the place of one that was not reckoned later; its count goes on. Nothing happens where a later one stands.
    async fn keep_quota(&self, quota: &Quota) -> Result<(), StoreError>;
}

pub trait MarkLimited {
    /// Has the openings of an account ask for the quota, or not, while the quota says the same: else false.
    async fn mark_limited(&self, user: &UserId, account: &AccountId, limited: bool) -> Result<bool, StoreError>;
}

impl<E: Engine> LoadQuota for E {
    async fn load_quota(&self, user: &UserId) -> Result<Option<Quota>, StoreError> {
        Trading(self).load_quota(user).await
    }
}

impl<E: Engine> KeepQuota for E {
    async fn keep_quota(&self, quota: &Quota) -> Result<(), StoreError> {
        Trading(self).keep_quota(quota).await
    }
}

impl<E: Engine> MarkLimited for E {
    async fn mark_limited(&self, user: &UserId, account: &AccountId, limited: bool) -> Result<bool, StoreError> {
        Trading(self).mark_limited(user, account, limited).await
    }
}
