//! A venue that has asked to be left alone: kept on the account, and told to its user once.

use crate::notices;
use crate::ports::{Clock, KeepVenuePause, LoadAccount, Notify, Pause, Urgency, Venue};
use domain::ids::AccountId;
use domain::market::Exchange;

/// Whoever may keep a pause.
pub trait KeepPause: KeepVenuePause + LoadAccount + Notify + Clock {}
impl<D: KeepVenuePause + LoadAccount + Notify + Clock> KeepPause for D {}

/// Keeps what the venue has asked this process for. What cannot be kept now is kept by whoever is told the same.
pub(crate) async fn keep<D: KeepPause, V: Venue>(deps: &D, venue: &V, account: &AccountId, exchange: &Exchange) {
    if let Some(pause) = venue.paused(account, exchange, Urgency::Exit).await.filter(|pause| pause.code == Pause::ASKED)
        && deps.keep_venue_pause(account, pause.until).await == Ok(true)
        && let Ok(Some(account)) = deps.load_account(account).await
    {
        notices::venue_paused(deps, &account, &pause, deps.now()).await;
    }
}
