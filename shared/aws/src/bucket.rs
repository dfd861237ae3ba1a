//! Objects in the deployment's bucket, by plain requests: what is put there is copies, and nothing of ours deletes one.

use crate::signed::{Question, Signing, Unanswered};
use app::ports::{DayCopy, KeepDayCopies, SignedDay, StoreError};
use domain::audit::Shelf;
use domain::clock::{Millis, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use wire::signed_day::{CopiedDay, CopiedHead, FirstDay};
use wire::stored::{self, Schema};
use wire::text::Text;
use wire::view::date;

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

    /// In the place of what is there; a bucket with versions keeps that as well.
    pub(crate) async fn put(&self, key: &str, body: &[u8], now: Timestamp) -> Result<(), StoreError> {
        match self.ask("PUT", key, body, now).await? {
            (200, _) => Ok(()),
            (status, _) => Err(away(status)),
        }
    }

    pub(crate) async fn get(&self, key: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        match self.ask("GET", key, &[], now).await? {
            (200, body) => Ok(Some(body)),
            (404, _) => Ok(None),
            (status, _) => Err(away(status)),
        }
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
        self.put(&key, packed, now).await?;
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

    async fn read_json<T: DeserializeOwned>(&self, key: &str, now: Timestamp) -> Result<Option<T>, StoreError> {
        let Some(body) = self.get(key, now).await? else { return Ok(None) };
        let read = serde_json::from_slice(&body);
        read.map(Some).map_err(|error| StoreError::Unreadable(format!("{key}: {error}")))
    }

    async fn put_json<T: Serialize>(&self, key: &str, value: &T, now: Timestamp) -> Result<(), StoreError> {
        let body = serde_json::to_vec(value).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        self.put(key, &body, now).await
    }
}

impl KeepDayCopies for Bucket {
    async fn first_signed_day(&self, shelf: Shelf, now: Timestamp) -> Result<Option<i64>, StoreError> {
        let first: Option<FirstDay> = self.read_json(&first_key(shelf), now).await?;
        Ok(first.map(|first| first.day))
    }

    async fn keep_first_signed_day(&self, shelf: Shelf, day: i64, now: Timestamp) -> Result<(), StoreError> {
        self.put_json(&first_key(shelf), &FirstDay { v: Schema, day }, now).await
    }

    async fn day_copy(&self, shelf: Shelf, day: i64, now: Timestamp) -> Result<Option<SignedDay>, StoreError> {
        let copied: Option<CopiedDay> = self.read_json(&day_key(shelf, day), now).await?;
        Ok(copied.map(|CopiedDay { signed, .. }| {
            let at = Timestamp::from_millis(signed.signed_at);
            SignedDay { shelf, day, sealed: signed.sealed, at }
        }))
    }

    async fn keep_day_copy(&self, copy: &DayCopy, now: Timestamp) -> Result<(), StoreError> {
        let SignedDay { shelf, day, sealed, at } = copy.signed.clone();
        let signed = stored::SignedDay { v: Schema, day, sealed, signed_at: at.millis() };
        let heads = copy.heads.iter().map(CopiedHead::from).collect();
        let copied = CopiedDay { table: Text(shelf), first: copy.first, signed, heads };
        self.put_json(&day_key(shelf, day), &copied, now).await
    }
}

fn first_key(shelf: Shelf) -> String {
    format!("signed/{shelf}/first.json")
}

fn day_key(shelf: Shelf, day: i64) -> String {
    format!("signed/{shelf}/{}.json", date(day))
}

fn away(status: u16) -> StoreError {
    StoreError::Unavailable(format!("S3 says {status}"))
}
