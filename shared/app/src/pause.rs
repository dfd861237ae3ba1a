//! A venue that has asked to be left alone: kept on the account, and told to its user once.
//!
//! 1. Whoever has asked a venue for an account, whatever it was, keeps here what it was told.
//! 2. Where nothing was told that the account's row does not say, nothing is read and nothing is written.
//! 3. A venue that asks for one pause after the other is told of once.
//! 4. A pause of a whole venue is kept on each account there, one after another; a pause of one account on that one.

use crate::notices;
use crate::ports::Pause;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::limits;
use store::Engine;
use store::trading::Trading;

/// Keeps what the account's venue has newly asked this process for, if anything. What cannot be kept now is kept by whoever is
/// told the same.
pub(crate) async fn keep<D: Engine>(deps: &D, account: &AccountId, newly: Option<Pause>) {
    if let Some(pause) = newly
        && let Ok(Some(known)) = Trading(deps).load_account(account).await
        && Trading(deps).keep_venue_pause(account, pause.until, known.venue_pause_latest(deps.now())).await == Ok(true)
        && is_to_be_told(&known, deps.now())
    {
        notices::venue_paused(deps, &known, &pause, deps.now()).await;
    }
}

/// Whether its user has not just been told of another one.
fn is_to_be_told(before: &Account, now: Timestamp) -> bool {
    let known = before.venue_paused_until.filter(|until| *until <= before.venue_pause_latest(now));
    known.is_none_or(|until| now.since(until) >= limits::PAUSES_APART)
}
