//! Markets with their filters.

use crate::client::Aws;
use crate::keys;
use app::ports::{KeepMarket, LoadFormerMarket, LoadMarket, MarkListing, StoreError};
use domain::clock::Timestamp;
use domain::market::{Exchange, Market, MarketKey};
use store::item::to_item;
use store::{Table, Write};
use wire::stored::{self, Schema};

impl LoadMarket for Aws {
    async fn load_market(&self, market: &MarketKey) -> Result<Option<Market>, StoreError> {
        let row: Option<stored::Market> = self.rows().load_settled(&keys::market(market)).await?;
        Ok(row.map(Market::from))
    }
}

impl KeepMarket for Aws {
    async fn keep_markets(&self, markets: &[Market]) -> Result<(), StoreError> {
        let row =
            |market: &Market| Ok(Write::replace(keys::market(&market.key), to_item(&stored::Market::from(market))?));
        self.put_together(Table::Market, markets.iter().map(row).collect::<Result<_, StoreError>>()?).await
    }

    /// First what stays.
    async fn drop_market(&self, market: &Market) -> Result<(), StoreError> {
        let row = to_item(&stored::Market::from(market))?;
        self.rows().send(Write::replace(keys::former_market(&market.key), row)).await?;
        self.rows().send(Write::delete(keys::market(&market.key))).await.map(drop)
    }
}

impl LoadFormerMarket for Aws {
    async fn load_former_market(&self, market: &MarketKey) -> Result<Option<Market>, StoreError> {
        let row: Option<stored::Market> = self.rows().load_settled(&keys::former_market(market)).await?;
        Ok(row.map(Market::from))
    }
}

impl MarkListing for Aws {
    async fn listed_whole(&self, exchange: &Exchange) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<stored::Listing> = self.rows().load_settled(&keys::listing(exchange)).await?;
        Ok(row.map(|row| Timestamp::from_millis(row.at)))
    }

    async fn mark_listed_whole(&self, exchange: &Exchange, at: Timestamp) -> Result<(), StoreError> {
        let row = to_item(&stored::Listing { v: Schema, at: at.millis() })?;
        self.rows().send(Write::replace(keys::listing(exchange), row)).await.map(drop)
    }
}
