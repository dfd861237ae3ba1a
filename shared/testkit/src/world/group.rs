//! Positions, put together from the group's row and the rows of its orders and fills.

use super::item::{Item, key};
use super::table::Table;
use super::view::Kind;
use app::ports::PaperOrder;
use domain::account::Account;
use domain::group::{Group, Position};
use domain::ids::{AccountId, ClientOrderId, GroupId};
use domain::money::Decimal;
use domain::order::{Order, Purpose};
use std::collections::BTreeMap;

impl Table {
    pub fn group(&self, account: &AccountId, group: &GroupId) -> Option<&Group> {
        match self.get(&key::group(account, group)) {
            Some(Item::Group(group)) => Some(group),
            _ => None,
        }
    }

    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        let groups = self.of_kind(Kind::Group);
        groups.filter_map(|item| if let Item::Group(group) = item { Some(group) } else { None })
    }

    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        let accounts = self.of_kind(Kind::Account);
        accounts.filter_map(|item| if let Item::Account { account, .. } = item { Some(account) } else { None })
    }

    /// Whether it is on the list of those that have, or lately had, an open group.
    pub fn is_watched(&self, id: &AccountId) -> bool {
        matches!(self.get(&key::account(id)), Some(Item::Account { active: true, .. }))
    }

    pub fn account(&self, id: &AccountId) -> Option<&Account> {
        match self.get(&key::account(id)) {
            Some(Item::Account { account, .. }) => Some(account),
            _ => None,
        }
    }

    /// The group's orders with their fills, in the order of their keys, which is no order that means anything.
    pub fn orders(&self, group: &GroupId) -> Vec<Order> {
        let of = |item: &Item| if let Item::Order { order, .. } = item { Some(order.clone()) } else { None };
        let mut orders: Vec<Order> = self.prefixed(key::orders(group)).filter_map(of).collect();
        for item in self.prefixed(key::orders(group)) {
            let Item::Fill { order: of, trade, fill } = item else { continue };
            if let Some(order) = orders.iter_mut().find(|order| order.id == *of) {
                order.fills.insert(trade.clone(), fill.clone());
            }
        }
        orders
    }

    pub fn positions(&self) -> impl Iterator<Item = Position> {
        self.groups().map(|group| Position { group: group.clone(), orders: self.orders(&group.id) })
    }

    /// The order behind a client order id, without its fills; the stop beside a limit has an id of its own.
    pub fn find_order(&self, id: &ClientOrderId) -> Option<&Order> {
        self.of_kind(Kind::Order).find_map(|item| match item {
            Item::Order { order, .. } if order.half_of(id).is_some() => Some(order),
            _ => None,
        })
    }

    /// Groups whose orders at the venue have sold, or may still sell, more than they have bought, by the venue's own
    /// account of it. What rests there by the venue's fault alone is nothing that a group has promised.
    pub fn oversold(&self, account: &AccountId, by_fault: impl Fn(&ClientOrderId) -> bool) -> Vec<GroupId> {
        let mut held: BTreeMap<GroupId, Decimal> = BTreeMap::new();
        let is_meant = |order: &&PaperOrder| order.status.is_final() || !by_fault(&order.client_id);
        for order in self.paper_orders(account).filter(is_meant) {
            let Some(ours) = self.find_order(&order.client_id) else { continue };
            *held.entry(ours.group.clone()).or_default() += holding(order, ours.purpose == Purpose::Entry);
        }
        held.into_iter().filter(|(_, held)| *held < Decimal::ZERO).map(|(group, _)| group).collect()
    }
}

/// What the order has brought of what its group holds, after fees taken in base; what ends a position counts with all that it
/// may still end.
fn holding(order: &PaperOrder, enters: bool) -> Decimal {
    let base = &order.market.key.symbol.base;
    let traded: Decimal = order.trades.values().map(|fill| fill.quantity.get()).sum();
    let fees = order.trades.values().filter_map(|fill| fill.fee.as_ref());
    let fees: Decimal = fees.filter(|fee| fee.asset == *base).map(|fee| fee.amount.get()).sum();
    // Of a pair what is locked for both is locked once.
    let is_over = order.status.is_final() || order.trigger.is_some() && order.pair.is_some();
    match (enters, is_over) {
        (true, _) => traded - fees,
        (false, true) => -traded - fees,
        (false, false) => -order.quantity.get() - fees,
    }
}
