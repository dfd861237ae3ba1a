//! The accounts of somebody who may not come in.
//!
//! 1. None of them enters any more, and what rests to enter is cancelled by their next pass; exits, stops and take-profits
//!    go on. Nobody but whoever keeps people lifts that.
//! 2. Who may come in again finds them halted, and resumes them by themselves.

use super::{IdentityError, Run};
use crate::ports::{KeepOut, ListAccounts, LoadAccount};
use crate::trading::{audit, states};
use domain::account::{Account, Halt};
use domain::ids::UserId;

/// What halting somebody's accounts needs of the store.
pub trait HaltAccounts: ListAccounts + LoadAccount + KeepOut {}
impl<D: ListAccounts + LoadAccount + KeepOut> HaltAccounts for D {}

/// Halts all of them, in the place of whatever halt there is; those that are so already stay as they are.
///
/// # Errors
/// Where the store cannot be reached: the same again does the rest.
pub async fn keep_out<D: HaltAccounts>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    set(deps, user, by, true, "their user may not come in", run).await
}

/// They stay halted until their user resumes them.
///
/// # Errors
/// As [`keep_out`].
pub async fn let_back<D: HaltAccounts>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    set(deps, user, by, false, "their user may come in again", run).await
}

/// Positions that are open.
pub(super) async fn open_groups<D: HaltAccounts>(deps: &D, user: &UserId) -> Result<u32, IdentityError> {
    Ok(theirs(deps, user).await?.iter().fold(0, |open, account| account.open_groups.saturating_add(open)))
}

async fn set<D: HaltAccounts>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    kept_out: bool,
    reason: &str,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let halt = Halt { at: run.now, reason: reason.to_owned(), kept_out, by_person: true };
    for account in theirs(deps, user).await?.into_iter().filter(|account| account.is_kept_out() != kept_out) {
        let record = audit("halt", account.id.as_str(), reason, run.act(by));
        deps.keep_out(&account.id, &halt, &record).await?;
    }
    Ok(())
}

async fn theirs<D: HaltAccounts>(deps: &D, user: &UserId) -> Result<Vec<Account>, IdentityError> {
    Ok(states(deps, user, &deps.list_accounts(user).await?).await?)
}
