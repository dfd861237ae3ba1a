//! The system log, in the identity table: one partition for each day.

use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, CommitError, DropLog, NoteLog, PutOnRecord, ReadLog, StoreError};
use domain::logs::Note;
use store::audit;
use store::item::{from_item, ttl};
use store::{Query, Table, Within, Write};
use wire::stored;

/// Sorts after every place.
const LAST: &str = "~";

impl NoteLog for Aws {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        let row = Write::insert(keys::note(note), &stored::Note::from(note))?.set("ttl", ttl(note.forgotten_at()));
        self.rows().send(row).await.map(drop)
    }
}

impl ReadLog for Aws {
    async fn read_log(&self, day: i64, before: Option<&str>, limit: u32) -> Result<Vec<Note>, StoreError> {
        let before = Within::Before(before.unwrap_or(LAST).to_owned());
        let query = Query::of(Table::Identity, keys::of_log(day)).within(before).newest_first().limit(limit);
        let rows = self.rows().page(&query).await?.items.into_iter();
        rows.map(|row| from_item::<stored::Note>(row).map(Note::from)).collect()
    }
}

impl DropLog for Aws {
    async fn drop_log(&self, day: i64, limit: u32) -> Result<u32, StoreError> {
        let mut deleted = 0;
        for note in self.read_log(day, None, limit).await? {
            self.rows().send(Write::delete(keys::note(&note))).await?;
            deleted += 1;
        }
        Ok(deleted)
    }
}

impl PutOnRecord for Aws {
    async fn put_on_record(&self, audit: &Audit) -> Result<(), StoreError> {
        match self.rows().transact(vec![audit::row_in(Table::Identity, audit)?], &audit.attempt).await {
            Ok(()) => Ok(()),
            Err(CommitError::LostRace) => Err(StoreError::Unavailable("the record is contended".to_owned())),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
