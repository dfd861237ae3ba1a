//! What the rows hold, and where they stand for looks.

use app::ports::{Book, History, Outbox, PaperOrder};
use domain::account::Account;
use domain::delivery::{Delivery, DeliveryRef};
use domain::group::Group;
use domain::ids::{AccountId, GroupId, OrderId, UserId};
use domain::order::{Fill, Order, TradeId};
use domain::parked::Parked;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "rows are kept behind a pointer of their own")]
pub(super) enum Item {
    Delivery(Delivery),
    Account {
        account: Account,
        /// On the list of those that have, or lately had, an open group.
        active: bool,
    },
    Group(Group),
    /// Without its fills: they are rows of their own.
    Order {
        account: AccountId,
        user: UserId,
        order: Order,
    },
    Fill {
        order: OrderId,
        trade: TradeId,
        fill: Fill,
    },
    History(History),
    Outbox(Outbox),
    Book(Book),
    PaperOrder(PaperOrder),
    Parked(Parked),
}

/// The places, partition first.
pub(super) mod key {
    use super::UserId;
    use super::{AccountId, DeliveryRef, GroupId};

    pub(in crate::world) fn delivery(at: &DeliveryRef) -> String {
        format!("USR#{}|K#{}", at.user, at.key.as_str())
    }

    /// Where a delivery stands once another has taken its key.
    pub(in crate::world) fn former(at: &DeliveryRef) -> String {
        format!("USR#{}|D#{}#{}", at.user, at.first_at.millis(), at.key.as_str())
    }

    pub(in crate::world) fn account(account: &AccountId) -> String {
        format!("ACC#{account}|A")
    }

    pub(in crate::world) fn group(account: &AccountId, group: &GroupId) -> String {
        format!("ACC#{account}|G#{group}")
    }

    pub(in crate::world) fn orders(group: &GroupId) -> String {
        format!("GRP#{group}|O#")
    }

    pub(in crate::world) fn parked_of(user: &UserId) -> String {
        format!("USR#{user}|Z#")
    }

    pub(in crate::world) fn book(account: &AccountId) -> String {
        format!("PAP#{account}|B")
    }

    pub(in crate::world) fn paper_orders(account: &AccountId) -> String {
        format!("PAP#{account}|O#")
    }
}
