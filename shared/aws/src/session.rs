//! Bearer tokens of the API, programs' and people's: counted and let in by one conditional update, and by a second one in
//! the first request of each minute.

use crate::client::Aws;
use crate::condition::{MINUTE_AS_SEEN, REQUESTS_LEFT, SAME_MINUTE, UNEXPIRED};
use crate::item::{Item, from_item, number, number_of, time};
use crate::keys::{self, Key};
use crate::send::Written;
use crate::stamp;
use crate::write::Write;
use app::ports::{GuardLogin, GuardSession, Guarded, REQUESTS_PER_MINUTE_MAX, Session, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::{SessionId, Sha, UserId};
use wire::stored;

const MINUTE: Millis = Millis::seconds(60);
/// Other first requests of the same minute may be in the way.
const TRIES_MAX: u32 = 4;

/// What a request is told of its row.
enum Counted {
    In(Item),
    Refused(Guarded),
}

impl GuardSession for Aws {
    async fn guard_session(&self, token_hash: &Sha, now: Timestamp) -> Result<Guarded, StoreError> {
        let row: stored::Session = match self.count(&keys::session(token_hash), now).await? {
            Counted::In(item) => from_item(item)?,
            Counted::Refused(guarded) => return Ok(guarded),
        };
        Ok(Guarded::Admitted(Session { user: row.user.0, scopes: row.scopes, login: None }))
    }
}

impl GuardLogin for Aws {
    async fn guard_login(&self, user: &UserId, login: &SessionId, now: Timestamp) -> Result<Guarded, StoreError> {
        let row: stored::Login = match self.count(&keys::login(user, login), now).await? {
            Counted::In(item) => from_item(item)?,
            Counted::Refused(guarded) => return Ok(guarded),
        };
        let scopes = row.role.0.permissions().iter().map(|may| may.as_str().to_owned()).collect();
        Ok(Guarded::Admitted(Session { user: row.user.0, scopes, login: Some(row.id.0) }))
    }
}

impl Aws {
    async fn count(&self, key: &Key, now: Timestamp) -> Result<Counted, StoreError> {
        for _ in 0..TRIES_MAX {
            let row = match self.write(counted(key, now), &stamp::fresh()?).await? {
                Written::Done(item) => return Ok(Counted::In(item)),
                Written::Refused(None) => return Ok(Counted::Refused(Guarded::Unknown)),
                Written::Refused(Some(item)) => item,
            };
            if number_of(&row, "expires_at")? <= now.millis() {
                return Ok(Counted::Refused(Guarded::Unknown));
            }
            let seen = number_of(&row, "minute")?;
            if seen >= minute(now) {
                return Ok(Counted::Refused(Guarded::TooMany { retry_after: left(now) }));
            }
            if let Written::Done(item) = self.write(begun(key, seen, now), &stamp::fresh()?).await? {
                return Ok(Counted::In(item));
            }
        }
        Err(StoreError::Unavailable("too many first requests of one minute".to_owned()))
    }
}

/// One more request of the running minute.
fn counted(key: &Key, now: Timestamp) -> Write {
    live(key, now)
        .add("requests", number(1))
        .when(SAME_MINUTE)
        .given("minute", number(minute(now)))
        .when(REQUESTS_LEFT)
        .given("requests_max", number(REQUESTS_PER_MINUTE_MAX))
}

/// The first request of a minute.
fn begun(key: &Key, seen: i64, now: Timestamp) -> Write {
    live(key, now)
        .set("minute", number(minute(now)))
        .set("requests", number(1))
        .when(MINUTE_AS_SEEN)
        .given("seen_minute", number(seen))
}

fn live(key: &Key, now: Timestamp) -> Write {
    Write::update(key.clone()).when(UNEXPIRED).given("now", time(now))
}

fn minute(now: Timestamp) -> i64 {
    now.millis().div_euclid(MINUTE.get())
}

/// Until the next minute begins.
fn left(now: Timestamp) -> Millis {
    Millis::new(MINUTE.get().saturating_sub(now.millis().rem_euclid(MINUTE.get())))
}
