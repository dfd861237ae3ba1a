//! Rows that deployed code writes by itself, as the looks and the judges see them.

use super::item::{Item, key};
use app::ports::StoreError;
use domain::ids::AccountId;
use store::trading::{account_of, keys};
use store::{Key, Table};

/// Where a row stands for looks; none where they decode it by themselves.
pub(super) fn place(of: &Key) -> Option<String> {
    let account =
        of.pk.strip_prefix(keys::OF_ACCOUNT).filter(|_| of.table == Table::Trading && of.sk == keys::ACCOUNT)?;
    Some(key::account(&AccountId::parse(account).ok()?))
}

/// Of a row that has a place.
pub(super) fn item(_: &Key, row: &store::Item) -> Result<Item, StoreError> {
    let (account, active) = account_of(row)?;
    Ok(Item::Account { account, active })
}
