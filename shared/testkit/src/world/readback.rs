//! What people read: lists of their own, newest first.

use super::World;
use super::item::{Item, key};
use crate::sim::Op;
use app::ports::{History, Page, PageRequest, ReadBack, StoreError};
use domain::delivery::Delivery;
use domain::group::Group;
use domain::ids::{AccountId, GroupId, OrderId, UserId};
use domain::order::Order;

impl ReadBack for World {
    async fn list_deliveries(&self, user: &UserId, page: &PageRequest) -> Result<Page<Delivery>, StoreError> {
        let own = self
            .list(Op::read("list_deliveries"), |item| match item {
                Item::Delivery(delivery) if delivery.at.user == *user => Some(delivery.clone()),
                _ => None,
            })
            .await?;
        Ok(paged(own, page, |delivery| format!("{:015}#{}", delivery.at.first_at.millis(), delivery.at.id)))
    }

    async fn list_groups(&self, user: &UserId, page: &PageRequest) -> Result<Page<Group>, StoreError> {
        let own = self
            .list(Op::read("list_groups"), |item| match item {
                Item::Group(group) if group.user == *user => Some(group.clone()),
                _ => None,
            })
            .await?;
        Ok(paged(own, page, |group| format!("{:015}#{}", group.opened_at.millis(), group.id)))
    }

    async fn find_group(&self, user: &UserId, id: &GroupId) -> Result<Option<Group>, StoreError> {
        let own = self
            .list(Op::read("find_group"), |item| match item {
                Item::Group(group) if group.user == *user && group.id == *id => Some(group.clone()),
                _ => None,
            })
            .await?;
        Ok(own.into_iter().next())
    }

    async fn list_orders(&self, user: &UserId, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        let own = self
            .list(Op::read("list_orders"), |item| match item {
                Item::Order { user: of, order, .. } if of == user => Some(order.clone()),
                _ => None,
            })
            .await?;
        let mut page = paged(own, page, |order| format!("{:015}#{}", order.planned_at.millis(), order.id));
        for order in &mut page.items {
            *order = self.with_fills(order);
        }
        Ok(page)
    }

    async fn find_order(&self, user: &UserId, id: &OrderId) -> Result<Option<(AccountId, Order)>, StoreError> {
        let own = self
            .list(Op::read("find_order"), |item| match item {
                Item::Order { user: of, account, order } if of == user && order.id == *id => {
                    Some((account.clone(), order.clone()))
                }
                _ => None,
            })
            .await?;
        Ok(own.into_iter().next().map(|(account, order)| (account, self.with_fills(&order))))
    }

    async fn list_history(&self, group: &GroupId) -> Result<Vec<History>, StoreError> {
        self.call(Op::read("list_history"), |world| {
            let of = |item: &Item| if let Item::History(history) = item { Some(history.clone()) } else { None };
            world.table().prefixed(key::histories(group)).filter_map(of).collect()
        })
        .await
    }
}

impl World {
    fn with_fills(&self, order: &Order) -> Order {
        let orders = self.table().orders(&order.group);
        orders.into_iter().find(|stored| stored.id == order.id).unwrap_or_else(|| order.clone())
    }
}

/// The page after the cursor, which is the place of the last item that was shown.
pub(super) fn paged<T>(mut items: Vec<T>, page: &PageRequest, place: impl Fn(&T) -> String) -> Page<T> {
    items.sort_by_key(|item| std::cmp::Reverse(place(item)));
    items.retain(|item| page.cursor.as_ref().is_none_or(|cursor| place(item) < *cursor));
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(place);
    Page { items, next }
}
