//! The accounts of somebody who goes: nothing is left that opens their venues.

use super::{IdentityError, Run};
use crate::actor::audit;
use crate::bots::{BotError, stop_all};
use crate::conflict::retry_on_conflict;
use domain::ids::UserId;
use store::Engine;
use store::trading::Trading;

/// Those that run, so that they want nothing any more and no series is kept from another's. What has a position open in that moment goes on saying
/// when to leave.
pub(super) async fn stop_bots<D: Engine>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    match stop_all(deps, user, "with its user", run.act(by)).await {
        Ok(()) => Ok(()),
        Err(BotError::Store(error)) => Err(error.into()),
        Err(_) => Err(IdentityError::Contended),
    }
}

/// All of them, each with its sealed key; none while a position of theirs is open. A bot that was to begin with one of them is looked at
/// anew, by whoever starts it, and finds none.
pub(super) async fn close_accounts<D: Engine>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    retry_on_conflict(IdentityError::Contended, || async {
        let left = Trading(deps).list_kept_accounts(user).await?;
        let open = left.iter().fold(0_u32, |open, kept| open.saturating_add(kept.account.open_groups));
        if open > 0 {
            return Err(IdentityError::GroupsOpen(open));
        }
        if left.is_empty() {
            return Ok(Some(()));
        }
        for kept in left {
            let record = audit("remove account", kept.account.id.as_str(), "with its user", run.act(by));
            let bots = Trading(deps).bot_changes(user).await?;
            // Where another change was first, it is looked at again.
            Trading(deps).close_account(&kept, bots, &record).await?;
        }
        Ok(None)
    })
    .await
}
