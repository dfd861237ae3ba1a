//! Bearer tokens of the API: counted and let in by one conditional update, and by a second one in the first request
//! of each minute.

use crate::client::Aws;
use crate::condition::{MINUTE_AS_SEEN, REQUESTS_LEFT, SAME_MINUTE, UNEXPIRED};
use crate::item::{Item, from_item, number, time};
use crate::keys;
use crate::send::Written;
use crate::stamp;
use crate::write::Write;
use app::ports::{GuardSession, Guarded, REQUESTS_PER_MINUTE_MAX, Session, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::Sha;
use wire::stored;

const MINUTE: Millis = Millis::seconds(60);
/// Other first requests of the same minute may be in the way.
const TRIES_MAX: u32 = 4;

impl GuardSession for Aws {
    async fn guard_session(&self, token_hash: &Sha, now: Timestamp) -> Result<Guarded, StoreError> {
        for _ in 0..TRIES_MAX {
            let row = match self.write(counted(token_hash, now), &stamp::fresh()?).await? {
                Written::Done(item) => return admitted(item),
                Written::Refused(None) => return Ok(Guarded::Unknown),
                Written::Refused(Some(item)) => from_item::<stored::Session>(item)?,
            };
            if row.expires_at <= now.millis() {
                return Ok(Guarded::Unknown);
            }
            if row.minute >= minute(now) {
                return Ok(Guarded::TooMany { retry_after: left(now) });
            }
            if let Written::Done(item) = self.write(begun(token_hash, row.minute, now), &stamp::fresh()?).await? {
                return admitted(item);
            }
        }
        Err(StoreError::Unavailable("too many first requests of one minute".to_owned()))
    }
}

/// One more request of the running minute.
fn counted(hash: &Sha, now: Timestamp) -> Write {
    live(hash, now)
        .add("requests", number(1))
        .when(SAME_MINUTE)
        .given("minute", number(minute(now)))
        .when(REQUESTS_LEFT)
        .given("requests_max", number(REQUESTS_PER_MINUTE_MAX))
}

/// The first request of a minute.
fn begun(hash: &Sha, seen: i64, now: Timestamp) -> Write {
    live(hash, now)
        .set("minute", number(minute(now)))
        .set("requests", number(1))
        .when(MINUTE_AS_SEEN)
        .given("seen_minute", number(seen))
}

fn live(hash: &Sha, now: Timestamp) -> Write {
    Write::update(keys::session(hash)).when(UNEXPIRED).given("now", time(now))
}

fn admitted(item: Item) -> Result<Guarded, StoreError> {
    let row: stored::Session = from_item(item)?;
    Ok(Guarded::Admitted(Session { user: row.user.0, scopes: row.scopes }))
}

fn minute(now: Timestamp) -> i64 {
    now.millis().div_euclid(MINUTE.get())
}

/// Until the next minute begins.
fn left(now: Timestamp) -> Millis {
    Millis::new(MINUTE.get().saturating_sub(now.millis().rem_euclid(MINUTE.get())))
}
