//! The paper venue's book.

use super::World;
use super::item::{Item, key};
use super::table::Table;
use app::ports::{Book, PaperOrder, StoreError};
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::market::Asset;
use store::market::market_of;
use store::memory::Refused;
use store::trading::book_writes;

impl World {
    /// As the venue does on its own premises: no call of ours, so nothing fails on the way.
    pub(super) fn save(&self, book: &Book, changed: &[PaperOrder]) -> Result<bool, StoreError> {
        match self.apply(&book_writes(book, changed)?) {
            Ok(()) => Ok(true),
            Err(Refused::Cancelled(_)) => Ok(false),
            Err(Refused::Invalid(what)) => {
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
