//! How many positions somebody may have open at once, where positions are opened.

use super::StoreError;
use domain::identity::Quota;
use domain::ids::{AccountId, UserId};

pub trait LoadQuota {
    /// None where nobody was ever limited.
    async fn load_quota(&self, user: &UserId) -> Result<Option<Quota>, StoreError>;
}

pub trait KeepQuota {
    /// In the place of one that was not reckoned later; its count goes on. Nothing happens where a later one stands.
    async fn keep_quota(&self, quota: &Quota) -> Result<(), StoreError>;

    /// Has the openings of an account ask for the quota, or not, while the quota says the same: else false.
    async fn mark_limited(&self, user: &UserId, account: &AccountId, limited: bool) -> Result<bool, StoreError>;
}
