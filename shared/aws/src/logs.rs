//! The system log, in the identity table: one partition for each day.

use crate::audit;
use crate::client::Aws;
use crate::config::Place;
use crate::error::unavailable;
use crate::item::{from_item, text, ttl};
use crate::keys;
use crate::stamp;
use crate::write::Write;
use app::ports::{Audit, CommitError, DropLog, NoteLog, PutOnRecord, ReadLog, StoreError};
use domain::logs::Note;
use wire::stored;

/// Sorts after every place.
const LAST: &str = "~";

impl NoteLog for Aws {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        let row = Write::insert(keys::note(note), &stored::Note::from(note))?.set("ttl", ttl(note.forgotten_at()));
        self.write(row, &stamp::fresh()?).await.map(drop)
    }
}

impl ReadLog for Aws {
    async fn read_log(&self, day: i64, before: Option<&str>, limit: u32) -> Result<Vec<Note>, StoreError> {
        let call = self.db().query().table_name(self.name(Place::Identity)?).consistent_read(true);
        let call = call
            .key_condition_expression("pk = :pk AND sk < :before")
            .expression_attribute_values(":pk", text(keys::of_log(day)))
            .expression_attribute_values(":before", text(before.unwrap_or(LAST)))
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let found = call.send().await.map_err(|error| unavailable(&error))?;
        found
            .items
            .unwrap_or_default()
            .into_iter()
            .map(|item| from_item::<stored::Note>(item).map(Note::from))
            .collect()
    }
}

impl DropLog for Aws {
    async fn drop_log(&self, day: i64, limit: u32) -> Result<u32, StoreError> {
        let mut deleted = 0;
        for note in self.read_log(day, None, limit).await? {
            self.write(Write::delete(keys::note(&note)), &stamp::fresh()?).await?;
            deleted += 1;
        }
        Ok(deleted)
    }
}

impl PutOnRecord for Aws {
    async fn put_on_record(&self, audit: &Audit) -> Result<(), StoreError> {
        match self.transact(vec![audit::row_in(Place::Identity, audit)?], &audit.attempt).await {
            Ok(()) => Ok(()),
            Err(CommitError::LostRace) => Err(StoreError::Unavailable("the record is contended".to_owned())),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
