//! Attempts, each counted over the one that was seen.

use super::Identity;
use super::keys;
use crate::condition::{ABSENT, ATTEMPTS_AS_SEEN};
use crate::engine::Engine;
use crate::engine::Written;
use crate::error::StoreError;
use crate::item::{number, time, ttl};
use crate::rows::Rows;
use crate::write::Write;
use domain::clock::Timestamp;
use domain::identity::Guesses;
use domain::ids::Sha;
use wire::stored::{self, Schema};

impl<E: Engine> Identity<'_, E> {
    /// None where none is counted.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_guesses(&self, subject: &Sha) -> Result<Option<Guesses>, StoreError> {
        let row: Option<stored::Guesses> = Rows(self.0).load(&keys::guesses(subject)).await?;
        Ok(row.map(|row| Guesses { attempts: row.attempts, last_at: Timestamp::from_millis(row.last_at) }))
    }

    /// In the place of what was seen; false where another attempt was counted first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn count_guess(
        &self,
        subject: &Sha,
        seen: Option<Guesses>,
        counted: Guesses,
        forgotten_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let row = stored::Guesses { v: Schema, attempts: counted.attempts, last_at: counted.last_at.millis() };
        let write = Write::upsert(keys::guesses(subject), &row)?.set("ttl", ttl(forgotten_at));
        let write = match seen {
            None => write.when(ABSENT),
            Some(seen) => write
                .when(ATTEMPTS_AS_SEEN)
                .given("seen_attempts", number(seen.attempts))
                .given("seen_last_at", time(seen.last_at)),
        };
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }

    /// What was counted is forgotten.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn forget_guesses(&self, subject: &Sha) -> Result<(), StoreError> {
        Rows(self.0).send(Write::delete(keys::guesses(subject))).await.map(drop)
    }
}
