//! What somebody is told who asks whether the deployment is well.

use super::check::Check;
use super::diagnose::{Facts, diagnose};
use crate::ports::{KnowTable, LoadSight, LoadSystem, PageRequest, ReadParked, SendProbe, StoreError};
use crate::recover;
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::limits;

/// What asking needs.
pub trait Ask: LoadSight + SendProbe + LoadSystem + KnowTable + ReadParked {}
impl<D: LoadSight + SendProbe + LoadSystem + KnowTable + ReadParked> Ask for D {}

/// The checks for a user. Where the last look is too old a new one is asked for, and whoever asks again some seconds
/// later is told of that one.
///
/// # Errors
/// Where the store or the queue cannot be reached.
pub async fn ask<D: Ask>(deps: &D, user: &UserId, now: Timestamp) -> Result<Vec<Check>, StoreError> {
    let sight = deps.load_sight(Some(user)).await?;
    let sight_since = now.minus(limits::SIGHT_AGE_MAX);
    if sight.as_ref().is_none_or(|sight| sight.at < sight_since) {
        deps.send_probe(Some(user), now).await?;
    }
    let page = PageRequest { limit: limits::PAGE_ITEMS_MAX, cursor: None };
    let parked = deps.list_parked(user, &page).await?.items;
    let parked = u64::try_from(parked.iter().filter(|parked| parked.end.is_none()).count()).unwrap_or(u64::MAX);
    let system_halted = deps.load_system().await?.halted;
    let adopted = recover::recovered(deps).await?.is_some();
    Ok(diagnose(&Facts { now, sight, sight_since, system_halted, adopted, parked }))
}
