//! A key that its exchange refuses in the middle of work: its account enters no more from then on, and where it did not
//! enter anyway, whoever has positions there is told that they are left without a key.
//!
//! 1. Which refusals are about the key is said by the exchange's own table; none for a clock, the traffic or an order is.
//! 2. What was refused is the key that was asked with: another one in its place stays as it is.
//! 3. Of several that are told so at once one takes the right away, writes it down and tells its user.
//! 4. Exits go on, and so does asking.

use crate::notices;
use crate::ports::{Audit, KeyRefused, StoreError, Venue};
use domain::account::Account;
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::ids::{AccountId, AttemptId};
use domain::vault::AccountState;
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

const TURNS_MAX: u32 = 3;

/// Takes the account's right to enter away where its key was refused. What cannot be written now is written by whoever
/// is refused next.
pub async fn heed<D: Engine, V: Venue>(deps: &D, venue: &V, account: &AccountId, attempt: &AttemptId) {
    if let Some(refused) = venue.key_refused(account) {
        for _ in 0..TURNS_MAX {
            if turn(deps, account, &refused, attempt).await != Ok(false) {
                return;
            }
        }
    }
}

/// False where another change was first.
async fn turn<D: Engine>(
    deps: &D,
    account: &AccountId,
    refused: &KeyRefused,
    attempt: &AttemptId,
) -> Result<bool, StoreError> {
    // The state first: a key that is saved after it changes it, and then nothing is written.
    let Some(seen) = Vault(deps).load_account_state(account).await? else { return Ok(true) };
    let credential = Vault(deps).load_credential(account).await?;
    let is_used = credential.is_some_and(|credential| credential.id == refused.credential);
    let now = deps.now();
    let Some(state) = seen.after_refusal(refused.fault, now).filter(|_| is_used) else { return Ok(true) };
    let Some(account) = Trading(deps).load_account(account).await? else { return Ok(true) };
    if !seen.may_enter() {
        return left_without(deps, &account, &seen, &state, now).await;
    }
    let reason = format!("its exchange has refused the key: {}", refused.fault.as_str());
    let audit = disabled(&account, reason, now, attempt);
    if !Vault(deps).keep_account_state(&account.id, &seen, &state, Some(&audit)).await? {
        return Ok(false);
    }
    notices::key_refused(deps, &account, &state, now).await;
    Ok(true)
}

/// Of an account that may not enter: what is open there is all that its key is for. Where nothing is, checks tell of it.
async fn left_without<D: Engine>(
    deps: &D,
    account: &Account,
    seen: &AccountState,
    state: &AccountState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if account.open_groups == 0 {
        return Ok(true);
    }
    if !Vault(deps).keep_account_state(&account.id, seen, state, None).await? {
        return Ok(false);
    }
    notices::key_lost(deps, account, state, now).await;
    Ok(true)
}

/// The row of a right that was taken away.
pub(crate) fn disabled(account: &Account, reason: String, now: Timestamp, attempt: &AttemptId) -> Audit {
    Audit {
        user: account.user.clone(),
        action: "disable_account".to_owned(),
        resource: account.id.to_string(),
        reason,
        before: Some("enabled".to_owned()),
        after: Some("disabled".to_owned()),
        at: now,
        attempt: attempt.clone(),
        address: None,
        actor: Some(Actor::System),
    }
}
