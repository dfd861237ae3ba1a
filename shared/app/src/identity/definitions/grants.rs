//! What a person may do follows from their role and plan as they are now.

use super::super::IdentityError;
use crate::ports::{LoadDefinition, Session, StoreError};
use domain::identity::{Defined, Grant, PlanDefinition, RoleDefinition, RoleName, Scope, User};
use std::collections::BTreeSet;

/// Built in, or a deployment's own.
pub(in crate::identity) async fn found<T: Defined, D: LoadDefinition>(
    deps: &D,
    name: &T::Name,
) -> Result<Option<T>, StoreError> {
    let named = T::named(name);
    if let Some(built_in) = T::built_in().into_iter().find(|built_in| T::named(built_in.name()) == named) {
        return Ok(Some(built_in));
    }
    Ok(deps.load_definition(&named).await?.and_then(T::of))
}

/// What somebody may do, as of now.
pub(in crate::identity) async fn granted<D: LoadDefinition>(deps: &D, user: &User) -> Result<Grant, IdentityError> {
    let role = found::<RoleDefinition, D>(deps, &user.role).await?.ok_or(IdentityError::Contended)?;
    let plan = found::<PlanDefinition, D>(deps, &user.plan).await?.ok_or(IdentityError::Contended)?;
    Ok(Grant::of(&role, &plan))
}

/// A role that this person may hand out.
pub(in crate::identity) async fn given_role<D: LoadDefinition>(
    deps: &D,
    by: &Session,
    name: &RoleName,
) -> Result<(), IdentityError> {
    let role: RoleDefinition = found(deps, name).await?.ok_or(IdentityError::NoRole)?;
    within(by, &role.scopes)
}

/// Nobody deals with more than they have. What no route asks for is no more.
pub(in crate::identity) fn within(by: &Session, scopes: &BTreeSet<Scope>) -> Result<(), IdentityError> {
    let has: BTreeSet<_> = by.permits().collect();
    match scopes.iter().find(|scope| scope.is_built_in() && !has.contains(scope)) {
        Some(more) => Err(IdentityError::NotYours(more.clone())),
        None => Ok(()),
    }
}
