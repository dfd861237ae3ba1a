//! Bearer tokens: one conditional update counts the request and tells who asks.

use super::World;
use super::item::{Item, Windows, key};
use super::table::Action;
use crate::sim::Op;
use app::ports::{GuardSession, Guarded, Session, StoreError, Visit};
use domain::clock::Timestamp;
use domain::identity::Rates;
use domain::ids::Sha;

impl GuardSession for World {
    async fn guard_session(&self, token_hash: &Sha, visit: Visit) -> Result<Guarded, StoreError> {
        self.call(Op::effect("guard_session"), |world| world.guard(token_hash, visit)).await
    }
}

impl World {
    fn guard(&self, hash: &Sha, visit: Visit) -> Guarded {
        let stored = self.table().get(&key::session(hash)).cloned();
        let Some(Item::Session { session, expires_at, rates, mut windows }) = stored else { return Guarded::Unknown };
        if let Err(refused) = count(expires_at, &rates, &mut windows, visit) {
            return refused;
        }
        let counted = windows.clone().into_iter().collect();
        let item = Item::Session { session: session.clone(), expires_at, rates, windows };
        let put = Action::put(key::session(hash), item);
        let _always = self.table_mut().transact(vec![put], None, visit.now);
        Guarded::Admitted(Session { counted, ..session })
    }
}

/// Counts one more request in its window; or says why it is not let in.
#[allow(clippy::result_large_err, reason = "a test's store")]
pub(super) fn count(expires_at: Timestamp, rates: &Rates, windows: &mut Windows, visit: Visit) -> Result<(), Guarded> {
    let Visit { class, now } = visit;
    if expires_at <= now {
        return Err(Guarded::Unknown);
    }
    let this = class.number_at(now);
    let before = windows.get(&class).filter(|(window, _)| *window == this).map_or(0, |(_, requests)| *requests);
    if before >= rates.of(class) {
        return Err(Guarded::TooMany { retry_after: class.left_at(now) });
    }
    windows.insert(class, (this, before + 1));
    Ok(())
}
