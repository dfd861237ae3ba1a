//! Requests from one address, by the minute.

use crate::client::Aws;
use crate::keys;
use app::ports::{CountAddress, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::Sha;
use domain::limits::DOOR_WINDOW;
use store::Write;
use store::Written;
use store::condition::{ABSENT, MINUTE_AS_SEEN, REQUESTS_BELOW, SAME_MINUTE};
use store::item::{number, number_of, ttl};
use wire::stored::{self, Schema};

/// Other first requests of the same minute may be in the way.
const TRIES_MAX: u32 = 4;

impl CountAddress for Aws {
    async fn count_address(&self, subject: &Sha, most: u32, now: Timestamp) -> Result<Option<Millis>, StoreError> {
        let minute = now.millis().div_euclid(DOOR_WINDOW.get());
        for _ in 0..TRIES_MAX {
            let write = Write::update(keys::door(subject)).add("requests", number(1));
            let write = write.when(SAME_MINUTE).given("minute", number(minute));
            let write = write.when(REQUESTS_BELOW).given("requests_max", number(most));
            let seen = match self.rows().send(write).await? {
                Written::Done(_) => return Ok(None),
                Written::Refused(row) => row.map(|row| number_of(&row, "minute")).transpose()?,
            };
            if seen.is_some_and(|seen| seen >= minute) {
                return Ok(Some(left(now)));
            }
            if let Written::Done(_) = self.rows().send(begun(subject, seen, minute, now)?).await? {
                return Ok(None);
            }
        }
        Err(StoreError::Unavailable("too many first requests of one minute".to_owned()))
    }
}

/// The first request of a minute.
fn begun(subject: &Sha, seen: Option<i64>, minute: i64, now: Timestamp) -> Result<Write, StoreError> {
    let row = stored::DoorCount { v: Schema, minute, requests: 1 };
    let write = Write::upsert(keys::door(subject), &row)?.set("ttl", ttl(now.plus(DOOR_WINDOW)));
    Ok(match seen {
        Some(seen) => write.when(MINUTE_AS_SEEN).given("seen_minute", number(seen)),
        None => write.when(ABSENT),
    })
}

/// Until the next minute begins.
fn left(now: Timestamp) -> Millis {
    Millis::new(DOOR_WINDOW.get().saturating_sub(now.millis().rem_euclid(DOOR_WINDOW.get())))
}
