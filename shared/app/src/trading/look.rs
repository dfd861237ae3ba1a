//! One position group with all that belongs to it.

use crate::ports::{History, StoreError};
use domain::group::Position;
use domain::ids::{GroupId, UserId};
use store::Engine;
use store::trading::Trading;

/// The group as it stands now, with its history; none where it is not the user's.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn look<D: Engine>(
    deps: &D,
    user: &UserId,
    group: &GroupId,
) -> Result<Option<(Position, Vec<History>)>, StoreError> {
    let Some(found) = Trading(deps).find_group(user, group).await? else { return Ok(None) };
    let position = Trading(deps).load_position(&found.account, group).await?;
    let Some(position) = position.filter(|position| position.group.user == *user) else { return Ok(None) };
    Ok(Some((position, Trading(deps).list_history(group).await?)))
}
