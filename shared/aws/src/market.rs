//! Markets with their filters.

use crate::client::Aws;
use crate::keys;
use app::ports::{LoadMarket, StoreError};
use domain::market::{Market, MarketKey};
use wire::stored;

impl LoadMarket for Aws {
    async fn load_market(&self, market: &MarketKey) -> Result<Option<Market>, StoreError> {
        let row: Option<stored::Market> = self.load_settled(&keys::market(market)).await?;
        Ok(row.map(Market::from))
    }
}
