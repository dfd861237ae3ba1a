//! What the paper venue keeps and reads. Its rules stand in the venues crate.

use super::StoreError;
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Bar, Candle, CandleSpan, MarketKey};
use store::Engine;
use store::trading::Trading;

pub use store::trading::{
    BadPaperSettings, Book, Contract, Fault, FaultKind, FeeAsset, FeeIn, OpenContracts, Pair, PaperOrder, PaperSettings,
};

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

    /// What the price did in the candles of a span, as far as it is known `until` then, oldest first.
    async fn candles(&self, market: &MarketKey, span: &CandleSpan, until: Timestamp)
    -> Result<Vec<Candle>, StoreError>;
}

impl<E: Engine> PaperBook for E {
    async fn load_book(&self, account: &AccountId) -> Result<Option<Book>, StoreError> {
        Trading(self).load_book(account).await
    }

    async fn find_paper_orders(&self, account: &AccountId, id: &ClientOrderId) -> Result<Vec<PaperOrder>, StoreError> {
        Trading(self).find_paper_orders(account, id).await
    }

    async fn list_paper_orders(
        &self,
        account: &AccountId,
        prefix: &str,
        since: Timestamp,
    ) -> Result<Vec<PaperOrder>, StoreError> {
        Trading(self).list_paper_orders(account, prefix, since).await
    }

    async fn save_book(&self, book: &Book, changed: &[PaperOrder]) -> Result<bool, StoreError> {
        Trading(self).save_book(book, changed).await
    }
}
