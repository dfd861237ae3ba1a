//! Markets with their filters.

use crate::client::Aws;
use crate::item::to_item;
use crate::keys;
use crate::stamp;
use crate::write::Write;
use app::ports::{KeepMarket, LoadMarket, StoreError};
use domain::market::{Market, MarketKey};
use wire::stored;

impl LoadMarket for Aws {
    async fn load_market(&self, market: &MarketKey) -> Result<Option<Market>, StoreError> {
        let row: Option<stored::Market> = self.load_settled(&keys::market(market)).await?;
        Ok(row.map(Market::from))
    }
}

impl KeepMarket for Aws {
    async fn keep_market(&self, market: &Market) -> Result<(), StoreError> {
        let row = to_item(&stored::Market::from(market))?;
        self.write(Write::replace(keys::market(&market.key), row), &stamp::fresh()?).await.map(drop)
    }

    async fn drop_market(&self, market: &MarketKey) -> Result<(), StoreError> {
        self.write(Write::delete(keys::market(market)), &stamp::fresh()?).await.map(drop)
    }
}
