//! Refresh tokens of log-ins. All that is kept of one stands in the row of its log-in, so that every end of the log-in ends it.

use super::Identity;
use super::keys;
use super::logins::Login;
use crate::audit;
use crate::condition::{NOT_REPEATED, PRESENT, REFRESH_AS_SEEN};
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{text, time, to_value, ttl};
use crate::key::Table;
use crate::rows::Rows;
use crate::value::Value;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::ids::Sha;
use std::fmt;
use wire::stored;
use wire::text::Text;

/// What is kept of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refresh {
    /// The hash of what all tokens of this log-in have in common.
    pub family: Sha,
    /// The hash of the secret of the token that is good.
    pub current: Sha,
    pub replaced: Option<Replaced>,
}

/// The token before it.
#[derive(Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The hash of its secret.
    pub secret: Sha,
    pub at: Timestamp,
    /// The token in its place, sealed under the replaced one.
    pub successor: String,
    /// Whether the successor was answered a second time.
    pub repeated: bool,
}

impl<E: Engine> Identity<'_, E> {
    /// The log-in as it is from here on; false where its token was refreshed or repeated meanwhile, or it is over.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn refresh_login(&self, login: &Login, seen: &Refresh) -> Result<bool, StoreError> {
        let write = Write::update(keys::login(&login.user, &login.id))
            .set("refresh", to_value(&login.refresh.as_ref().map(stored::Refresh::from))?)
            .set("expires_at", time(login.expires_at))
            .set("ttl", ttl(login.ends_at()));
        Ok(matches!(Rows(self.0).send(as_seen(write, seen)).await?, Written::Done(_)))
    }

    /// Its access token goes on to its end, and nothing after it: neither token gets another. A log-in that is over stays over.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn stop_refreshing(&self, login: &Login) -> Result<(), StoreError> {
        let write =
            Write::update(keys::login(&login.user, &login.id)).remove("refresh").set("not_renewed", Value::Bool(true));
        Rows(self.0).send(write.when(PRESENT)).await.map(drop)
    }

    /// On record. False where its token was refreshed or repeated meanwhile, or it is over.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn end_reused(&self, login: &Login, seen: &Refresh, audit: &Audit) -> Result<bool, StoreError> {
        let over = as_seen(Write::delete(keys::login(&login.user, &login.id)), seen);
        Rows(self.0).all_or_none(vec![over, audit::row_in(Table::Identity, audit)?], &audit.attempt).await
    }
}

fn as_seen(write: Write, seen: &Refresh) -> Write {
    let write = write.when(REFRESH_AS_SEEN).given("seen_current", text(seen.current.as_str()));
    if seen.replaced.as_ref().is_some_and(|replaced| replaced.repeated) { write } else { write.when(NOT_REPEATED) }
}

impl From<&Refresh> for stored::Refresh {
    fn from(refresh: &Refresh) -> Self {
        let replaced = refresh.replaced.as_ref().map(|replaced| stored::ReplacedRefresh {
            secret: Text(replaced.secret.clone()),
            at: replaced.at.millis(),
            successor: replaced.successor.clone(),
            repeated: replaced.repeated,
        });
        Self { family: Text(refresh.family.clone()), current: Text(refresh.current.clone()), replaced }
    }
}

impl From<stored::Refresh> for Refresh {
    fn from(row: stored::Refresh) -> Self {
        let replaced = row.replaced.map(|replaced| Replaced {
            secret: replaced.secret.0,
            at: Timestamp::from_millis(replaced.at),
            successor: replaced.successor,
            repeated: replaced.repeated,
        });
        Self { family: row.family.0, current: row.current.0, replaced }
    }
}

/// The sealed token is nobody's to read.
impl fmt::Debug for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Replaced");
        shown.field("at", &self.at).field("repeated", &self.repeated).finish_non_exhaustive()
    }
}
