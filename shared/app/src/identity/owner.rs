//! Whoever has the deployment's own rights in AWS. They could write any row; by the same use cases as an admin they leave
//! it on record, and what they change is whole.

use super::IdentityError;
use super::definitions::found;
use crate::ports::Session;
use domain::identity::{Permission, RoleDefinition, User};
use domain::ids::UserId;
use store::Engine;
use store::identity::Identity;

/// Under whose name it stands on record.
pub fn owner() -> UserId {
    UserId::of(&["the owner of the deployment"])
}

/// The owner, who may whatever this person may.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn owner_over<D: Engine>(deps: &D, user: &User) -> Result<Session, IdentityError> {
    let mut scopes: Vec<_> = Permission::ALL.iter().map(|may| may.as_str().to_owned()).collect();
    if let Some(role) = found::<RoleDefinition, D>(deps, &user.role).await? {
        scopes.extend(role.scopes.iter().map(ToString::to_string));
    }
    Ok(Session::new(owner(), scopes, None))
}

/// Somebody by their id, their e-mail or their username.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn named<D: Engine>(deps: &D, text: &str) -> Result<Option<User>, IdentityError> {
    let id = if let Ok(id) = UserId::parse(text) {
        Some(id)
    } else if let Ok(email) = text.parse() {
        Identity(deps).find_email(&email).await?
    } else if let Ok(username) = text.parse() {
        Identity(deps).find_username(&username).await?
    } else {
        None
    };
    match id {
        Some(id) => Ok(Identity(deps).load_user(&id).await?),
        None => Ok(None),
    }
}
