//! Routes: between which accounts a user's entries choose.
//!
//! 1. A route names accounts of its own user alone, which can trade, and all in one mode.
//! 2. Every change is a new version, on the one that was seen, and on record as it was and as it is.
//! 3. One that was taken away leaves its number behind, so that no version ever means two things.

use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::ports::{KeptRoute, StoreError};
use domain::ids::AccountId;
use domain::limits;
use domain::route::{Route, RouteName, RouteRef};
use store::Engine;
use store::trading::Trading;
use wire::view::{PresetDates, Route as Shown};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    #[error("there is no such route")]
    Unknown,
    #[error("you keep a route of this name already: change it, or choose another name")]
    Duplicate,
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error("at most {} routes are kept: take one away first", limits::ROUTES_PER_USER_MAX)]
    TooMany,
    #[error("must be accounts of yours: there is no {0}")]
    NoAccount(AccountId),
    #[error("must be accounts that can trade: {0} cannot")]
    CannotTrade(AccountId),
    #[error("must all be in one mode: {0} is in another than {1}")]
    Modes(AccountId, AccountId),
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    Created(KeptRoute),
    Replaced(KeptRoute),
    /// It said the same already.
    Same(KeptRoute),
}

/// All of them by name.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn list<D: Engine>(deps: &D, act: Act<'_>) -> Result<Vec<KeptRoute>, RouteError> {
    Ok(Trading(deps).list_routes(act.user).await?)
}

/// As its owner sees it.
pub fn shown(kept: &KeptRoute) -> Shown {
    let KeptRoute { created_at, updated_at, updated_by, .. } = kept;
    let dates = PresetDates { created_at: *created_at, updated_at: *updated_at, updated_by: updated_by.as_str() };
    Shown::of(&kept.at, &kept.route, dates)
}

/// # Errors
/// `Unknown`, or where the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, name: &RouteName, act: Act<'_>) -> Result<KeptRoute, RouteError> {
    live(deps, name, act).await?.ok_or(RouteError::Unknown)
}

/// A route that is not kept yet.
///
/// # Errors
/// `Duplicate`, `TooMany`, what its accounts may not be, or where the store cannot be reached.
pub async fn create<D: Engine>(
    deps: &D,
    name: &RouteName,
    route: &Route,
    act: Act<'_>,
) -> Result<KeptRoute, RouteError> {
    may_be_of(deps, route, act).await?;
    retry_on_conflict(RouteError::Contended, || async {
        let before = Trading(deps).load_route(act.user, name).await?;
        if before.as_ref().is_some_and(|before| !before.deleted) {
            return Err(RouteError::Duplicate);
        }
        room(deps, act).await?;
        let kept = next(name, before.as_ref(), route.clone(), act);
        Ok(write(deps, &kept, before.as_ref(), "create route", act).await?.then_some(kept))
    })
    .await
}

