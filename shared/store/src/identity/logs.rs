//! The system log, in the identity table: one partition for each day.

use super::Identity;
use super::keys;
use crate::audit;
use crate::engine::Engine;
use crate::error::CommitError;
use crate::error::StoreError;
use crate::item::{from_item, ttl};
use crate::key::{Key, Table};
use crate::query::Query;
use crate::query::Within;
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::audit::Audit;
use domain::logs::Note;
use wire::stored;

/// Sorts after every place.
const LAST: &str = "~";

impl<E: Engine> Identity<'_, E> {
    /// Stays as it was first put.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn note(&self, note: &Note) -> Result<(), StoreError> {
        let row = Write::insert(keys::note(note), &stored::Note::from(note))?.set("ttl", ttl(note.forgotten_at()));
        Rows(self.0).send(row).await.map(drop)
    }

    /// Of one day, newest first; where `before` is given, only what stands before that place. At most `limit`.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn read_log(&self, day: i64, before: Option<&str>, limit: u32) -> Result<Vec<Note>, StoreError> {
        let before = Within::Before(before.unwrap_or(LAST).to_owned());
        let query = Query::of(Table::Identity, keys::of_log(day)).within(before).newest_first().limit(limit);
        let rows = Rows(self.0).page(&query).await?.items.into_iter();
        rows.map(|row| from_item::<stored::Note>(row).map(Note::from)).collect()
    }

    /// Deletes entries of one day, at most `limit`; as many as were there.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn drop_log(&self, day: i64, limit: u32) -> Result<u32, StoreError> {
        let mut deleted = 0;
        for note in self.read_log(day, None, limit).await? {
            Rows(self.0).send(Write::delete(keys::note(&note))).await?;
            deleted += 1;
        }
        Ok(deleted)
    }

    /// What changes no other row.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn put_on_record(&self, audit: &Audit) -> Result<(), StoreError> {
        match Rows(self.0).transact(vec![audit::row_in(Table::Identity, audit)?], &audit.attempt).await {
            Ok(()) => Ok(()),
            Err(CommitError::LostRace) => Err(StoreError::Unavailable("the record is contended".to_owned())),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

/// An entry as a look at the rows finds it; none where the row is none.
///
/// # Errors
/// `Unreadable`.
pub fn note(key: &Key, row: &Item) -> Result<Option<Note>, StoreError> {
    let is_note = key.table == Table::Identity && key.pk.starts_with(keys::LOGS);
    is_note.then(|| from_item::<stored::Note>(row).map(Note::from)).transpose()
}
