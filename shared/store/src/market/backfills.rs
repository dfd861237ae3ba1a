//! Older candles that a person asked for, in one partition.

use super::Market;
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{from_item, ttl};
use crate::key::{Key, Table};
use crate::rows::Rows;
use crate::write::Write;
use domain::ids::BackfillId;
use domain::limits::BACKFILL_KEPT;
use domain::series::Backfill;
use wire::stored::{self, Schema};

const BACKFILLS: &str = "BACKFILLS";
/// How the ids of them begin.
const BACKFILL: &str = "bfl_";

impl<E: Engine> Market<'_, E> {
    /// All of them, those too that have ended, the oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_backfills(&self) -> Result<Vec<Backfill>, StoreError> {
        let items = Rows(self.0).query(Table::Market, BACKFILLS, BACKFILL).await?;
        items.into_iter().map(|item| Ok(from_item::<stored::Backfill>(item)?.into())).collect()
    }

    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_backfill(&self, id: &BackfillId) -> Result<Option<Backfill>, StoreError> {
        Ok(Rows(self.0).load::<stored::Backfill>(&key(id)).await?.map(Backfill::from))
    }

    /// How many were ever begun.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn backfills_begun(&self) -> Result<u64, StoreError> {
        let row: Option<stored::BackfillsBegun> = Rows(self.0).load(&begun_key()).await?;
        Ok(row.map_or(0, |row| row.version))
    }

    /// Keeps one that begins, where none of its id is there and no other has begun since that many had; whether it was
    /// the first.
    ///
    /// # Errors
    /// `Unavailable`: whether it was kept is not known.
    pub async fn begin_backfill(&self, backfill: &Backfill, begun: u64) -> Result<bool, StoreError> {
        let row = stored::BackfillsBegun { v: Schema, version: begun.saturating_add(1) };
        let count = Write::versioned(begun_key(), &row, Some(begun).filter(|begun| *begun > 0))?;
        Rows(self.0).all_or_none(vec![written(backfill, None)?, count], &self.0.stamp()?).await
    }

    /// Keeps one in the place of the version `seen`; whether it was the first.
    ///
    /// # Errors
    /// `Unavailable`: whether it was kept is not known.
    pub async fn keep_backfill(&self, backfill: &Backfill, seen: u64) -> Result<bool, StoreError> {
        Ok(matches!(Rows(self.0).send(written(backfill, Some(seen))?).await?, Written::Done(_)))
    }
}

fn written(backfill: &Backfill, seen: Option<u64>) -> Result<Write, StoreError> {
    let write = Write::versioned(key(&backfill.id), &stored::Backfill::from(backfill), seen)?;
    Ok(write.set("ttl", ttl(backfill.updated_at.plus(BACKFILL_KEPT))))
}

fn key(id: &BackfillId) -> Key {
    Key::new(Table::Market, BACKFILLS, id.to_string())
}

/// Beside them: a function that begins one needs no other right.
fn begun_key() -> Key {
    Key::new(Table::Market, BACKFILLS, "N")
}
