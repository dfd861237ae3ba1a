//! How an account is found, and whether it is halted.

use super::Trading;
use super::account::loss_within;
use super::keys;
use crate::condition::{NOT_HALTED, NOT_REDUCING, PRESENT};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, time};
use crate::key::{Table, of_user};
use crate::rows::Rows;
use crate::write::Write;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::{AccountId, UserId};
use domain::market::Exchange;
use domain::money::Amount;
use wire::stored;

impl<E: Engine> Trading<'_, E> {
    /// The account that has this label there, as it is now; none that was closed.
    ///
    /// Its entry is read as it may lag, which costs half as much. Which account has the label, that account says: where the
    /// entry is of another one, or of none any more, it is asked for as it is now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_account(
        &self,
        user: &UserId,
        exchange: &Exchange,
        label: &str,
    ) -> Result<Option<Account>, StoreError> {
        let key = keys::account_entry(user, exchange, label);
        let has_it =
            |account: &Account| account.user == *user && account.exchange == *exchange && account.label == *label;
        let settled: Option<stored::AccountEntry> = Rows(self.0).load_settled(&key).await?;
        let Some(settled) = settled else { return Ok(None) };
        if let Some(account) = self.account_at(&settled).await?.filter(has_it) {
            return Ok(Some(account));
        }
        match Rows(self.0).load(&key).await? {
            Some(entry) => Ok(self.account_at(&entry).await?.filter(has_it)),
            None => Ok(None),
        }
    }

    async fn account_at(&self, entry: &stored::AccountEntry) -> Result<Option<Account>, StoreError> {
        if entry.closed { Ok(None) } else { self.load_account(&entry.account.0).await }
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

/// In a commit: the account is neither halted nor reducing, and less than this was lost on the day.
pub fn not_halted(account: &AccountId, day_loss_below: Option<Amount>, at: Timestamp) -> Write {
    let write = Write::check(keys::account(account)).when(PRESENT).when(NOT_HALTED);
    let write = write.when(NOT_REDUCING).given("entry_at", time(at));
    day_loss_below.into_iter().fold(write, |write, below| loss_within(write, below, at))
}
