//! Older candles that somebody asked for, in one partition of the table of markets.

use crate::bot::versioned;
use crate::client::Aws;
use crate::keys;
use app::ports::{CommitError, KeepBackfill, StoreError};
use domain::ids::BackfillId;
use domain::limits::BACKFILL_KEPT;
use domain::series::Backfill;
use store::Written;
use store::item::{from_item, ttl};
use store::{Table, Write};
use wire::stored::{self, Schema};

impl KeepBackfill for Aws {
    async fn list_backfills(&self) -> Result<Vec<Backfill>, StoreError> {
        let items = self.rows().query(Table::Market, keys::BACKFILLS, keys::BACKFILL).await?;
        items.into_iter().map(|item| Ok(from_item::<stored::Backfill>(item)?.into())).collect()
    }

    async fn load_backfill(&self, id: &BackfillId) -> Result<Option<Backfill>, StoreError> {
        Ok(self.rows().load::<stored::Backfill>(&keys::backfill(id)).await?.map(Backfill::from))
    }

    async fn backfills_begun(&self) -> Result<u64, StoreError> {
        let row: Option<stored::BackfillsBegun> = self.rows().load(&keys::backfills_begun()).await?;
        Ok(row.map_or(0, |row| row.version))
    }

    async fn begin_backfill(&self, backfill: &Backfill, begun: u64) -> Result<bool, StoreError> {
        let row = stored::BackfillsBegun { v: Schema, version: begun.saturating_add(1) };
        let count = versioned(keys::backfills_begun(), &row, Some(begun).filter(|begun| *begun > 0))?;
        match self.rows().transact(vec![written(backfill, None)?, count], &self.rows().stamp()?).await {
            Ok(()) => Ok(true),
            Err(CommitError::LostRace) => Ok(false),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    async fn keep_backfill(&self, backfill: &Backfill, seen: u64) -> Result<bool, StoreError> {
        Ok(matches!(self.rows().send(written(backfill, Some(seen))?).await?, Written::Done(_)))
    }
}

fn written(backfill: &Backfill, seen: Option<u64>) -> Result<Write, StoreError> {
    let write = versioned(keys::backfill(&backfill.id), &stored::Backfill::from(backfill), seen)?;
    Ok(write.set("ttl", ttl(backfill.updated_at.plus(BACKFILL_KEPT))))
}
