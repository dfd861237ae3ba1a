//! How an account is found, and whether it is halted.

use super::Trading;
use super::account::loss_within;
use super::keys;
use crate::condition::{NOT_HALTED, PRESENT};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::from_item;
use crate::key::{Table, of_user};
use crate::rows::Rows;
use crate::write::Write;
use domain::clock::Timestamp;
use domain::ids::{AccountId, UserId};
use domain::market::Exchange;
use domain::money::Amount;
use wire::stored;

impl<E: Engine> Trading<'_, E> {
    /// The account that has this label there; none that was closed.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_account(
        &self,
        user: &UserId,
        exchange: &Exchange,
        label: &str,
    ) -> Result<Option<AccountId>, StoreError> {
        let key = keys::account_entry(user, exchange, label);
        let mut entry: Option<stored::AccountEntry> = Rows(self.0).load_settled(&key).await?;
        if entry.as_ref().is_some_and(|entry| entry.closed) {
            // It may have been taken again since.
            entry = Rows(self.0).load(&key).await?;
        }
        Ok(entry.filter(|entry| !entry.closed).map(|entry| entry.account.0))
    }

    /// All of a user, without those that were closed.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_accounts(&self, user: &UserId) -> Result<Vec<AccountId>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, &of_user(user), keys::ACCOUNTS).await?;
        let entries: Vec<stored::AccountEntry> = items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        Ok(entries.into_iter().filter(|entry| !entry.closed).map(|entry| entry.account.0).collect())
    }

    /// The accounts of all users, at rest or not.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_every_account(&self) -> Result<Vec<AccountId>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, keys::EVERY_ACCOUNT, "").await?;
        items.into_iter().map(|item| from_item(item).map(|entry: stored::AccountEntry| entry.account.0)).collect()
    }
}

/// In a commit: the account is not halted, and less than this was lost on the day.
pub fn not_halted(account: &AccountId, day_loss_below: Option<Amount>, at: Timestamp) -> Write {
    let write = Write::check(keys::account(account)).when(PRESENT).when(NOT_HALTED);
    day_loss_below.into_iter().fold(write, |write, below| loss_within(write, below, at))
}
