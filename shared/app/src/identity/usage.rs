//! What somebody uses of what their plan allows.

use super::IdentityError;
use super::definitions::granted;
use super::users::find;
use crate::ports::Session;
use domain::identity::{Limits, PlanName, RouteClass};
use domain::ids::UserId;
use store::Engine;
use store::trading::Trading;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    pub user: UserId,
    pub plan: PlanName,
    pub limits: Limits,
    /// Open now, over all accounts.
    pub positions: u32,
    /// That run now.
    pub bots: u32,
    /// How often each class of routes may be asked for, in its window.
    pub rates: Vec<(RouteClass, u32)>,
}

/// One's own, or anybody's by an admin.
///
/// # Errors
/// `NoUser`, or where the store cannot be reached.
pub async fn usage<D: Engine>(deps: &D, session: &Session, user: &UserId) -> Result<Usage, IdentityError> {
    let user = find(deps, session, user).await?;
    let grant = granted(deps, &user).await?;
    let mut positions = 0_u32;
    for account in Trading(deps).list_accounts(&user.id).await? {
        let account = Trading(deps).load_account(&account).await?;
        positions = positions.saturating_add(account.map_or(0, |account| account.open_groups));
    }
    let rates = RouteClass::ALL.into_iter().map(|class| (class, grant.rates.of(class))).collect();
    let bots = Trading(deps).bots_running(&user.id).await?;
    Ok(Usage { user: user.id, plan: grant.plan, limits: grant.limits, positions, bots, rates })
}
