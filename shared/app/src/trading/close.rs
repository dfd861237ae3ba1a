//! Out of one position.

use super::{ActError, account_of, change};
use crate::actor::Act;
use crate::ports::Queues;
use domain::clock::Timestamp;
use domain::group::{ExitReason, Position};
use domain::ids::GroupId;
use store::Engine;

/// Puts a group on its way out: no entry starts, everything is cancelled, what is held is sold at the market.
/// A group that is on its way out already stays there.
///
/// # Errors
/// `NoGroup`, `AlreadyClosed`, or where the store cannot be reached.
pub async fn close<D: Engine + Queues>(deps: &D, group: &GroupId, act: Act<'_>) -> Result<Position, ActError> {
    let account = account_of(deps, group, act).await?;
    change(deps, &account, group, "closed by its user", act, |position| leave(position, act.now)).await
}

/// On its way out; none where it is already.
pub(super) fn leave(position: &Position, now: Timestamp) -> Result<Option<Position>, ActError> {
    match (position.group.is_settled(), position.group.exit) {
        (true, _) => Err(ActError::AlreadyClosed),
        (false, Some(_)) => Ok(None),
        (false, None) => Ok(Some(position.leave(ExitReason::User, now))),
    }
}
