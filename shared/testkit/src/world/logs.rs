//! The system log.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{Audit, DropLog, NoteLog, PutOnRecord, ReadLog, StoreError};
use domain::audit::Shelf;
use domain::logs::Note;

impl NoteLog for World {
    async fn note(&self, note: &Note) -> Result<(), StoreError> {
        self.try_call(Op::effect("note"), |world| {
            let put = Action::put_on_absence(key::note(note), Item::Note(note.clone()));
            world.all_or_none(vec![put], None).map(drop)
        })
        .await
    }
}

impl ReadLog for World {
    async fn read_log(&self, day: i64, before: Option<&str>, limit: u32) -> Result<Vec<Note>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.call(Op::read("read_log"), |world| {
            let mut notes: Vec<_> = world.table().prefixed(key::notes(day)).filter_map(note).collect();
            notes.retain(|note| before.is_none_or(|before| *note.place() < *before));
            notes.reverse();
            notes.truncate(limit);
            notes
        })
        .await
    }
}

impl DropLog for World {
    async fn drop_log(&self, day: i64, limit: u32) -> Result<u32, StoreError> {
        let notes = self.read_log(day, None, limit).await?;
        self.try_call(Op::effect("drop_log"), |world| {
            let guard = || Box::new(|_: Option<&Item>| true);
            let gone = notes.iter().map(|note| Action { key: key::note(note), guard: guard(), write: Write::Delete });
            for action in gone {
                world.all_or_none(vec![action], None)?;
            }
            Ok(u32::try_from(notes.len()).unwrap_or(u32::MAX))
        })
        .await
    }
}

impl PutOnRecord for World {
    async fn put_on_record(&self, audit: &Audit) -> Result<(), StoreError> {
        self.try_call(Op::effect("put_on_record"), |world| {
            let put = Action::record(Shelf::Identity, audit);
            world.all_or_none(vec![put], Some(&audit.attempt)).map(drop)
        })
        .await
    }
}

fn note(item: &Item) -> Option<Note> {
    if let Item::Note(note) = item { Some(note.clone()) } else { None }
}
