//! What a person may do follows from their role and plan as they are now.

use super::super::IdentityError;
use crate::ports::{PageRequest, Session, StoreError};
use domain::identity::{
    Defined, Grant, PlanDefinition, Rates, Role, RoleDefinition, RoleName, RouteClass, Scope, User,
};
use domain::limits::PAGE_ITEMS_MAX;
use std::collections::BTreeSet;
use store::Engine;
use store::identity::Identity;

/// Built in, or a deployment's own.
pub(in crate::identity) async fn found<T: Defined, D: Engine>(
    deps: &D,
    name: &T::Name,
) -> Result<Option<T>, StoreError> {
    let named = T::named(name);
    if let Some(built_in) = T::built_in().into_iter().find(|built_in| T::named(built_in.name()) == named) {
        return Ok(Some(built_in));
    }
    Ok(Identity(deps).load_definition(&named).await?.and_then(T::of))
}

/// What somebody may do, as of now.
pub(in crate::identity) async fn granted<D: Engine>(deps: &D, user: &User) -> Result<Grant, IdentityError> {
    let role = found::<RoleDefinition, D>(deps, &user.role).await?.ok_or(IdentityError::Contended)?;
    let plan = found::<PlanDefinition, D>(deps, &user.plan).await?.ok_or(IdentityError::Contended)?;
    Ok(Grant::of(&role, &plan))
}

/// A role that this person may hand out.
pub(in crate::identity) async fn given_role<D: Engine>(
    deps: &D,
    by: &Session,
    name: &RoleName,
) -> Result<(), IdentityError> {
    let role: RoleDefinition = found(deps, name).await?.ok_or(IdentityError::NoRole)?;
    within(by, &role.scopes)
}

/// Nobody deals with more than they have.
pub(in crate::identity) fn within(by: &Session, scopes: &BTreeSet<Scope>) -> Result<(), IdentityError> {
    by.lacks(scopes).map_or(Ok(()), |more| Err(IdentityError::NotYours(more.clone())))
}

/// Nobody deals with whoever has this role and may more than they.
pub(in crate::identity) async fn above<D: Engine>(
    deps: &D,
    by: &Session,
    role: &RoleName,
) -> Result<(), IdentityError> {
    found::<RoleDefinition, D>(deps, role).await?.map_or(Ok(()), |role| within(by, &role.scopes))
}

/// Nor with all of those who have this plan: what it says limits them, whatever they may.
pub(super) async fn above_holders<D: Engine>(deps: &D, by: &Session, plan: &impl Defined) -> Result<(), IdentityError> {
    let (mut roles, mut page) = (BTreeSet::new(), PageRequest { limit: PAGE_ITEMS_MAX, cursor: None });
    loop {
        let part = Identity(deps).list_users(&page).await?;
        roles.extend(part.items.into_iter().filter(|user| plan.is_of(user)).map(|user| user.role));
        page.cursor = part.next;
        if page.cursor.is_none() {
            break;
        }
    }
    for role in &roles {
        above(deps, by, role).await?;
    }
    Ok(())
}

/// Nobody lets others ask more often than everybody may, or they themselves, but whoever may everything.
pub(super) async fn no_faster<D: Engine>(
    deps: &D,
    by: &Session,
    before: &Rates,
    to: &Rates,
) -> Result<(), IdentityError> {
    let raised: Vec<_> =
        to.iter().filter(|(class, most)| *most > before.of(*class).max(class.requests_max())).collect();
    if raised.is_empty() || by.lacks(&Role::Admin.permissions().iter().copied().map(Scope::from).collect()).is_none() {
        return Ok(());
    }
    let own = match Identity(deps).load_user(&by.user).await? {
        Some(user) => granted(deps, &user).await?.rates,
        None => Rates::default(),
    };
    let allowed = |class: RouteClass| own.of(class).max(class.requests_max());
    match raised.into_iter().find(|(class, most)| *most > allowed(*class)) {
        Some((class, _)) => Err(IdentityError::RateNotYours(class, allowed(class))),
        None => Ok(()),
    }
}
