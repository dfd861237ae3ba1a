//! Rows that deployed code writes by itself, as the looks and the judges see them.

use super::item::Item;
use app::ports::StoreError;
use store::trading::{
    account_of, book_of, delivery_of, fill_of, group_of, history_of, keys, order_of, outbox_of, paper_order_of,
    parked_of,
};
use store::{Key, Table};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Account,
    Group,
    Order,
    Fill,
    History,
    /// Beside a history, or alone.
    Bell,
    Delivery,
    Parked,
    /// The venue's own, as the next.
    Book,
    PaperOrder,
}

/// What stands in a row of this key; none where looks decode it by themselves, or where it is a bell and nothing else.
pub(super) fn kind(key: &Key) -> Option<Kind> {
    if key.table != Table::Trading {
        return None;
    }
    let (pk, sk) = (key.pk.as_str(), key.sk.as_str());
    if pk.starts_with(keys::OF_ACCOUNT) {
        let group = || sk.starts_with(keys::GROUPS).then_some(Kind::Group);
        return if sk == keys::ACCOUNT { Some(Kind::Account) } else { group() };
    }
    if pk.starts_with(keys::OF_GROUP) {
        return match sk {
            _ if sk.contains(keys::FILL_MARK) => Some(Kind::Fill),
            _ if sk.starts_with(keys::ORDERS) => Some(Kind::Order),
            _ if sk.starts_with(keys::HISTORY) => Some(Kind::History),
            _ => None,
        };
    }
    if is_of_venue(key) {
        return Some(if sk.starts_with(keys::ORDERS) { Kind::PaperOrder } else { Kind::Book });
    }
    match sk.split_once('#')? {
        ("K" | "D", _) if pk.starts_with("USR#") => Some(Kind::Delivery),
        ("Z", _) if pk.starts_with("USR#") => Some(Kind::Parked),
        _ => None,
    }
}

/// Whether it is taken for a row of the venue, which no restore of our table reaches.
pub(super) fn is_of_venue(key: &Key) -> bool {
    key.table == Table::Trading && key.pk.starts_with(keys::OF_BOOK)
}

/// Where a row stands for looks.
pub(super) fn place(key: &Key) -> String {
    format!("{}|{}", key.pk, key.sk)
}

/// Where a row may stand for looks, and where its bell may.
pub(super) fn places(key: &Key) -> impl Iterator<Item = (String, Kind)> {
    let itself = kind(key).map(|kind| (place(key), kind));
    let may_ring = key.table == Table::Trading && key.pk.starts_with(keys::OF_GROUP);
    itself.into_iter().chain(may_ring.then(|| (format!("{}|bell", place(key)), Kind::Bell)))
}

/// Whether a row holds what may stand there.
pub(super) fn holds(kind: Kind, row: &store::Item) -> bool {
    kind != Kind::Bell || (row.contains_key("due_pk") && row.contains_key("due_at"))
}

pub(super) fn item(kind: Kind, key: &Key, row: &store::Item) -> Result<Item, StoreError> {
    Ok(match kind {
        Kind::Account => {
            let (account, active) = account_of(row)?;
            Item::Account { account, active }
        }
        Kind::Group => Item::Group(group_of(row)?),
        Kind::Order => {
            let (account, user, order) = order_of(row)?;
            Item::Order { account, user, order }
        }
        Kind::Fill => {
            let (order, trade, fill) = fill_of(row)?;
            Item::Fill { order, trade, fill }
        }
        Kind::History => Item::History(history_of(row)?),
        Kind::Bell => {
            let bell = outbox_of(row, &key.sk)?;
            Item::Outbox(bell.ok_or_else(|| StoreError::unreadable("a bell that is due at no time"))?)
        }
        Kind::Delivery => Item::Delivery(delivery_of(row)?),
        Kind::Parked => Item::Parked(parked_of(row)?),
        Kind::Book => Item::Book(book_of(row)?),
        Kind::PaperOrder => Item::PaperOrder(paper_order_of(row)?),
    })
}
