//! What the paper venue keeps and reads. Its rules stand in the venues crate; this is only the shape of its book.

use super::{Balance, StoreError};
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, Bar, Market, MarketKey};
use domain::money::Quantity;
use domain::order::{Direction, Fill, Status, TradeId};
use domain::preset::OrderKind;
use std::collections::BTreeMap;

/// One account's book at the paper venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    pub account: AccountId,
    pub balances: BTreeMap<Asset, Balance>,
    /// Prices up to here have been matched.
    pub looked_at: Timestamp,
    pub fee_in: FeeIn,
    /// The largest quantity that one price point fills of one order; none fills it whole.
    pub fill_max: Option<Quantity>,
    pub fault: Option<Fault>,
    /// Orders that are open, in the order of their acceptance.
    pub open: Vec<PaperOrder>,
    /// Numbers orders and trades.
    pub sequence: u64,
    pub version: u64,
}

/// In which asset the venue takes its fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeIn {
    Quote,
    /// Buys pay in base, sells in quote, as most venues have it.
    Received,
}

/// A fault to be had, as data, so that what follows from it can be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// How often it still happens, after an order was accepted.
    pub times: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The process that sent the order ends at once.
    Abort,
    /// The answer never comes.
    Hang,
    /// The connection is reset.
    Reset,
}

/// An order as the paper venue knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperOrder {
    pub client_id: ClientOrderId,
    /// The venue's own id; the book's sequence.
    pub venue_id: String,
    pub market: Market,
    pub direction: Direction,
    pub kind: OrderKind,
    pub quantity: Quantity,
    pub status: Status,
    pub trades: BTreeMap<TradeId, Fill>,
    pub accepted_at: Timestamp,
}

pub trait PaperBook {
    /// The book with its open orders.
    async fn load_book(&self, account: &AccountId) -> Result<Option<Book>, StoreError>;

    /// Every order that ever had this client id, oldest first.
    async fn find_paper_orders(&self, account: &AccountId, id: &ClientOrderId) -> Result<Vec<PaperOrder>, StoreError>;

    /// Every order whose client id begins with the prefix and that was accepted at this time or later, oldest first.
    async fn list_paper_orders(
        &self,
        account: &AccountId,
        prefix: &str,
        since: Timestamp,
    ) -> Result<Vec<PaperOrder>, StoreError>;

    /// Writes the book and every changed order in one transaction; false where the book was changed in between.
    /// `book.version` is the version that was loaded.
    async fn save_book(&self, book: &Book, changed: &[PaperOrder]) -> Result<bool, StoreError>;
}

pub trait PricePath {
    /// The bars that overlap the time from `from` (excluded) to `to` (included), oldest first.
    async fn bars(&self, market: &MarketKey, from: Timestamp, to: Timestamp) -> Result<Vec<Bar>, StoreError>;
}
