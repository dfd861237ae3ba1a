//! Roles, plans and permissions of a deployment's own. Those that are built in are in no store.

use super::{Audit, Login, StoreError};
use domain::identity::{Definition, DefinitionKind, DefinitionName, Grant};

/// One that is made, changed or taken away; not both are none, and both have one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionChange {
    /// As it was seen; none where there was none.
    pub seen: Option<Definition>,
    pub to: Option<Definition>,
}

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
