//! What somebody is told who asks whether the deployment is well.

use super::check::Check;
use super::diagnose::{Facts, diagnose};
use super::told::Reader;
use crate::doctor::Sights;
use crate::ports::{PageRequest, Queues, StoreError};
use crate::recover;
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::limits;
use store::Engine;
use store::trading::Trading;

/// The checks for a user, of the whole deployment where that is theirs to know. Where the last look is too old a new one
/// is asked for, unless somebody has just done so, and whoever asks again some seconds later is told of that one.
///
/// # Errors
/// Where the store or the queue cannot be reached.
pub async fn ask<D: Engine + Queues>(
    deps: &D,
    user: &UserId,
    keeps_the_deployment: bool,
    now: Timestamp,
) -> Result<Vec<Check>, StoreError> {
    let sight = Sights(deps).load_sight().await?;
    let sight_since = now.minus(limits::SIGHT_AGE_MAX);
    let is_old = sight.as_ref().is_none_or(|sight| sight.at < sight_since);
    if is_old && Sights(deps).begin_probe(now, sight_since).await? {
        deps.send_probe(Some(user), now).await?;
    }
    let page = PageRequest { limit: limits::PAGE_ITEMS_MAX, cursor: None };
    let parked = Trading(deps).list_parked(user, &page).await?.items;
    let parked = u64::try_from(parked.iter().filter(|parked| parked.end.is_none()).count()).unwrap_or(u64::MAX);
    let system_halted = Trading(deps).load_system().await?.halted;
    let adopted = recover::adopted(deps).await?.is_some();
    let reader =
        if keeps_the_deployment { Reader::Keeper } else { Reader::User(Trading(deps).list_accounts(user).await?) };
    Ok(diagnose(&Facts { now, sight, sight_since, system_halted, adopted, parked, reader }))
}
