//! The paper venue's book.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Refused, Table};
use crate::sim::Op;
use app::ports::{Book, PaperBook, PaperOrder, StoreError};
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::Asset;
use store::market::market_of;

impl PaperBook for World {
    async fn load_book(&self, account: &AccountId) -> Result<Option<Book>, StoreError> {
        self.call(Op::read("load_book"), |world| world.table().book(account).cloned()).await
    }

    async fn find_paper_orders(&self, account: &AccountId, id: &ClientOrderId) -> Result<Vec<PaperOrder>, StoreError> {
        self.call(Op::read("find_paper_orders"), |world| {
            world.table().paper_orders(account).filter(|order| order.client_id == *id).cloned().collect()
        })
        .await
    }

    async fn list_paper_orders(
        &self,
        account: &AccountId,
        prefix: &str,
        since: Timestamp,
    ) -> Result<Vec<PaperOrder>, StoreError> {
        self.call(Op::read("list_paper_orders"), |world| world.table().paper_orders_since(account, prefix, since)).await
    }

    async fn save_book(&self, book: &Book, changed: &[PaperOrder]) -> Result<bool, StoreError> {
        self.try_call(Op::effect("save_book"), |world| world.save(book, changed)).await
    }
}

impl World {
    pub(super) fn save(&self, book: &Book, changed: &[PaperOrder]) -> Result<bool, StoreError> {
        let next = Book { version: book.version + 1, ..book.clone() };
        let unchanged = |row: &Item| matches!(row, Item::Book(stored) if stored.version == book.version);
        let mut actions =
            vec![Action::update(key::book(&book.account), unchanged, |row| *row = Item::Book(next.clone()))];
        actions.extend(changed.iter().map(|order| {
            let key = key::paper_order(&book.account, &order.client_id, &order.venue_id);
            Action::put(key, Item::PaperOrder(order.clone()))
        }));
        match self.table_mut().transact(actions, None, self.sim().now()) {
            Ok(()) => {
                let mut traffic = self.0.traffic.borrow_mut();
                traffic.balances_are(&book.account, self.sim().now(), &book.balances);
                Ok(true)
            }
            Err(Refused::Guard) => Ok(false),
            Err(Refused::Limit(what)) => {
                self.sim().violation(&*what);
                Err(StoreError::Unavailable(what))
            }
        }
    }
}

impl Table {
    pub fn book(&self, account: &AccountId) -> Option<&Book> {
        match self.get(&key::book(account)) {
            Some(Item::Book(book)) => Some(book),
            _ => None,
        }
    }

    pub(super) fn paper_orders_since(&self, account: &AccountId, prefix: &str, since: Timestamp) -> Vec<PaperOrder> {
        let meant = |order: &&PaperOrder| order.client_id.as_str().starts_with(prefix) && since <= order.accepted_at;
        let mut orders: Vec<_> = self.paper_orders(account).filter(meant).cloned().collect();
        orders.sort_by(|one, other| one.venue_id.cmp(&other.venue_id));
        orders
    }

    /// Whether some market is paid with it.
    ///
    /// # Panics
    /// Where a row cannot be read.
    pub fn is_quote(&self, asset: &Asset) -> bool {
        let markets = self.memory.of(store::Table::Market);
        let mut markets = markets.filter_map(|(key, row)| market_of(key, row).expect("a market"));
        markets.any(|market| market.key.symbol.quote == *asset)
    }

    /// Every order that the venue ever had of this account, by its client order id.
    pub fn paper_orders(&self, account: &AccountId) -> impl Iterator<Item = &PaperOrder> {
        let account = account.clone();
        self.prefixed(key::paper_orders(&account))
            .filter_map(|item| if let Item::PaperOrder(order) = item { Some(order) } else { None })
    }
}
