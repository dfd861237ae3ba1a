//! Groups with their orders and fills.

use super::Trading;
use super::keys;
use crate::condition::{ABSENT, PRESENT, VERSION_AS_SEEN};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, number, text, text_of, to_value};
use crate::key::{Table, of_user};
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::clock::Timestamp;
use domain::group::{Group, Mark, Position};
use domain::ids::{AccountId, GroupId, OrderId, UserId};
use domain::market::MarketKey;
use domain::order::{Fill, Order, TradeId};
use std::collections::BTreeMap;
use wire::stored;

impl<E: Engine> Trading<'_, E> {
    /// The group first: orders that are read after it can only be newer, and then its version refuses the commit.
    /// None where there is no such group.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_position(&self, account: &AccountId, group: &GroupId) -> Result<Option<Position>, StoreError> {
        let Some(stored) = Rows(self.0).load::<stored::Group>(&keys::group(account, group)).await? else {
            return Ok(None);
        };
        let orders = self.orders(group, keys::ORDERS).await?.into_iter().map(|(_, order)| order).collect();
        Ok(Some(Position { group: stored.into(), orders }))
    }

    /// Keeps the last seen price on the group for people to see: no version, no history; nothing happens where the
    /// group has gone. A commit of the group made at the same time may bring back an older mark.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_mark(&self, account: &AccountId, group: &GroupId, mark: &Mark) -> Result<(), StoreError> {
        let mark = to_value(&stored::Mark::from(*mark))?;
        let write = Write::update(keys::group(account, group)).set("mark", mark).when(PRESENT);
        Rows(self.0).send(write).await.map(drop)
    }

    /// A group's orders with their fills, oldest first; all of them, or those under a longer prefix.
    pub(super) async fn orders(&self, group: &GroupId, prefix: &str) -> Result<Vec<(AccountId, Order)>, StoreError> {
        assembled(Rows(self.0).query(Table::Trading, &keys::of_group(group), prefix).await?)
    }

    /// Groups of an account that are open, or were settled at this time or later. Every group that it ever had is read for it: a
    /// recovery may, and a pass that has found an order of a group that is not live.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_groups_since(&self, account: &AccountId, since: Timestamp) -> Result<Vec<GroupId>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, &keys::of_account(account), keys::GROUPS).await?;
        let mut groups = Vec::new();
        for item in items {
            let group = Group::from(from_item::<stored::Group>(item)?);
            groups.extend(group.settled.is_none_or(|settled| since <= settled.at).then_some(group.id));
        }
        Ok(groups)
    }
}

/// The group under its version. Attributes that this code does not know stay.
pub(super) fn group_write(group: &Group, expected: Option<u64>) -> Result<Write, StoreError> {
    let by_time = keys::by_time(keys::GROUPS_BY_USER, group.opened_at, group.id.as_str());
    let write = Write::upsert(keys::group(&group.account, &group.id), &stored::Group::from(group))?;
    let write = write.set("gu_pk", text(of_user(&group.user))).set("gu_sk", text(by_time));
    Ok(match expected {
        None => write.when(ABSENT),
        Some(version) => write.when(VERSION_AS_SEEN).given("seen_version", number(version)),
    })
}

/// Guarded by its group, which is written in the same transaction.
pub(super) fn order_write(
    account: &AccountId,
    user: &UserId,
    order: &Order,
    trace: Option<&str>,
) -> Result<Write, StoreError> {
    let by_time = keys::by_time(keys::ORDERS_BY_USER, order.planned_at, order.id.as_str());
    let write = Write::upsert(keys::order(&order.group, &order.id), &stored::Order::of(account, user, order))?;
    let write = write.leaving("trace");
    let write = trace.map_or(write.clone(), |trace| write.set("trace", text(trace)));
    Ok(write.set("gu_pk", text(of_user(user))).set("gu_sk", text(by_time)))
}

/// Guarded by its group; written again where it has gained its fee.
pub(super) fn fill_write(
    group: &GroupId,
    order: &OrderId,
    market: &MarketKey,
    trade: &TradeId,
    fill: &Fill,
) -> Result<Write, StoreError> {
    Write::upsert(keys::fill(group, order, market, trade), &stored::Fill::of(order, market, trade, fill))
}

fn assembled(items: Vec<Item>) -> Result<Vec<(AccountId, Order)>, StoreError> {
    let (mut rows, mut fills) = (Vec::new(), BTreeMap::<OrderId, BTreeMap<TradeId, Fill>>::new());
    for item in items {
        if text_of(&item, "sk")?.contains(keys::FILL_MARK) {
            let fill: stored::Fill = from_item(item)?;
            fills.entry(fill.order.0.clone()).or_default().insert(fill.trade.0.clone(), fill.into());
        } else {
            rows.push(from_item::<stored::Order>(item)?);
        }
    }
    let with_fills = |row: stored::Order| {
        let fills = fills.remove(&row.id.0).unwrap_or_default();
        (row.account.0.clone(), row.with(fills))
    };
    let mut orders: Vec<_> = rows.into_iter().map(with_fills).collect();
    if let Some(order) = fills.keys().next() {
        return Err(StoreError::Unreadable(format!("a fill without its order {order}")));
    }
    orders.sort_by(|(_, a), (_, b)| (a.planned_at, &a.id).cmp(&(b.planned_at, &b.id)));
    Ok(orders)
}
