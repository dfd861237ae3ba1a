//! Objects in the deployment's bucket, by plain requests: what is put there is copies, and nothing of ours deletes one.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::StoreError;
use domain::clock::{Millis, Timestamp};
use std::time::Duration;
use store::objects::Objects;

const PATIENCE: Duration = Duration::from_secs(10);

/// A bucket; asked in a function's own name.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// With the bucket's name, and what the names of all objects begin with.
    path: String,
    signing: Signing,
}

impl Bucket {
    /// The bucket of this name.
    pub fn from_env(name: &str) -> Self {
        Self::read(name, |variable| std::env::var(variable).ok())
    }

    /// As `lookup` says instead of the environment, for tools.
    pub fn read(name: &str, lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { path: format!("/{name}/"), signing: Signing::read(lookup) }
    }

    /// Only what stands under this prefix there, for tests that share a bucket.
    #[must_use]
    pub fn under(self, prefix: &str) -> Self {
        Self { path: format!("{}{prefix}/", self.path), ..self }
    }

    /// Puts a file away, and gives what leads to it alone for so long, whoever has it.
    ///
    /// # Errors
    /// Where the bucket cannot be reached.
    pub async fn keep_export(
        &self,
        name: &str,
        packed: &[u8],
        lasts: Millis,
        now: Timestamp,
    ) -> Result<String, StoreError> {
        let key = format!("exports/{name}");
        self.put_object(&key, packed, now).await?;
        let lasts = Duration::from_millis(lasts.get().unsigned_abs());
        let link = self.signing.link("s3", &format!("{}{key}", self.path), lasts, now);
        link.map_err(|Unanswered(why)| StoreError::Unavailable(why))
    }

    async fn ask(&self, method: &str, key: &str, body: &[u8], now: Timestamp) -> Result<(u16, Vec<u8>), StoreError> {
        let path = format!("{}{key}", self.path);
        let question = Question { service: "s3", method, path: &path, headers: &[], body };
        let answered = self.signing.ask_within(question, now, PATIENCE).await;
        answered.map_err(|Unanswered(why)| StoreError::Unavailable(why))
    }
}

impl Objects for Bucket {
    async fn get_object(&self, key: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        match self.ask("GET", key, &[], now).await? {
            (200, body) => Ok(Some(body)),
            (404, _) => Ok(None),
            (status, _) => Err(away(status)),
        }
    }

    async fn put_object(&self, key: &str, body: &[u8], now: Timestamp) -> Result<(), StoreError> {
        match self.ask("PUT", key, body, now).await? {
            (200, _) => Ok(()),
            (status, _) => Err(away(status)),
        }
    }
}

fn away(status: u16) -> StoreError {
    StoreError::Unavailable(format!("S3 says {status}"))
}
