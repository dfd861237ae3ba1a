//! When exchanges last answered: one small partition.

use crate::client::Aws;
use crate::keys;
use app::ports::{NoteAnswers, StoreError};
use domain::vault::VenueAnswers;
use store::item::from_item;
use store::{Table, Write};
use wire::stored;

impl NoteAnswers for Aws {
    async fn list_answers(&self) -> Result<Vec<VenueAnswers>, StoreError> {
        let items = self.rows().query(Table::Vault, keys::EVERY_VENUE, "").await?;
        items.into_iter().map(|item| from_item::<stored::VenueAnswers>(item).map(VenueAnswers::from)).collect()
    }

    async fn keep_answers(&self, answers: &VenueAnswers) -> Result<(), StoreError> {
        let key = keys::answers(&answers.exchange, answers.mode);
        let write = Write::upsert(key, &stored::VenueAnswers::from(answers))?;
        self.rows().send(write).await.map(drop)
    }
}