/// A route as it is to be from now on, kept before or not. `seen` is the version that is meant; 0 where none is kept.
///
/// # Errors
/// `VersionConflict`, and those of [`create`] but `Duplicate`.
pub async fn put<D: Engine>(
    deps: &D,
    name: &RouteName,
    route: &Route,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<Put, RouteError> {
    may_be_of(deps, route, act).await?;
    retry_on_conflict(RouteError::Contended, || async {
        let before = Trading(deps).load_route(act.user, name).await?;
        let kept_before = before.as_ref().filter(|before| !before.deleted);
        is_seen(kept_before, seen)?;
        let kept = next(name, before.as_ref(), route.clone(), act);
        match kept_before {
            Some(same) if same.route == *route => return Ok(Some(Put::Same(same.clone()))),
            Some(_) if write(deps, &kept, before.as_ref(), "change route", act).await? => {
                return Ok(Some(Put::Replaced(kept)));
            }
            Some(_) => {}
            None => {
                room(deps, act).await?;
                if write(deps, &kept, before.as_ref(), "create route", act).await? {
                    return Ok(Some(Put::Created(kept)));
                }
            }
        }
        Ok(None)
    })
    .await
}

/// Takes a route away. Alerts that name it are rejected from now on; what its accounts hold stays with them.
///
/// # Errors
/// `Unknown`, `VersionConflict`, or where the store cannot be reached.
pub async fn delete<D: Engine>(deps: &D, name: &RouteName, seen: Option<u64>, act: Act<'_>) -> Result<(), RouteError> {
    retry_on_conflict(RouteError::Contended, || async {
        let before = live(deps, name, act).await?.ok_or(RouteError::Unknown)?;
        is_seen(Some(&before), seen)?;
        let gone = KeptRoute { deleted: true, ..next(name, Some(&before), before.route.clone(), act) };
        Ok(write(deps, &gone, Some(&before), "delete route", act).await?.then_some(()))
    })
    .await
}

/// Whether its accounts are its user's own, can trade, and are all in one mode.
async fn may_be_of<D: Engine>(deps: &D, route: &Route, act: Act<'_>) -> Result<(), RouteError> {
    let own = Trading(deps).list_kept_accounts(act.user).await?;
    let mut first = None;
    for id in route.accounts() {
        let kept = own.iter().find(|kept| kept.account.id == *id).ok_or_else(|| RouteError::NoAccount(id.clone()))?;
        if kept.state.address.is_some() {
            return Err(RouteError::CannotTrade(id.clone()));
        }
        let its = kept.state.mode_at(&kept.account.exchange);
        let (mode, of) = first.get_or_insert((its, id));
        if *mode != its {
            return Err(RouteError::Modes(id.clone(), (*of).clone()));
        }
    }
    Ok(())
}

async fn live<D: Engine>(deps: &D, name: &RouteName, act: Act<'_>) -> Result<Option<KeptRoute>, StoreError> {
    Ok(Trading(deps).load_route(act.user, name).await?.filter(|route| !route.deleted))
}

fn is_seen(before: Option<&KeptRoute>, seen: Option<u64>) -> Result<(), RouteError> {
    let version = before.map_or(0, |before| before.at.version);
    if seen.is_none_or(|seen| seen == version) { Ok(()) } else { Err(RouteError::VersionConflict(version)) }
}

async fn room<D: Engine>(deps: &D, act: Act<'_>) -> Result<(), RouteError> {
    let kept = Trading(deps).list_routes(act.user).await?.len();
    if kept < limits::ROUTES_PER_USER_MAX { Ok(()) } else { Err(RouteError::TooMany) }
}

fn next(name: &RouteName, before: Option<&KeptRoute>, route: Route, act: Act<'_>) -> KeptRoute {
    let version = before.map_or(0, |before| before.at.version).saturating_add(1);
    let created_at = before.filter(|before| !before.deleted).map_or(act.now, |before| before.created_at);
    KeptRoute {
        user: act.user.clone(),
        at: RouteRef { name: name.clone(), version },
        route,
        created_at,
        updated_at: act.now,
        updated_by: act.user.clone(),
        deleted: false,
    }
}

/// False where another was first.
async fn write<D: Engine>(
    deps: &D,
    kept: &KeptRoute,
    before: Option<&KeptRoute>,
    action: &str,
    act: Act<'_>,
) -> Result<bool, StoreError> {
    let mut record = audit(action, kept.at.name.as_str(), "wished by its user", act);
    (record.before, record.after) = (before.map(told), Some(told(kept)));
    Trading(deps).keep_route(kept, before.map(|before| before.at.version), &record).await
}

/// All that it says: its former versions are read on record.
fn told(kept: &KeptRoute) -> String {
    let KeptRoute { at, route, deleted, .. } = kept;
    if *deleted {
        return format!("version {}, deleted", at.version);
    }
    let accounts: Vec<_> = route.accounts().iter().map(AccountId::as_str).collect();
    let split = if route.splits() { ", split" } else { "" };
    format!("version {}: {} within {} %{split}", at.version, accounts.join(", "), route.slippage_max())
}
