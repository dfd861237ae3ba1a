//! A venue that has asked to be left alone: kept on the account, and told to its user once.
//!
//! 1. Whoever has asked a venue for an account, whatever it was, keeps here what it was told.
//! 2. Where nothing was told that the account's row does not say, nothing is read and nothing is written.
//! 3. A pause of a whole venue is kept on each account there, one after another; a pause of one account on that one.

use crate::notices;
use crate::ports::{Clock, KeepVenuePause, LoadAccount, Notify, Venue};
use domain::ids::AccountId;

/// Whoever may keep a pause.
pub trait KeepPause: KeepVenuePause + LoadAccount + Notify + Clock {}
impl<D: KeepVenuePause + LoadAccount + Notify + Clock> KeepPause for D {}

/// Keeps what the venue has asked this process for. What cannot be kept now is kept by whoever is told the same.
pub(crate) async fn keep<D: KeepPause, V: Venue>(deps: &D, venue: &V, account: &AccountId) {
    if let Some(pause) = venue.newly_paused(account)
        && deps.keep_venue_pause(account, pause.until).await == Ok(true)
        && let Ok(Some(account)) = deps.load_account(account).await
    {
        notices::venue_paused(deps, &account, &pause, deps.now()).await;
    }
}
