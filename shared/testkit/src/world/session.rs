//! Bearer tokens: one conditional update counts the request and tells who asks.

use super::World;
use super::item::{Item, key};
use super::table::Action;
use crate::sim::Op;
use app::ports::{GuardSession, Guarded, REQUESTS_PER_MINUTE_MAX, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::Sha;

const MINUTE: Millis = Millis::seconds(60);

impl GuardSession for World {
    async fn guard_session(&self, token_hash: &Sha, now: Timestamp) -> Result<Guarded, StoreError> {
        self.call(Op::effect("guard_session"), |world| world.guard(token_hash, now)).await
    }
}

impl World {
    fn guard(&self, hash: &Sha, now: Timestamp) -> Guarded {
        let stored = self.table().get(&key::session(hash)).cloned();
        let Some(Item::Session { session, expires_at, minute, requests }) = stored else { return Guarded::Unknown };
        let (minute, requests) = match counted(expires_at, minute, requests, now) {
            Ok(counted) => counted,
            Err(refused) => return refused,
        };
        let counted = Item::Session { session: session.clone(), expires_at, minute, requests };
        let put = Action::put(key::session(hash), counted);
        let _always = self.table_mut().transact(vec![put], None, now);
        Guarded::Admitted(session)
    }
}

/// The minute and the requests in it, once this one is counted; or why it is not let in.
pub(super) fn counted(
    expires_at: Timestamp,
    minute: i64,
    requests: u32,
    now: Timestamp,
) -> Result<(i64, u32), Guarded> {
    let this = now.millis().div_euclid(MINUTE.get());
    let before = if minute == this { requests } else { 0 };
    if expires_at <= now {
        return Err(Guarded::Unknown);
    }
    if before >= REQUESTS_PER_MINUTE_MAX {
        let next = Timestamp::from_millis((this + 1) * MINUTE.get());
        return Err(Guarded::TooMany { retry_after: next.since(now) });
    }
    Ok((this, before + 1))
}
