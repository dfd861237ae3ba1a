//! Rows that deployed code writes by itself, as the looks and the judges see them.

use super::item::Item;
use app::ports::StoreError;
use store::trading::{account_of, delivery_of, fill_of, group_of, history_of, keys, order_of, outbox_of, parked_of};
use store::{Key, Table};

/// Where a row stands for looks; and where its bell does, which may be in the same row.
pub(super) fn places(key: &Key) -> [String; 2] {
    let place = format!("{}|{}", key.pk, key.sk);
    [place.clone(), format!("{place}|bell")]
}

/// A row and its bell; nothing where looks decode it by themselves.
pub(super) fn items(key: &Key, row: &store::Item) -> Result<[Option<Item>; 2], StoreError> {
    if key.table != Table::Trading {
        return Ok([None, None]);
    }
    let (pk, sk) = (key.pk.as_str(), key.sk.as_str());
    if pk.starts_with(keys::OF_ACCOUNT) && sk == keys::ACCOUNT {
        let (account, active) = account_of(row)?;
        return Ok([Some(Item::Account { account, active }), None]);
    }
    if pk.starts_with(keys::OF_ACCOUNT) && sk.starts_with(keys::GROUPS) {
        return Ok([Some(Item::Group(group_of(row)?)), None]);
    }
    if pk.starts_with(keys::OF_GROUP) {
        let bell = outbox_of(row, sk)?.map(Item::Outbox);
        let itself = if sk.contains(keys::FILL_MARK) {
            let (order, trade, fill) = fill_of(row)?;
            Some(Item::Fill { order, trade, fill })
        } else if sk.starts_with(keys::ORDERS) {
            let (account, user, order) = order_of(row)?;
            Some(Item::Order { account, user, order })
        } else if sk.starts_with(keys::HISTORY) {
            Some(Item::History(history_of(row)?))
        } else {
            None
        };
        return Ok([itself, bell]);
    }
    let of_user = pk.starts_with("USR#");
    Ok(match sk.split_once('#') {
        Some(("K" | "D", _)) if of_user => [Some(Item::Delivery(delivery_of(row)?)), None],
        Some(("Z", _)) if of_user => [Some(Item::Parked(parked_of(row)?)), None],
        _ => [None, None],
    })
}
