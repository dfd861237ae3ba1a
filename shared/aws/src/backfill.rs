//! Older candles that somebody asked for, in one partition of the table of markets.

use crate::bot::versioned;
use crate::client::Aws;
use crate::config::Place;
use crate::item::{from_item, ttl};
use crate::keys;
use crate::send::Written;
use crate::stamp;
use app::ports::{KeepBackfill, StoreError};
use domain::ids::BackfillId;
use domain::limits::BACKFILL_KEPT;
use domain::series::Backfill;
use wire::stored;

impl KeepBackfill for Aws {
    async fn list_backfills(&self) -> Result<Vec<Backfill>, StoreError> {
        let items = self.query(Place::Market, keys::BACKFILLS, "").await?;
        items.into_iter().map(|item| Ok(from_item::<stored::Backfill>(item)?.into())).collect()
    }

    async fn load_backfill(&self, id: &BackfillId) -> Result<Option<Backfill>, StoreError> {
        Ok(self.load::<stored::Backfill>(&keys::backfill(id)).await?.map(Backfill::from))
    }

    async fn keep_backfill(&self, backfill: &Backfill, seen: Option<u64>) -> Result<bool, StoreError> {
        let write = versioned(keys::backfill(&backfill.id), &stored::Backfill::from(backfill), seen)?;
        let write = write.set("ttl", ttl(backfill.updated_at.plus(BACKFILL_KEPT)));
        Ok(matches!(self.write(write, &stamp::fresh()?).await?, Written::Done(_)))
    }
}
