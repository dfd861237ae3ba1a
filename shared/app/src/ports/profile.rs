//! What people change of themselves.

use super::{Audit, StoreError};
use domain::identity::User;
use store::Engine;
use store::identity::Identity;

pub trait ChangeProfile {
    /// On record, and on the version of before; another address or name is put on absence, and the one before is free.
    /// False where another change was first, or where somebody has either.
    async fn change_profile(&self, before: &User, after: &User, audit: &Audit) -> Result<bool, StoreError>;
}

impl<E: Engine> ChangeProfile for E {
    async fn change_profile(&self, before: &User, after: &User, audit: &Audit) -> Result<bool, StoreError> {
        Identity(self).change_profile(before, after, audit).await
    }
}
