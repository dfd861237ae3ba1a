//! Old rows of logs, copied out of the tables.

use super::StoreError;
use domain::audit::Shelf;
use domain::clock::Timestamp;
use domain::ids::UserId;
use std::fmt;

/// What is copied by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OldLog {
    System,
    Audit(Shelf),
    /// Who has opened which secret, and why.
    Leases,
}

/// How far the copies of a log are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// All days before are copied.
    pub day: i64,
    /// Parts of this day that are.
    pub part: u32,
    /// Where the last of them ended.
    pub after: Option<String>,
    /// Chains that could not be copied with their days, to be tried again: a day, and whose.
    pub skipped: Vec<(i64, UserId)>,
}

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

impl OldLog {
    pub const ALL: [Self; 5] = [
        Self::System,
        Self::Audit(Shelf::Trading),
        Self::Audit(Shelf::Identity),
        Self::Audit(Shelf::Vault),
        Self::Leases,
    ];
}

impl fmt::Display for OldLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Audit(shelf) => write!(f, "audit/{shelf}"),
            Self::Leases => f.write_str("leases"),
        }
    }
}
