//! Copies of signatures and of old rows, which stand beside all tables.

use super::World;
use crate::sim::Op;
use app::ports::{ArchivePart, DayCopy, KeepArchives, KeepDayCopies, SignedDay, StoreError};
use domain::audit::Shelf;
use domain::clock::Timestamp;
use std::collections::BTreeMap;
use store::signed_day_key;

/// What whoever writes the tables does not reach.
#[derive(Debug, Default)]
pub struct Copies {
    first: BTreeMap<Shelf, i64>,
    days: BTreeMap<(Shelf, i64), DayCopy>,
    archives: BTreeMap<ArchivePart, Vec<u8>>,
    pub(super) months: super::months::Months,
}

impl KeepDayCopies for World {
    async fn first_signed_day(&self, shelf: Shelf, _: Timestamp) -> Result<Option<i64>, StoreError> {
        self.call(Op::read("first_signed_day"), |world| world.copies().first.get(&shelf).copied()).await
    }

    async fn keep_first_signed_day(&self, shelf: Shelf, day: i64, _: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("keep_first_signed_day"), |world| {
            world.copies().first.insert(shelf, day);
        })
        .await
    }

    async fn day_copy(&self, shelf: Shelf, day: i64, _: Timestamp) -> Result<Option<SignedDay>, StoreError> {
        self.call(Op::read("day_copy"), |world| world.copies().days.get(&(shelf, day)).map(|copy| copy.signed.clone()))
            .await
    }

    async fn keep_day_copy(&self, copy: &DayCopy, _: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("keep_day_copy"), |world| {
            world.copies().days.insert((copy.signed.shelf, copy.signed.day), copy.clone());
        })
        .await
    }
}

impl KeepArchives for World {
    async fn archived(&self, part: ArchivePart, _: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.call(Op::read("archived"), |world| world.copies().archives.get(&part).cloned()).await
    }

    async fn keep_archive(&self, part: ArchivePart, packed: &[u8], _: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("keep_archive"), |world| {
            world.copies().archives.insert(part, packed.to_vec());
        })
        .await
    }
}

impl World {
    /// All parts that were copied.
    pub fn archives(&self) -> BTreeMap<ArchivePart, Vec<u8>> {
        self.copies().archives.clone()
    }

    /// A signature is taken away, as by an owner who may write the table.
    pub fn forget_signed_days(&self, shelf: Shelf, day: i64) {
        self.table_mut().memory.retain(|key, _| *key != signed_day_key(shelf, day));
    }
}
