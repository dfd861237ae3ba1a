//! What somebody has beside a password.

use super::{Audit, StoreError};
use domain::clock::Timestamp;
use domain::identity::{FactorSecret, User};
use domain::ids::UserId;
use store::Engine;
use store::identity::Identity;

pub use store::identity::Factor;

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

impl<E: Engine> KeepFactor for E {
    async fn load_factor(&self, user: &UserId) -> Result<Option<Factor>, StoreError> {
        Identity(self).load_factor(user).await
    }

    async fn set_factor(
        &self,
        user: &User,
        seen_user: u64,
        factor: Option<&Factor>,
        seen: Option<u64>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Identity(self).set_factor(user, seen_user, factor, seen, audit).await
    }

    async fn keep_factor(&self, factor: &Factor, seen: u64) -> Result<bool, StoreError> {
        Identity(self).keep_factor(factor, seen).await
    }
}
