//! Accounts that are opened, with a book where the paper venue holds them.

use super::World;
use super::item::{Item, key};
use super::table::Action;
use crate::sim::Op;
use app::ports::{Audit, Book, KeptAccount, OpenAccount, StoreError};
use domain::audit::Shelf;
use store::trading::Trading;

impl OpenAccount for World {
    async fn open_account(&self, new: &KeptAccount, book: Option<&Book>, audit: &Audit) -> Result<bool, StoreError> {
        let writes = Trading(self).opening(new).await?;
        self.try_call(Op::effect("open_account"), |world| {
            let book = book.map(|book| Action::put_on_absence(key::book(&book.account), Item::Book(book.clone())));
            let record = Action::record(Shelf::Trading, audit);
            let actions = writes.into_iter().map(Action::row).chain([record]).chain(book).collect();
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}
