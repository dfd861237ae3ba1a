//! Signatures of closed days, how far old rows are copied, and the copies that stand beside all tables.

use super::World;
use super::item::{Item, key};
use super::table::Action;
use crate::sim::Op;
use app::ports::{
    ArchivePart, DayCopy, KeepArchives, KeepDayCopies, KeepProgress, KeepSignedDay, OldLog, Progress, ReadSignedDays,
    SignedDay, StoreError,
};
use domain::audit::Shelf;
use domain::clock::Timestamp;
use std::collections::BTreeMap;

/// What whoever writes the tables does not reach.
#[derive(Debug, Default)]
pub struct Copies {
    first: BTreeMap<Shelf, i64>,
    days: BTreeMap<(Shelf, i64), DayCopy>,
    archives: BTreeMap<ArchivePart, Vec<u8>>,
    pub(super) months: super::months::Months,
}

impl KeepSignedDay for World {
    async fn keep_signed_day(&self, signed: &SignedDay) -> Result<(), StoreError> {
        self.try_call(Op::effect("keep_signed_day"), |world| {
            let key = key::signed_day(signed.shelf, signed.day);
            world.all_or_none(vec![Action::put_on_absence(key, Item::SignedDay(signed.clone()))], None).map(drop)
        })
        .await
    }
}

impl ReadSignedDays for World {
    async fn newest_signed_day(&self, shelf: Shelf) -> Result<Option<SignedDay>, StoreError> {
        self.call(Op::read("newest_signed_day"), |world| all(world, shelf).pop()).await
    }

    async fn signed_days(&self, shelf: Shelf, first: i64, last: i64) -> Result<Vec<SignedDay>, StoreError> {
        self.call(Op::read("signed_days"), |world| {
            all(world, shelf).into_iter().filter(|signed| (first..=last).contains(&signed.day)).collect()
        })
        .await
    }
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

impl KeepProgress for World {
    async fn archive_progress(&self, log: OldLog) -> Result<Option<Progress>, StoreError> {
        self.call(Op::read("archive_progress"), |world| {
            let kept = world.table().get(&key::progress(log)).cloned();
            if let Some(Item::Progress(progress)) = kept { Some(progress) } else { None }
        })
        .await
    }

    async fn keep_archive_progress(&self, log: OldLog, progress: &Progress) -> Result<(), StoreError> {
        self.try_call(Op::effect("keep_archive_progress"), |world| {
            let put = Action::put(key::progress(log), Item::Progress(progress.clone()));
            world.all_or_none(vec![put], None).map(drop)
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

    /// Somebody who may write the table takes a signature away.
    pub fn forget_signed_days(&self, shelf: Shelf, day: i64) {
        self.table_mut().rows.remove(&key::signed_day(shelf, day));
    }
}

fn all(world: &World, shelf: Shelf) -> Vec<SignedDay> {
    let signed = |item: &Item| if let Item::SignedDay(signed) = item { Some(signed.clone()) } else { None };
    world.table().prefixed(key::signed_days(shelf)).filter_map(signed).collect()
}
