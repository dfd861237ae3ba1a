//! Lists for people, newest first: the index by user says which, the rows say what.

use super::Trading;
use super::deliveries;
use super::keys;
use super::trail::History;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, text, text_of};
use crate::key::{Key, Table, of_user};
use crate::page::{Page, PageRequest, Span};
use crate::query::{Index, Query, Within};
use crate::rows::Rows;
use crate::value::{Item, Name};
use data_encoding::BASE64URL_NOPAD;
use domain::delivery::Delivery;
use domain::group::Group;
use domain::ids::{AccountId, DeliveryId, GroupId, OrderId, UserId};
use domain::limits::DELIVERY_PAGES_MAX;
use domain::order::Order;
use std::collections::{BTreeMap, BTreeSet};
use wire::stored;

/// What places a row in the index, beside the user.
const PLACE: [&str; 3] = ["gu_sk", "pk", "sk"];

/// What a search for a delivery has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Delivery(Box<Delivery>),
    Nothing,
    /// There are older ones that were not looked at.
    NotSoFar,
}

impl<E: Engine> Trading<'_, E> {
    /// All that a user has of this time, newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_deliveries(
        &self,
        user: &UserId,
        span: Span,
        page: &PageRequest,
    ) -> Result<Page<Delivery>, StoreError> {
        let (places, next) = self.list(user, keys::DELIVERIES_BY_USER, span, page).await?;
        let items = self.at_places(&places).await?.into_iter().map(deliveries::read).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// The delivery of this id among those of this time. Searched from the newest; the index says which it may be, thousands on a page.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_delivery(&self, user: &UserId, id: &DeliveryId, span: Span) -> Result<Found, StoreError> {
        let within = keys::of_time(keys::DELIVERIES_BY_USER, span);
        let mut query = Query::index(Index::ByUser, of_user(user)).within(within).newest_first();
        for _ in 0..DELIVERY_PAGES_MAX {
            let page = Rows(self.0).page(&query).await?;
            let may_be = |place: &Item| text_of(place, "gu_sk").is_ok_and(|at| keys::may_be_delivery(id, at));
            let places: Vec<_> = page.items.into_iter().filter(may_be).collect();
            let found = self.at_places(&places).await?.into_iter().map(deliveries::read);
            let found = found.collect::<Result<Vec<_>, _>>()?.into_iter().find(|delivery| delivery.at.id == *id);
            match (found, page.next) {
                (Some(delivery), _) => return Ok(Found::Delivery(Box::new(delivery))),
                (None, None) => return Ok(Found::Nothing),
                (None, Some(next)) => query.start = Some(next),
            }
        }
        Ok(Found::NotSoFar)
    }

    /// All that a user has of this time, newest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_groups(&self, user: &UserId, span: Span, page: &PageRequest) -> Result<Page<Group>, StoreError> {
        let (places, next) = self.list(user, keys::GROUPS_BY_USER, span, page).await?;
        let group = |item| from_item::<stored::Group>(item).map(Group::from);
        Ok(Page { items: self.at_places(&places).await?.into_iter().map(group).collect::<Result<_, _>>()?, next })
    }

    /// None where the user has no such group.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_group(&self, user: &UserId, group: &GroupId) -> Result<Option<Group>, StoreError> {
        for account in self.list_accounts(user).await? {
            if let Some(found) = self.load_group(&account, group).await?.filter(|found| found.user == *user) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Without its orders.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_group(&self, account: &AccountId, group: &GroupId) -> Result<Option<Group>, StoreError> {
        let row: Option<stored::Group> = Rows(self.0).load(&keys::group(account, group)).await?;
        Ok(row.map(Group::from))
    }

    /// All that a user has of this time, with their accounts, newest first. The index says which; the orders themselves are read with their fills, as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_orders(
        &self,
        user: &UserId,
        span: Span,
        page: &PageRequest,
    ) -> Result<Page<(AccountId, Order)>, StoreError> {
        let (places, next) = self.list(user, keys::ORDERS_BY_USER, span, page).await?;
        let mut known = BTreeMap::new();
        let mut items = Vec::with_capacity(places.len());
        for place in &places {
            let (group, sk) = (keys::group_of(text_of(place, "pk")?)?, text_of(place, "sk")?.to_owned());
            if !known.contains_key(&sk) {
                let orders = self.orders(&group, keys::ORDERS).await?;
                known.extend(orders.into_iter().map(|found| (keys::order(&group, &found.1.id).sk, found)));
            }
            items.extend(known.remove(&sk));
        }
        Ok(Page { items, next })
    }

    /// An order of a user with its account; none where the user has none of this id. Searched from the newest, and no further than
    /// it: of the latest thousands one page is read.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn find_order(&self, user: &UserId, order: &OrderId) -> Result<Option<(AccountId, Order)>, StoreError> {
        let within = Within::prefix(keys::ORDERS_BY_USER);
        let query = Query::index(Index::ByUser, of_user(user)).within(within).newest_first();
        let mut query = query.only("sk", text(keys::order_sk(order)));
        let found = loop {
            let page = Rows(self.0).page(&query).await?;
            match (page.items.into_iter().next(), page.next) {
                (Some(found), _) => break found,
                (None, None) => return Ok(None),
                (None, next) => query.start = next,
            }
        };
        let orders = self.orders(&keys::group_of(text_of(&found, "pk")?)?, &keys::order_sk(order)).await?;
        Ok(orders.into_iter().next())
    }

    /// Every change of a group, oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_history(&self, group: &GroupId) -> Result<Vec<History>, StoreError> {
        self.history(group).await
    }

    /// The rows that stand in these places, in their order. One that has made way for another meanwhile is left out:
    /// the index shows its new place a little later.
    async fn at_places(&self, places: &[Item]) -> Result<Vec<Item>, StoreError> {
        let key = |place: &Item| Ok((text_of(place, "pk")?.to_owned(), text_of(place, "sk")?.to_owned()));
        let keys = places.iter().map(key).collect::<Result<BTreeSet<_>, StoreError>>()?;
        let wanted: Vec<_> = keys.into_iter().map(|(pk, sk)| Key::new(Table::Trading, pk, sk)).collect();
        let found = Rows(self.0).get_all(&wanted).await?;
        let mut rows =
            found.into_iter().map(|row| Ok((key(&row)?, row))).collect::<Result<BTreeMap<_, _>, StoreError>>()?;
        let stands = |place: &Item| {
            let row = rows.remove(&key(place).ok()?)?;
            (row.get("gu_sk") == place.get("gu_sk")).then_some(row)
        };
        Ok(places.iter().filter_map(stands).collect())
    }

    async fn list(
        &self,
        user: &UserId,
        prefix: &'static str,
        span: Span,
        page: &PageRequest,
    ) -> Result<(Vec<Item>, Option<String>), StoreError> {
        let start = page.cursor.as_ref().map(|cursor| start(user, cursor)).transpose()?;
        let query = Query::index(Index::ByUser, of_user(user)).within(keys::of_time(prefix, span));
        let found = Rows(self.0).page(&query.newest_first().limit(page.items()).start(start)).await?;
        Ok((found.items, found.next.as_ref().map(cursor).transpose()?))
    }
}

