//! How far old rows of logs are copied out of the tables.

use super::{Identity, keys};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::to_item;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Shelf;
use domain::ids::UserId;
use std::fmt;
use wire::stored::{self, Schema, SkippedChain};
use wire::text::Text;

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

impl<E: Engine> Identity<'_, E> {
    /// None where nothing was copied yet.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn archive_progress(&self, log: OldLog) -> Result<Option<Progress>, StoreError> {
        let row: Option<stored::ArchiveProgress> = Rows(self.0).load(&keys::archive_progress(log)).await?;
        Ok(row.map(|row| {
            let skipped = row.skipped.into_iter().map(|chain| (chain.day, chain.user.0)).collect();
            Progress { day: row.day, part: row.part, after: row.after, skipped }
        }))
    }

    /// In the place of what was there: a run that goes back does the same work again, and finds it done.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn keep_archive_progress(&self, log: OldLog, progress: &Progress) -> Result<(), StoreError> {
        let Progress { day, part, after, skipped } = progress.clone();
        let skipped = skipped.into_iter().map(|(day, user)| SkippedChain { day, user: Text(user) }).collect();
        let row = to_item(&stored::ArchiveProgress { v: Schema, day, part, after, skipped })?;
        Rows(self.0).send(Write::replace(keys::archive_progress(log), row)).await.map(drop)
    }
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
