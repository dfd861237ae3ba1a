//! The system log.

use super::{Audit, StoreError};
use domain::logs::Note;
use store::Engine;
use store::identity::Identity;

pub trait NoteLog {
    async fn note(&self, note: &Note) -> Result<(), StoreError>;
}

pub trait ReadLog {
    /// Of one day, newest first; where `before` is given, only what stands before that place. At most `limit`.
    async fn read_log(&self, day: i64, before: Option<&str>, limit: u32) -> Result<Vec<Note>, StoreError>;
}

pub trait PutOnRecord {
    /// What changes no other row.
    async fn put_on_record(&self, audit: &Audit) -> Result<(), StoreError>;
}

impl<E: Engine> NoteLog for E {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        Identity(self).note(note).await
    }
}

impl<E: Engine> ReadLog for E {
    async fn read_log(&self, day: i64, before: Option<&str>, limit: u32) -> Result<Vec<Note>, StoreError> {
        Identity(self).read_log(day, before, limit).await
    }
}

impl<E: Engine> PutOnRecord for E {
    async fn put_on_record(&self, audit: &Audit) -> Result<(), StoreError> {
        Identity(self).put_on_record(audit).await
    }
}
