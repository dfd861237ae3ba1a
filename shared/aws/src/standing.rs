//! How an account is found, and whether it is halted.

use crate::account::loss_within;
use crate::client::Aws;
use crate::keys;
use app::ports::{FindAccount, ListAccounts, StoreError};
use domain::clock::Timestamp;
use domain::ids::{AccountId, UserId};
use domain::market::Exchange;
use domain::money::Amount;
use store::condition::{NOT_HALTED, PRESENT};
use store::item::from_item;
use store::of_user;
use store::{Table, Write};
use wire::stored;

impl FindAccount for Aws {
    async fn find_account(
        &self,
        user: &UserId,
        exchange: &Exchange,
        label: &str,
    ) -> Result<Option<AccountId>, StoreError> {
        let key = keys::account_entry(user, exchange, label);
        let mut entry: Option<stored::AccountEntry> = self.rows().load_settled(&key).await?;
        if entry.as_ref().is_some_and(|entry| entry.closed) {
            // It may have been taken again since.
            entry = self.rows().load(&key).await?;
        }
        Ok(entry.filter(|entry| !entry.closed).map(|entry| entry.account.0))
    }
}

impl ListAccounts for Aws {
    async fn list_accounts(&self, user: &UserId) -> Result<Vec<AccountId>, StoreError> {
        let items = self.rows().query(Table::Trading, &of_user(user), keys::ACCOUNTS).await?;
        let entries: Vec<stored::AccountEntry> = items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        Ok(entries.into_iter().filter(|entry| !entry.closed).map(|entry| entry.account.0).collect())
    }
}

/// In a commit: nobody has halted the account, and less than this was lost on the day.
pub(crate) fn not_halted(account: &AccountId, day_loss_below: Option<Amount>, at: Timestamp) -> Write {
    let write = Write::check(keys::account(account)).when(PRESENT).when(NOT_HALTED);
    day_loss_below.into_iter().fold(write, |write, below| loss_within(write, below, at))
}