fn cursor(last: &Item) -> Result<String, StoreError> {
    let place = PLACE.map(|name| text_of(last, name).map(str::to_owned));
    let place = place.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(BASE64URL_NOPAD.encode(&serde_json::to_vec(&place).map_err(StoreError::unreadable)?))
}

/// The user is not taken from the cursor: a foreign one leads nowhere else.
fn start(user: &UserId, cursor: &str) -> Result<Item, StoreError> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| bad_cursor())?;
    let place: [String; 3] = serde_json::from_slice(&bytes).map_err(|_| bad_cursor())?;
    let mut item: Item = PLACE.map(Name::from).into_iter().zip(place.map(text)).collect();
    item.insert("gu_pk".into(), text(of_user(user)));
    Ok(item)
}

fn bad_cursor() -> StoreError {
    StoreError::Unreadable("cursor: must be a next_cursor as it was answered".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place_and_to_no_other_user() {
        let place = |user: &str| {
            let parts = [("gu_pk", user), ("gu_sk", "G#1#grp_a"), ("pk", "ACC#acc_a"), ("sk", "G#grp_a")];
            parts.map(|(name, value)| (name.into(), text(value))).into_iter().collect::<Item>()
        };
        let (mine, other) = (UserId::of(&["mine"]), UserId::of(&["other"]));
        let cursor = cursor(&place(&format!("USR#{mine}"))).unwrap();
        assert_eq!(start(&mine, &cursor).unwrap(), place(&format!("USR#{mine}")));
        assert_eq!(start(&other, &cursor).unwrap(), place(&format!("USR#{other}")));
        assert!(start(&mine, "not a cursor").is_err());
    }
}
