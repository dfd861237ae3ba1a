//! Sources of whale alerts: one partition of the vault's table, beside which stands which of them is watched.

use super::Vault;
use super::credentials::Sealed;
use super::keys;
use crate::audit;
use crate::condition::VERSION_AS_SEEN;
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{from_item, number, to_value};
use crate::key::Table;
use crate::market::{Wish, wish_gone, wish_write};
use crate::rows::Rows;
use crate::whale::{watched_no_more, watched_row};
use crate::write::Write;
use domain::audit::Audit;
use domain::ids::SourceId;
use wire::stored::{self, WhaleSource};

impl<E: Engine> Vault<'_, E> {
    /// All of them, by their ids.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_sources(&self) -> Result<Vec<WhaleSource>, StoreError> {
        let items = Rows(self.0).query(Table::Vault, keys::EVERY_SOURCE, "").await?;
        items.into_iter().map(from_item).collect()
    }

    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_source(&self, id: &SourceId) -> Result<Option<WhaleSource>, StoreError> {
        Rows(self.0).load(&keys::source(id)).await
    }

    /// On record, in the place of the version that was seen; with the series that its transfers are priced by as long as it is
    /// enabled. False if another change was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_source(
        &self,
        source: &WhaleSource,
        seen: Option<u64>,
        wishes: &[Wish],
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![Write::versioned(keys::source(&source.id.0), source, seen)?];
        writes.extend(beside(&source.id.0, source.enabled, wishes)?);
        writes.push(audit::row_in(Table::Vault, audit)?);
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// What is sealed of it, sealed anew; false if it is not at the version that was seen any more.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn move_source(&self, seen: &WhaleSource, to: &Sealed) -> Result<bool, StoreError> {
        let secret = stored::Credential { sealed: stored::Sealed::from(to), ..seen.secret.clone() };
        let write = Write::update(keys::source(&seen.id.0))
            .set("secret", to_value(&secret)?)
            .set("version", number(seen.version.saturating_add(1)))
            .when(VERSION_AS_SEEN)
            .given("seen_version", number(seen.version));
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }

    /// On record; false if another change was first. What it has seen stays.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn drop_source(&self, source: &WhaleSource, wishes: &[Wish], audit: &Audit) -> Result<bool, StoreError> {
        let gone = Write::delete(keys::source(&source.id.0)).when(VERSION_AS_SEEN);
        let mut writes = vec![gone.given("seen_version", number(source.version))];
        writes.extend(beside(&source.id.0, false, wishes)?);
        writes.push(audit::row_in(Table::Vault, audit)?);
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }
}

fn beside(id: &SourceId, enabled: bool, wishes: &[Wish]) -> Result<Vec<Write>, StoreError> {
    if !enabled {
        let gone = wishes.iter().map(|wish| wish_gone(&wish.series, &wish.by));
        return Ok(std::iter::once(watched_no_more(id)).chain(gone).collect());
    }
    let mut writes = vec![watched_row(id)?];
    for wish in wishes {
        writes.push(wish_write(wish)?);
    }
    Ok(writes)
}
