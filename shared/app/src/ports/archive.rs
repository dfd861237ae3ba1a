//! Old rows of logs, copied out of the tables.

use super::StoreError;
use domain::clock::Timestamp;
use store::Engine;
use store::identity::Identity;

pub use store::identity::{OldLog, Progress};

/// A part of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArchivePart {
    pub log: OldLog,
    pub day: i64,
    /// From 1.
    pub part: u32,
}

pub trait KeepProgress {
    async fn archive_progress(&self, log: OldLog) -> Result<Option<Progress>, StoreError>;

    /// In the place of what was there: whoever goes back does the same work again, and finds it done.
    async fn keep_archive_progress(&self, log: OldLog, progress: &Progress) -> Result<(), StoreError>;
}

pub trait KeepArchives {
    async fn archived(&self, part: ArchivePart, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError>;

    async fn keep_archive(&self, part: ArchivePart, packed: &[u8], now: Timestamp) -> Result<(), StoreError>;
}

impl<E: Engine> KeepProgress for E {
    async fn archive_progress(&self, log: OldLog) -> Result<Option<Progress>, StoreError> {
        Identity(self).archive_progress(log).await
    }

    async fn keep_archive_progress(&self, log: OldLog, progress: &Progress) -> Result<(), StoreError> {
        Identity(self).keep_archive_progress(log, progress).await
    }
}
