//! What an account had, a row for each day.

use super::Vault;
use super::keys;
use crate::condition::DAY_OLDER;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, text_of, time, ttl};
use crate::key::Table;
use crate::page::Page;
use crate::page::PageRequest;
use crate::query::Query;
use crate::query::Within;
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::account::Balance;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::limits::BALANCES_KEPT;
use domain::market::Asset;
use std::collections::BTreeMap;
use wire::stored::{self, DayBalance, Schema};
use wire::text::Text;

/// What an account had on one UTC day, when it was last asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayBalances {
    pub account: AccountId,
    /// Since 1970-01-01.
    pub day: i64,
    pub at: Timestamp,
    pub balances: BTreeMap<Asset, Balance>,
}

impl<E: Engine> Vault<'_, E> {
    /// In the place of what stands for its day; nothing happens where that is newer.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_day_balances(&self, balances: &DayBalances) -> Result<(), StoreError> {
        let entry = |balance: &Balance| DayBalance { free: Text(balance.free), locked: Text(balance.locked) };
        let row = stored::DayBalances {
            v: Schema,
            account: Text(balances.account.clone()),
            day: balances.day,
            at: balances.at.millis(),
            balances: balances.balances.iter().map(|(asset, had)| (Text(asset.clone()), entry(had))).collect(),
        };
        let write = Write::upsert(keys::day_balances(&balances.account, balances.day), &row)?
            .set("ttl", ttl(balances.at.plus(BALANCES_KEPT)))
            .when(DAY_OLDER)
            .given("new_at", time(balances.at));
        Rows(self.0).send(write).await.map(drop)
    }

    /// Newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_day_balances(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<DayBalances>, StoreError> {
        let start = page.cursor.as_deref().map(|cursor| after(account, cursor)).transpose()?;
        let query = Query::of(Table::Vault, keys::of_account(account)).within(Within::prefix(keys::DAYS));
        let found = Rows(self.0).page(&query.newest_first().limit(page.items()).start(start)).await?;
        let next = found.next.as_ref().map(|last| text_of(last, "sk").map(day_of)).transpose()?;
        let rows = found.items.into_iter().map(from_item::<stored::DayBalances>);
        let items = rows.map(|row| row.map(read)).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}

fn read(row: stored::DayBalances) -> DayBalances {
    let had = |balance: DayBalance| Balance { free: balance.free.0, locked: balance.locked.0 };
    DayBalances {
        account: row.account.0,
        day: row.day,
        at: Timestamp::from_millis(row.at),
        balances: row.balances.into_iter().map(|(asset, balance)| (asset.0, had(balance))).collect(),
    }
}

fn day_of(sk: &str) -> String {
    sk.trim_start_matches(keys::DAYS).trim_start_matches('0').to_owned()
}

fn after(account: &AccountId, cursor: &str) -> Result<Item, StoreError> {
    let bad = |_| StoreError::Unreadable("cursor: must be a next_cursor as it was answered".to_owned());
    cursor.parse().map(|day| keys::day_balances(account, day).item()).map_err(bad)
}
