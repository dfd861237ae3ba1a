//! Attempts, each counted over the one that was seen.

use crate::client::Aws;
use crate::keys;
use app::ports::{MindGuesses, StoreError};
use domain::clock::Timestamp;
use domain::identity::Guesses;
use domain::ids::Sha;
use store::Write;
use store::Written;
use store::condition::{ABSENT, ATTEMPTS_AS_SEEN};
use store::item::{number, time, ttl};
use wire::stored::{self, Schema};

impl MindGuesses for Aws {
    async fn load_guesses(&self, subject: &Sha) -> Result<Option<Guesses>, StoreError> {
        let row: Option<stored::Guesses> = self.rows().load(&keys::guesses(subject)).await?;
        Ok(row.map(|row| Guesses { attempts: row.attempts, last_at: Timestamp::from_millis(row.last_at) }))
    }

    async fn count_guess(
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
        Ok(matches!(self.rows().send(write).await?, Written::Done(_)))
    }

    async fn forget_guesses(&self, subject: &Sha) -> Result<(), StoreError> {
        self.rows().send(Write::delete(keys::guesses(subject))).await.map(drop)
    }
}
