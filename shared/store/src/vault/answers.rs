//! When exchanges last answered: one small partition.

use super::Vault;
use super::keys;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::from_item;
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::vault::VenueAnswers;
use wire::stored;

impl<E: Engine> Vault<'_, E> {
    /// Of every side of an exchange that a round has asked.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_answers(&self) -> Result<Vec<VenueAnswers>, StoreError> {
        let items = Rows(self.0).query(Table::Vault, keys::EVERY_VENUE, "").await?;
        items.into_iter().map(|item| from_item::<stored::VenueAnswers>(item).map(VenueAnswers::from)).collect()
    }

    /// In the place of what stood there of this side.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_answers(&self, answers: &VenueAnswers) -> Result<(), StoreError> {
        let key = keys::answers(&answers.exchange, answers.mode);
        let write = Write::upsert(key, &stored::VenueAnswers::from(answers))?;
        Rows(self.0).send(write).await.map(drop)
    }
}
