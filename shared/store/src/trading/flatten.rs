//! The code by which a user sells everything: one for each session, in the place of the one before. Another session takes none away.

use super::Trading;
use super::keys;
use crate::condition::{FLATTEN_AS_SEEN, PRESENT};
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{number, text, time, to_item, ttl};
use crate::rows::Rows;
use crate::write::Write;
use domain::clock::{Millis, Timestamp};
use domain::ids::{Sha, UserId};
use std::collections::BTreeSet;
use wire::stored::{self, Schema};
use wire::text::Text;

/// What a code is of; the code itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlattenCode {
    pub hash: Sha,
    /// In which it was shown.
    pub session: String,
    /// The accounts and positions that were shown.
    pub list: BTreeSet<String>,
    pub until: Timestamp,
    /// Wrong ones so far.
    pub tries: u32,
    pub begun_at: Option<Timestamp>,
}

/// A row of it is of no use to anyone after that.
const KEPT: Millis = Millis::DAY;

impl<E: Engine> Trading<'_, E> {
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_flatten(&self, user: &UserId, code: &FlattenCode) -> Result<(), StoreError> {
        let row = to_item(&row(user, code))?;
        let row = row.into_iter().chain([("ttl".into(), ttl(code.until.plus(KEPT)))]);
        Rows(self.0).send(Write::replace(keys::flatten_code(user, &code.session), row.collect())).await.map(drop)
    }

    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_flatten(&self, user: &UserId, session: &str) -> Result<Option<FlattenCode>, StoreError> {
        let row = Rows(self.0).load::<stored::FlattenCode>(&keys::flatten_code(user, session)).await?;
        Ok(row.map(FlattenCode::from))
    }

    /// A wrong code more; false if another was counted or the code begun meanwhile.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn count_flatten_try(&self, user: &UserId, seen: &FlattenCode) -> Result<bool, StoreError> {
        self.change_flatten(user, seen, |write| write.set("tries", number(seen.tries.saturating_add(1)))).await
    }

    /// Once; false if it was begun or a wrong one was counted meanwhile.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn begin_flatten(&self, user: &UserId, seen: &FlattenCode, at: Timestamp) -> Result<bool, StoreError> {
        self.change_flatten(user, seen, |write| write.set("begun_at", time(at))).await
    }

    async fn change_flatten(
        &self,
        user: &UserId,
        seen: &FlattenCode,
        change: impl FnOnce(Write) -> Write,
    ) -> Result<bool, StoreError> {
        let write = Write::update(keys::flatten_code(user, &seen.session)).when(PRESENT).when(FLATTEN_AS_SEEN);
        let write = write.given("seen_hash", text(seen.hash.as_str())).given("seen_tries", number(seen.tries));
        let begun_at = seen.begun_at.unwrap_or_default();
        let write = change(write.given("seen_begun_at", time(begun_at)));
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }
}

fn row(user: &UserId, code: &FlattenCode) -> stored::FlattenCode {
    stored::FlattenCode {
        v: Schema,
        user: Text(user.clone()),
        hash: code.hash.as_str().to_owned(),
        session: code.session.clone(),
        list: code.list.clone(),
        until: code.until.millis(),
        tries: code.tries,
        begun_at: code.begun_at.map(Timestamp::millis),
    }
}

impl From<stored::FlattenCode> for FlattenCode {
    fn from(row: stored::FlattenCode) -> Self {
        Self {
            hash: Sha::from_stored(row.hash),
            session: row.session,
            list: row.list,
            until: Timestamp::from_millis(row.until),
            tries: row.tries,
            begun_at: row.begun_at.map(Timestamp::from_millis),
        }
    }
}
