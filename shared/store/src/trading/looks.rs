//! Rows as a look from outside finds them.

use super::trail::{History, Outbox};
use super::{deliveries, parked, trail};
use crate::error::StoreError;
use crate::item::from_item;
use crate::value::Item;
use domain::delivery::Delivery;
use domain::group::Group;
use domain::ids::{AccountId, OrderId, UserId};
use domain::order::{Fill, Order, TradeId};
use domain::parked::Parked;
use std::collections::BTreeMap;
use wire::stored;

/// A delivery, at either of its places.
///
/// # Errors
/// `Unreadable`, as all of these.
pub fn delivery_of(row: &Item) -> Result<Delivery, StoreError> {
    deliveries::read(row.clone())
}

/// # Errors
/// `Unreadable`.
pub fn group_of(row: &Item) -> Result<Group, StoreError> {
    from_item::<stored::Group>(row).map(Group::from)
}

/// An order without its fills, with its account and its user.
///
/// # Errors
/// `Unreadable`.
pub fn order_of(row: &Item) -> Result<(AccountId, UserId, Order), StoreError> {
    let row: stored::Order = from_item(row)?;
    Ok((row.account.0.clone(), row.user.0.clone(), row.with(BTreeMap::new())))
}

/// # Errors
/// `Unreadable`.
pub fn fill_of(row: &Item) -> Result<(OrderId, TradeId, Fill), StoreError> {
    let row: stored::Fill = from_item(row)?;
    Ok((row.order.0.clone(), row.trade.0.clone(), row.into()))
}

/// # Errors
/// `Unreadable`.
pub fn history_of(row: &Item) -> Result<History, StoreError> {
    from_item(row).map(trail::history)
}

/// The bell of a row of this place; none where it was rung.
///
/// # Errors
/// `Unreadable`.
pub fn outbox_of(row: &Item, sk: &str) -> Result<Option<Outbox>, StoreError> {
    if !row.contains_key("due_pk") {
        return Ok(None);
    }
    Ok(trail::outbox(from_item(row)?, sk))
}

/// # Errors
/// `Unreadable`.
pub fn parked_of(row: &Item) -> Result<Parked, StoreError> {
    parked::read(row.clone())
}
