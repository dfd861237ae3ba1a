//! Out of every position of somebody who may not come in, by whoever keeps people.
//!
//! That they are kept out stands on their accounts, with what they might do: nobody's positions are closed by another while
//! they come in, nor by whoever may less than they.

use super::close::leave;
use super::scope::accounts;
use super::{ActError, change_on_record};
use crate::actor::{Act, audit};
use crate::ports::{Queues, Session};
use domain::account::Account;
use domain::group::Position;
use domain::ids::{AccountId, GroupId, UserId};
use store::Engine;

/// Puts every group of theirs on its way out, each on record under whoever does it. Sent again it tells how far they are.
///
/// # Errors
/// `NotKeptOut`, `NotYours`, `Contended`, or where the store cannot be reached: the same again does the rest.
pub async fn close_kept_out<D: Engine + Queues>(
    deps: &D,
    user: &UserId,
    reason: &str,
    by: &Session,
    act: Act<'_>,
) -> Result<Vec<Position>, ActError> {
    let mut kept_out = accounts(deps, user, None).await?;
    kept_out.retain(Account::is_kept_out);
    if kept_out.is_empty() {
        return Err(ActError::NotKeptOut);
    }
    if let Some(more) = kept_out.iter().filter_map(Account::kept_out).find_map(|mark| by.lacks(&mark.rank)) {
        return Err(ActError::NotYours(more.clone()));
    }
    let (mut closing, mut failed) = (Vec::new(), None);
    for account in &kept_out {
        for group in account.live.values() {
            match close_one(deps, user, &account.id, group, reason, act).await {
                Ok(position) => closing.push(position),
                Err(ActError::AlreadyClosed | ActError::NoGroup) => {}
                Err(error) => failed = failed.or(Some(error)),
            }
        }
    }
    failed.map_or(Ok(closing), Err)
}

async fn close_one<D: Engine + Queues>(
    deps: &D,
    user: &UserId,
    account: &AccountId,
    group: &GroupId,
    reason: &str,
    act: Act<'_>,
) -> Result<Position, ActError> {
    let record = Some(audit("close position group", group.as_str(), reason, act));
    let theirs = Act { user, ..act };
    change_on_record(deps, account, group, "closed by an admin", theirs, record, |position| leave(position, act.now))
        .await
}
