//! What the user's plan allows of positions that are open at once, over all accounts.
//!
//! Whose accounts say nothing of a quota is asked nothing, and an opening costs no more; its commit is refused where the
//! account says so by then. Else the quota is read first, and what is open is summed up after it: an opening that is not in the sum has changed the quota, and so the commit is
//! refused. Whatever closes makes the sum smaller, and need not tell.

use super::case::Case;
use super::enter::refusal;
use crate::commit::Change;
use crate::persist::PersistError;
use domain::clock::Timestamp;
use domain::delivery::Verdict;
use domain::reason::Reason;
use store::Engine;
use store::trading::Trading;

/// What the opening's commit has to say of it, or the verdict that stands in its way.
pub(super) async fn room<D: Engine>(
    deps: &D,
    case: &Case,
    now: Timestamp,
) -> Result<Result<Option<Change>, Verdict>, PersistError> {
    if !case.account.limited {
        return Ok(Ok(None));
    }
    let user = &case.delivery.at.user;
    let Some(quota) = Trading(deps).load_quota(user).await? else { return Ok(Ok(None)) };
    let asked = Change::Quota { user: user.clone(), seen: quota.count };
    let Some(most) = quota.positions else { return Ok(Ok(Some(asked))) };
    let mut open = 0_u32;
    for account in Trading(deps).list_accounts(user).await? {
        let account = Trading(deps).load_account(&account).await?;
        open = open.saturating_add(account.map_or(0, |account| account.open_groups));
    }
    if open >= most {
        let detail = format!("{open} positions are open over all accounts, and the plan allows {most}");
        return Ok(Err(refusal(case, Reason::PlanLimitPositions, detail, now)));
    }
    Ok(Ok(Some(asked)))
}
