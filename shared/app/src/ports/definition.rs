//! Roles, plans and permissions of a deployment's own. Those that are built in are in no store.

use super::{Audit, Login, StoreError};
use domain::identity::{Definition, DefinitionKind, DefinitionName, Grant};
use store::Engine;
use store::identity::Identity;

pub use store::identity::DefinitionChange;

pub trait LoadDefinition {
    async fn load_definition(&self, name: &DefinitionName) -> Result<Option<Definition>, StoreError>;

    /// By their names; as they are now.
    async fn list_definitions(&self, kind: DefinitionKind) -> Result<Vec<Definition>, StoreError>;
}

pub trait KeepDefinition {
    /// On record, on the version that was seen. One that somebody holds is not taken away, and a role carries
    /// permissions that are there. False where any of it does not hold.
    async fn keep_definition(&self, change: &DefinitionChange, audit: &Audit) -> Result<bool, StoreError>;
}

pub trait GrantLogin {
    /// Of a log-in that is as it was seen; false where it was changed, or is over.
    async fn grant_login(&self, seen: &Login, grant: &Grant) -> Result<bool, StoreError>;
}

impl<E: Engine> LoadDefinition for E {
    async fn load_definition(&self, name: &DefinitionName) -> Result<Option<Definition>, StoreError> {
        Identity(self).load_definition(name).await
    }

    async fn list_definitions(&self, kind: DefinitionKind) -> Result<Vec<Definition>, StoreError> {
        Identity(self).list_definitions(kind).await
    }
}

impl<E: Engine> KeepDefinition for E {
    async fn keep_definition(&self, change: &DefinitionChange, audit: &Audit) -> Result<bool, StoreError> {
        Identity(self).keep_definition(change, audit).await
    }
}

impl<E: Engine> GrantLogin for E {
    async fn grant_login(&self, seen: &Login, grant: &Grant) -> Result<bool, StoreError> {
        Identity(self).grant_login(seen, grant).await
    }
}
