//! Requests from one address, by the minute.

use super::Identity;
use super::keys;
use crate::condition::{ABSENT, MINUTE_AS_SEEN, REQUESTS_BELOW, SAME_MINUTE};
use crate::engine::Engine;
use crate::engine::Written;
use crate::error::StoreError;
use crate::item::{number, number_of, ttl};
use crate::rows::Rows;
use crate::write::Write;
use domain::clock::{Millis, Timestamp};
use domain::ids::Sha;
use domain::limits::DOOR_WINDOW;
use wire::stored::{self, Schema};

/// Other first requests of the same minute may be in the way.
const TRIES_MAX: u32 = 4;

impl<E: Engine> Identity<'_, E> {
    /// One more request of this minute; how long to wait where that is more than this many, and then it is not counted.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn count_address(&self, subject: &Sha, most: u32, now: Timestamp) -> Result<Option<Millis>, StoreError> {
        let minute = now.millis().div_euclid(DOOR_WINDOW.get());
        for _ in 0..TRIES_MAX {
            let write = Write::update(keys::door(subject)).add("requests", number(1));
            let write = write.when(SAME_MINUTE).given("minute", number(minute));
            let write = write.when(REQUESTS_BELOW).given("requests_max", number(most));
            let seen = match Rows(self.0).send(write).await? {
                Written::Done(_) => return Ok(None),
                Written::Refused(row) => row.map(|row| number_of(&row, "minute")).transpose()?,
            };
            if seen.is_some_and(|seen| seen >= minute) {
                return Ok(Some(left(now)));
            }
            if let Written::Done(_) = Rows(self.0).send(begun(subject, seen, minute, now)?).await? {
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
