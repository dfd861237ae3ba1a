//! Secrets of second factors, put under the key that is used now, person by person.
//!
//! 1. One is moved on the version that was seen: a log-in of the same moment does not put the former one back.
//! 2. What is under the key already is left as it is, so that a run may begin anew.

use super::Run;
use crate::ports::{Factor, PageRequest, SealFactor, StoreError};
use domain::ids::UserId;
use domain::limits::FACTORS_PER_RUN_MAX;
use store::Engine;
use store::identity::Identity;
use wire::resealed::{Renewed, Resealed};

const UNAVAILABLE: &str = "unavailable";
const DOES_NOT_OPEN: &str = "factor_does_not_open";
const CHANGED: &str = "version_conflict";

/// Of as many people as one run looks at, after those of the run before.
///
/// # Errors
/// Where people cannot be listed. What fails for one of them is counted.
pub async fn reseal_factors<D: Engine, K: SealFactor>(
    deps: &D,
    key: &K,
    after: Option<String>,
    run: Run<'_>,
) -> Result<Resealed, StoreError> {
    let people = Identity(deps).list_users(&PageRequest { limit: FACTORS_PER_RUN_MAX, cursor: after }).await?;
    let mut resealed = Resealed { after: people.next, ..Resealed::default() };
    for user in people.items {
        let renewed = renewed(deps, key, &user.id, run).await;
        resealed.count(&user.id, renewed);
    }
    Ok(resealed)
}

async fn renewed<D: Engine, K: SealFactor>(
    deps: &D,
    key: &K,
    user: &UserId,
    run: Run<'_>,
) -> Result<Renewed, &'static str> {
    let Some(seen) = Identity(deps).load_factor(user).await.map_err(word)? else { return Ok(Renewed::Missing) };
    let sealed = key.reseal_factor(user, &seen.sealed, run.now).await.map_err(word)?;
    let Some(sealed) = sealed else { return Ok(Renewed::Stays) };
    let version = seen.version;
    let moved = Factor { sealed, version: version.saturating_add(1), ..seen };
    let is_first = Identity(deps).keep_factor(&moved, version).await.map_err(word)?;
    if is_first { Ok(Renewed::Moved) } else { Err(CHANGED) }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn word(error: StoreError) -> &'static str {
    if let StoreError::Unreadable(_) = error { DOES_NOT_OPEN } else { UNAVAILABLE }
}
