//! Markets with their filters, as exchanges list them.

use super::StoreError;
use domain::clock::Timestamp;
use domain::market::{Exchange, Market, MarketKey};
use store::{Engine, market};

pub trait LoadMarket {
    async fn load_market(&self, market: &MarketKey) -> Result<Option<Market>, StoreError>;
}

pub trait LoadFormerMarket {
    /// What a market was that its exchange lists no more.
    async fn load_former_market(&self, market: &MarketKey) -> Result<Option<Market>, StoreError>;
}

pub trait ListMarkets {
    async fn list_markets(&self, exchange: &Exchange) -> Result<Vec<Market>, StoreError>;
}

pub trait KeepMarket {
    /// In the place of what was known of them: at most [`store::BATCH_WRITES_MAX`]. Where it fails some may be kept.
    async fn keep_markets(&self, markets: &[Market]) -> Result<(), StoreError>;

    /// Known no more as one that is listed; what it was stays known.
    async fn drop_market(&self, market: &Market) -> Result<(), StoreError>;
}

pub trait MarkListing {
    /// When all markets that an exchange listed were last kept; none where they never were.
    async fn listed_whole(&self, exchange: &Exchange) -> Result<Option<Timestamp>, StoreError>;

    async fn mark_listed_whole(&self, exchange: &Exchange, at: Timestamp) -> Result<(), StoreError>;
}

impl<E: Engine> LoadMarket for E {
    async fn load_market(&self, market: &MarketKey) -> Result<Option<Market>, StoreError> {
        market::Market(self).load_market(market).await
    }
}

impl<E: Engine> LoadFormerMarket for E {
    async fn load_former_market(&self, market: &MarketKey) -> Result<Option<Market>, StoreError> {
        market::Market(self).load_former_market(market).await
    }
}

impl<E: Engine> ListMarkets for E {
    async fn list_markets(&self, exchange: &Exchange) -> Result<Vec<Market>, StoreError> {
        market::Market(self).list_markets(exchange).await
    }
}

impl<E: Engine> KeepMarket for E {
    async fn keep_markets(&self, markets: &[Market]) -> Result<(), StoreError> {
        market::Market(self).keep_markets(markets).await
    }

    async fn drop_market(&self, market: &Market) -> Result<(), StoreError> {
        market::Market(self).drop_market(market).await
    }
}

impl<E: Engine> MarkListing for E {
    async fn listed_whole(&self, exchange: &Exchange) -> Result<Option<Timestamp>, StoreError> {
        market::Market(self).listed_whole(exchange).await
    }

    async fn mark_listed_whole(&self, exchange: &Exchange, at: Timestamp) -> Result<(), StoreError> {
        market::Market(self).mark_listed_whole(exchange, at).await
    }
}
