//! What the paper venue stands on when it plays the exchange at the other end of the wire: the same rows, other
//! readers in between, and no faults of its own.

use super::World;
use app::ports::{Book, Clock, PaperBook, PaperOrder, PricePath, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Bar, Candle, CandleSpan, MarketKey};

/// The venue's own premises.
#[derive(Debug, Clone)]
pub struct Exchange(pub World);

impl Exchange {
    /// Lets others at the book in between.
    async fn pause(&self) {
        self.0.sim().sleep(Millis::ZERO).await;
    }
}

impl Clock for Exchange {
    fn now(&self) -> Timestamp {
        self.0.sim().now()
    }
}

impl PricePath for Exchange {
    async fn bars(&self, market: &MarketKey, from: Timestamp, to: Timestamp) -> Result<Vec<Bar>, StoreError> {
        Ok(self.0.prices().bars(market, from, to))
    }

    async fn candles(
        &self,
        market: &MarketKey,
        span: &CandleSpan,
        until: Timestamp,
    ) -> Result<Vec<Candle>, StoreError> {
        Ok(self.0.prices().candles(market, span, until))
    }
}

impl PaperBook for Exchange {
    async fn load_book(&self, account: &AccountId) -> Result<Option<Book>, StoreError> {
        self.pause().await;
        Ok(self.0.table().book(account).cloned())
    }

    async fn find_paper_orders(&self, account: &AccountId, id: &ClientOrderId) -> Result<Vec<PaperOrder>, StoreError> {
        Ok(self.0.table().paper_orders(account).filter(|order| order.client_id == *id).cloned().collect())
    }

    async fn list_paper_orders(
        &self,
        account: &AccountId,
        prefix: &str,
        since: Timestamp,
    ) -> Result<Vec<PaperOrder>, StoreError> {
        Ok(self.0.table().paper_orders_since(account, prefix, since))
    }

    async fn save_book(&self, book: &Book, changed: &[PaperOrder]) -> Result<bool, StoreError> {
        self.pause().await;
        self.0.save(book, changed)
    }
}
