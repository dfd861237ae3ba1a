//! What the rows hold, under which keys, and how large they are.

use app::ports::{Bell, Book, History, Outbox, PaperOrder};
use domain::account::Account;
use domain::delivery::{Delivery, DeliveryRef};
use domain::group::Group;
use domain::ids::{AccountId, ClientOrderId, GroupId, OrderId, UserId};
use domain::order::{Fill, Order, TradeId};
use domain::parked::Parked;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "rows are kept behind a pointer of their own")]
pub enum Item {
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

impl Item {
    /// Rough, and never too small: what can grow is counted, the rest is assumed.
    pub fn size(&self) -> usize {
        match self {
            Self::Delivery(delivery) => 1_000 + delivery.body.len(),
            Self::Group(group) => 1_100 + group.waiting.len() * 160 + group.attention.as_ref().map_or(0, String::len),
            Self::Account { account, .. } => {
                let (counters, seats) = (account.balances.len() + account.reserved.len(), account.live.len());
                600 + counters * 40 + seats * 80 + (account.exits.len() + account.cooldowns.len()) * 40
            }
            Self::Book(book) => 300 + book.balances.len() * 80,
            Self::PaperOrder(order) => 500 + order.trades.len() * 160,
            Self::History(history) => 300 + history.why.len() + size_behind(history),
            Self::Parked(parked) => 500 + parked.letter.as_ref().map_or(0, |letter| letter.body.len()),
            _ => 700,
        }
    }

    /// Whether it stands in the trading table; the paper venue's own rows are taken for a real venue's, which are not.
    pub(super) fn is_of_trading(&self) -> bool {
        !matches!(self, Self::Book(_) | Self::PaperOrder(_))
    }

    /// Whether some list by an index shows it.
    pub(super) fn is_listed(&self) -> bool {
        matches!(self, Self::Delivery(_) | Self::Group(_) | Self::Order { .. } | Self::Outbox(_) | Self::Parked(_))
    }
}

/// The keys, partition first.
pub(super) mod key {
    use super::UserId;
    use super::{AccountId, ClientOrderId, DeliveryRef, GroupId, OrderId, TradeId};
    use domain::market::MarketKey;

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

    pub(in crate::world) fn order(group: &GroupId, order: &OrderId) -> String {
        format!("{}{order}", orders(group))
    }

    pub(in crate::world) fn fills(group: &GroupId) -> String {
        format!("GRP#{group}|F#")
    }

    pub(in crate::world) fn fill(group: &GroupId, market: &MarketKey, trade: &TradeId) -> String {
        format!("{}{market}#{}", fills(group), trade.0)
    }

    pub(in crate::world) fn histories(group: &GroupId) -> String {
        format!("GRP#{group}|H#")
    }

    pub(in crate::world) fn history(group: &GroupId, version: u64) -> String {
        format!("{}{version:012}", histories(group))
    }

    /// A version that is rung again on purpose has a row of its own.
    pub(in crate::world) fn outbox(bell: &super::Bell) -> String {
        let again = bell.again.as_deref().unwrap_or_default();
        format!("GRP#{}|X#{:012}#{again}", bell.group, bell.version)
    }

    pub(in crate::world) fn parked_of(user: &UserId) -> String {
        format!("USR#{user}|Z#")
    }

    pub(in crate::world) fn parked(parked: &super::Parked) -> String {
        format!("{}{}", parked_of(&parked.user), parked.id)
    }

    pub(in crate::world) fn book(account: &AccountId) -> String {
        format!("PAP#{account}|B")
    }

    pub(in crate::world) fn paper_orders(account: &AccountId) -> String {
        format!("PAP#{account}|O#")
    }

    pub(in crate::world) fn paper_order(account: &AccountId, id: &ClientOrderId, venue_id: &str) -> String {
        format!("{}{id}#{venue_id:0>12}", paper_orders(account))
    }
}

/// Of what stands behind a change.
fn size_behind(history: &History) -> usize {
    let evidence = &history.evidence;
    let said: usize = evidence.said.iter().map(|(_, said)| 60 + said.asked.len() + said.answered.len()).sum();
    let orders = history.orders.as_ref().map_or(0, Vec::len);
    let cause = if evidence.cause.is_some() { 150 } else { 0 };
    cause + orders * 31 + evidence.prices.len() * 90 + evidence.limits.len() * 60 + said
}
