//! Roles, plans and permissions of a deployment's own, as an admin keeps them.
//!
//! 1. What is built in stays as it is.
//! 2. Nobody hands out a permission that they have not, nor changes what gives them theirs. A name of one's own opens
//!    nothing: whoever keeps people hands it out. A plan is changed by whoever may all that its holders may, and a role lets
//!    nobody ask more often than whoever makes it.
//! 3. A change is on record before any session says it; from then on none is opened or renewed with what was before. The
//!    sessions and programs' keys that are there follow, and where that stops half way the same request sent again goes on.

mod grants;
mod quotas;
mod spread;

pub(super) use grants::{above, found, given_role, granted};
pub(super) use quotas::limit_openings;
pub(super) use spread::{Left, regrant};

use super::{IdentityError, Run};
use crate::actor::audit;
use crate::ports::{DefinitionChange, Session};
use domain::identity::{Defined, Definition, DefinitionKind, DefinitionName};
use domain::limits::{DEFINITIONS_MAX, OWN_SCOPES_PER_ROLE_MAX};
use grants::{above_holders, no_faster, within};
use spread::spread;
use store::Engine;
use store::identity::Identity;

/// Those that are built in first, then by their names.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn definitions<T: Defined, D: Engine>(deps: &D) -> Result<Vec<T>, IdentityError> {
    let own = Identity(deps).list_definitions(T::KIND).await?.into_iter().filter_map(T::of);
    Ok(T::built_in().into_iter().chain(own).collect())
}

/// # Errors
/// `NoDefinition`, or where the store cannot be reached.
pub async fn definition<T: Defined, D: Engine>(deps: &D, name: &T::Name) -> Result<T, IdentityError> {
    found(deps, name).await?.ok_or(IdentityError::NoDefinition(T::KIND))
}

/// # Errors
/// `DuplicateDefinition`, `TooManyDefinitions`, `NotYours`, `RateNotYours`, `NoPermission`, or where the store cannot be reached.
pub async fn define<T: Defined, D: Engine>(deps: &D, by: &Session, new: T, run: Run<'_>) -> Result<T, IdentityError> {
    if found::<T, D>(deps, new.name()).await?.is_some() {
        return Err(IdentityError::DuplicateDefinition(T::KIND));
    }
    if Identity(deps).list_definitions(T::KIND).await?.len() >= DEFINITIONS_MAX {
        return Err(IdentityError::TooManyDefinitions(T::KIND));
    }
    let new = new.at_version(1);
    let to = new.clone().wrapped();
    sound(deps, by, None, &to).await?;
    if keep(deps, by, None, Some(to), "make", (None, Some(new.told())), run).await? {
        return Ok(new);
    }
    let is_there = found::<T, D>(deps, new.name()).await?.is_some();
    Err(if is_there { IdentityError::DuplicateDefinition(T::KIND) } else { IdentityError::Contended })
}

/// # Errors
/// `NoDefinition`, `BuiltIn`, `Oneself`, `NotYours`, `RateNotYours`, `NoPermission`, `VersionConflict`, `Contended`,
/// `Unfinished`, or where the store cannot be reached.
pub async fn redefine<T: Defined, D: Engine>(
    deps: &D,
    by: &Session,
    name: &T::Name,
    change: impl FnOnce(T) -> T,
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<T, IdentityError> {
    let before: T = yours(deps, by, name).await?;
    if seen.is_some_and(|seen| seen != before.version()) {
        // What was seen may have been changed by this very request, which then came no further.
        spread(deps, &before, &by.user, run).await?;
        return Err(IdentityError::VersionConflict(before.version()));
    }
    let after = change(before.clone());
    if after == before {
        // Once more, for a change that did not come as far.
        spread(deps, &before, &by.user, run).await?;
        return Ok(before);
    }
    let after = after.at_version(before.version().saturating_add(1));
    let (from, to) = (before.clone().wrapped(), after.clone().wrapped());
    sound(deps, by, Some(&from), &to).await?;
    if !keep(deps, by, Some(from), Some(to), "change", (Some(before.told()), Some(after.told())), run).await? {
        return Err(lost(deps, &before).await?);
    }
    spread(deps, &after, &by.user, run).await?;
    Ok(after)
}

/// # Errors
/// `NoDefinition`, `BuiltIn`, `InUse`, `NotYours`, `VersionConflict`, `Contended`, or where the store cannot be reached.
pub async fn undefine<T: Defined, D: Engine>(
    deps: &D,
    by: &Session,
    name: &T::Name,
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let before: T = yours(deps, by, name).await?;
    if seen.is_some_and(|seen| seen != before.version()) {
        return Err(IdentityError::VersionConflict(before.version()));
    }
    if before.holders() > 0 {
        return Err(IdentityError::InUse(T::KIND, before.holders()));
    }
    if keep(deps, by, Some(before.clone().wrapped()), None, "remove", (Some(before.told()), None), run).await? {
        return Ok(());
    }
    match lost(deps, &before).await {
        // Nothing holds the stamp of a removal whose answer was lost.
        Err(IdentityError::NoDefinition(_)) => Ok(()),
        lost => Err(lost?),
    }
}

/// One that is there, and that this person may change.
async fn yours<T: Defined, D: Engine>(deps: &D, by: &Session, name: &T::Name) -> Result<T, IdentityError> {
    let before: T = definition(deps, name).await?;
    if before.is_built_in() {
        return Err(IdentityError::BuiltIn(T::KIND));
    }
    within(by, &before.clone().wrapped().scopes())?;
    if Identity(deps).load_user(&by.user).await?.is_some_and(|user| before.is_of(&user)) {
        return Err(IdentityError::Oneself);
    }
    if T::KIND == DefinitionKind::Plan && before.holders() > 0 {
        above_holders(deps, by, &before).await?;
    }
    Ok(before)
}

/// Nothing in it is more than this person has, or is not there.
async fn sound<D: Engine>(
    deps: &D,
    by: &Session,
    before: Option<&Definition>,
    to: &Definition,
) -> Result<(), IdentityError> {
    within(by, &to.scopes())?;
    no_faster(deps, by, &before.map(Definition::rates).unwrap_or_default(), &to.rates()).await?;
    let carried = to.carries();
    if carried.len() > OWN_SCOPES_PER_ROLE_MAX {
        return Err(IdentityError::TooManyOwn);
    }
    for scope in carried {
        if Identity(deps).load_definition(&DefinitionName::Permission(scope.clone())).await?.is_none() {
            return Err(IdentityError::NoPermission(scope));
        }
    }
    Ok(())
}

async fn keep<D: Engine>(
    deps: &D,
    by: &Session,
    seen: Option<Definition>,
    to: Option<Definition>,
    what: &str,
    (before, after): (Option<String>, Option<String>),
    run: Run<'_>,
) -> Result<bool, IdentityError> {
    let Some(name) = seen.as_ref().or(to.as_ref()).map(Definition::name) else { return Ok(false) };
    let action = format!("{what} {}", name.kind());
    let mut record = audit(&action, &name.to_string(), "by an admin", run.act(&by.user));
    (record.before, record.after) = (before, after);
    Ok(Identity(deps).keep_definition(&DefinitionChange { seen, to }, &record).await?)
}

/// Why it was not changed.
async fn lost<T: Defined, D: Engine>(deps: &D, before: &T) -> Result<IdentityError, IdentityError> {
    let now: T = definition(deps, before.name()).await?;
    Ok(match now.version() {
        version if version != before.version() => IdentityError::VersionConflict(version),
        _ if now.holders() > 0 => IdentityError::InUse(T::KIND, now.holders()),
        _ => IdentityError::Contended,
    })
}
