//! People as an admin keeps them.

use super::{Audit, StoreError};
use domain::identity::User;
use domain::ids::UserId;
use store::Engine;
use store::identity::Identity;

pub trait ReplaceUser {
    /// On record, as they were seen, and while the witness is an admin who may come in: none of two who take each other's
    /// role at once goes before the other has gone. Another role or plan of the deployment's own has to be there, and
    /// knows how many hold it. False where any of it does not hold.
    async fn replace_user(
        &self,
        user: &User,
        before: &User,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError>;
}

pub trait RemoveUser {
    /// The same; from here on nobody finds them, and their address and name are free. What is kept of them may say less
    /// than what was there.
    async fn remove_user(
        &self,
        before: &User,
        kept: &User,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError>;
}

impl<E: Engine> ReplaceUser for E {
    async fn replace_user(
        &self,
        user: &User,
        before: &User,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Identity(self).replace_user(user, before, witness, audit).await
    }
}

impl<E: Engine> RemoveUser for E {
    async fn remove_user(
        &self,
        before: &User,
        kept: &User,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Identity(self).remove_user(before, kept, witness, audit).await
    }
}
