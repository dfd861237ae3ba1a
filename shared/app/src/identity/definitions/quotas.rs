//! What a plan says of positions, where positions are opened.

use super::super::IdentityError;
use super::found;
use domain::identity::{PlanDefinition, Quota};
use domain::ids::UserId;
use store::Engine;
use store::identity::Identity;
use store::trading::Trading;

/// The quota first, and then each account that is to ask for it: an account that is opened meanwhile says what the quota
/// does. An opening that did not ask is refused once its account is marked, and one that summed up while another account was
/// not is refused by the quota, which is kept once more. Whoever was never limited has no row.
pub(in crate::identity) async fn limit_openings<D: Engine>(deps: &D, user: &UserId) -> Result<(), IdentityError> {
    let before = Trading(deps).load_quota(user).await?;
    let Some(person) = Identity(deps).load_user(user).await? else { return Ok(()) };
    let plan: PlanDefinition = found(deps, &person.plan).await?.ok_or(IdentityError::Contended)?;
    let quota = Quota::of(&person, &plan);
    if before.is_none() && quota.positions.is_none() {
        return Ok(());
    }
    if !before.is_some_and(|before| before.is_past(&quota)) {
        Trading(deps).keep_quota(&quota).await?;
    }
    let accounts = Trading(deps).list_accounts(user).await?;
    for account in &accounts {
        // Where the quota says something else by now, whoever changed it marks the accounts.
        Trading(deps).mark_limited(user, account, quota.positions.is_some()).await?;
    }
    if quota.positions.is_some() && !accounts.is_empty() {
        Trading(deps).keep_quota(&quota).await?;
    }
    Ok(())
}
