//! What somebody has beside a password.

use super::{Audit, StoreError};
use domain::clock::Timestamp;
use domain::identity::{FactorSecret, User};
use domain::ids::{Sha, UserId};

/// What is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    pub user: UserId,
    /// The secret, which only a key of another place opens.
    pub sealed: String,
    /// Whether a code of it was seen: before, nobody is asked for one.
    pub confirmed: bool,
    /// The half minute of the newest code that was used.
    pub used_step: i64,
    /// What is left of the codes on paper.
    pub recovery: Vec<Sha>,
    pub made_at: Timestamp,
    /// Raised by each change.
    pub version: u64,
}

pub trait KeepFactor {
    async fn load_factor(&self, user: &UserId) -> Result<Option<Factor>, StoreError>;

    /// In the place of the version that was seen, none being there no version; with its user, on record. False where
    /// another change of either was first.
    async fn set_factor(
        &self,
        user: &User,
        seen_user: u64,
        factor: Option<&Factor>,
        seen: Option<u64>,
        audit: &Audit,
    ) -> Result<bool, StoreError>;

    /// In the place of the version that was seen, where its person stays as they are: a code was used, or its secret
    /// was sealed anew. False where another change was first.
    async fn keep_factor(&self, factor: &Factor, seen: u64) -> Result<bool, StoreError>;
}

pub trait SealFactor {
    async fn seal_factor(&self, user: &UserId, secret: &FactorSecret, now: Timestamp) -> Result<String, StoreError>;

    /// What was sealed for this very user.
    async fn open_factor(&self, user: &UserId, sealed: &str, now: Timestamp) -> Result<FactorSecret, StoreError>;

    /// The same under the key that is used now; none where it is already.
    async fn reseal_factor(&self, user: &UserId, sealed: &str, now: Timestamp) -> Result<Option<String>, StoreError>;
}
