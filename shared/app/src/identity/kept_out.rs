//! The accounts of somebody who may not come in.
//!
//! 1. None of them enters any more, and what rests to enter is cancelled by their next pass; exits, stops and take-profits
//!    go on. Nobody but whoever keeps people lifts that.
//! 2. Who may come in again finds them halted, and resumes them by themselves.
//! 3. Each is marked while its user may not come in, and let back while they may: of two who change that at once, the later
//!    says how their accounts are left.
//! 4. The mark says what they might do: whoever closes what they hold may that as well.
//! 5. One that cannot be changed keeps no other from it.

use super::definitions::found;
use super::failures::Failures;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::trading::all_accounts;
use domain::account::{Halt, KeptOut};
use domain::identity::{RoleDefinition, User};
use domain::ids::{AccountId, UserId};
use store::Engine;
use store::trading::Trading;

/// Halts all accounts of somebody who may not come in, in the place of whatever halt there is; those of somebody who may stay
/// halted until they resume them. What is marked already stays as it is. False where their user stands otherwise by now.
///
/// # Errors
/// What failed first: the same again does the rest.
pub async fn mark_accounts<D: Engine>(deps: &D, user: &User, by: &UserId, run: Run<'_>) -> Result<bool, IdentityError> {
    let halt = halt(deps, user, run).await;
    let mut failures = Failures::default();
    for account in Trading(deps).list_accounts(&user.id).await? {
        if failures.note(mark(deps, user, &account, &halt, by, run).await) == Some(false) {
            return Ok(false);
        }
    }
    failures.or(true)
}

async fn halt<D: Engine>(deps: &D, user: &User, run: Run<'_>) -> Halt {
    if user.active {
        return Halt {
            at: run.now,
            reason: "their user may come in again".to_owned(),
            kept_out: None,
            by_person: true,
        };
    }
    // It does not wait for a role that cannot be looked up.
    let role = found::<RoleDefinition, D>(deps, &user.role).await.ok().flatten();
    let kept_out = Some(KeptOut::of(role.map(|role| role.scopes)));
    Halt { at: run.now, reason: "their user may not come in".to_owned(), kept_out, by_person: true }
}

async fn mark<D: Engine>(
    deps: &D,
    user: &User,
    account: &AccountId,
    halt: &Halt,
    by: &UserId,
    run: Run<'_>,
) -> Result<bool, IdentityError> {
    let known = Trading(deps).load_account(account).await?.filter(|known| known.user == user.id);
    if known.is_none_or(|known| known.kept_out() == halt.kept_out.as_ref()) {
        return Ok(true);
    }
    let record = audit("halt", account.as_str(), &halt.reason, run.act(by));
    Ok(Trading(deps).keep_out(account, &user.id, halt, &record).await?)
}

/// # Errors
/// `GroupsOpen`, or where the store cannot be reached.
pub(super) async fn no_group_is_open<D: Engine>(deps: &D, user: &UserId) -> Result<(), IdentityError> {
    let theirs = all_accounts(deps, user).await?;
    match theirs.iter().fold(0, |open: u32, account| account.open_groups.saturating_add(open)) {
        0 => Ok(()),
        open => Err(IdentityError::GroupsOpen(open)),
    }
}
