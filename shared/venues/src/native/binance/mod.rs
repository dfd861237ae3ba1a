//! Binance Spot, by version 3 of its REST interface.
//!
//! 1. What is signed is what is sent: the query as it stands (`ask`).
//! 2. An order is signed with its own time and is refused there five seconds later, whenever it arrives.
//! 3. A client order id is unique among open orders only: an order is asked about, never sent again (`orders`).
//! 4. Every answer tells how much may still be asked; that is heeded (`line`).
//! 5. What was refused and what nobody knows is decided in one table (`outcome`).

mod account;
mod ask;
mod line;
mod markets;
mod orders;
mod outcome;
mod prices;
mod read;

use super::{Login, Native, Site, Traffic, Transport};
use app::ports::{
    Address, Balance, Cancelled, Listed, OcoFacts, OcoRequest, Outcome, ProbeError, Request, Terms, VenueError,
    VenueOrder,
};
use domain::clock::{Millis, Timestamp};
use domain::market::{Asset, Bar, Book, Market, MarketKey, Symbol};
use domain::money::{Price, Rate};
use domain::order::Fact;
use domain::vault::KeyFacts;
use line::Line;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is read comes from memory first and from a database behind it, which may be late.
const READ_LAG: Millis = Millis::seconds(5);

#[derive(Debug, Clone)]
pub struct Binance {
    line: Line,
}

impl Binance {
    pub fn new(transport: Arc<Transport>, traffic: Arc<Traffic>) -> Self {
        Self { line: Line::new(transport, traffic) }
    }
}

impl Native for Binance {
    fn terms(&self) -> Terms {
        Terms { validity: Some(ask::VALIDITY), read_lag: READ_LAG }
    }

    async fn time(&self, site: &Site) -> Result<Timestamp, VenueError> {
        Ok(prices::time(&self.line, site).await?)
    }

    async fn submit(&self, login: &Login, request: &Request) -> Outcome {
        orders::submit(&self.line, login, request).await
    }

    async fn submit_oco(&self, login: &Login, request: &OcoRequest) -> Outcome<OcoFacts> {
        orders::submit_oco(&self.line, login, request).await
    }

    async fn cancel(&self, login: &Login, address: &Address) -> Cancelled {
        orders::cancel(&self.line, login, address).await
    }

    async fn find_order(&self, login: &Login, address: &Address) -> Result<Option<Fact>, VenueError> {
        Ok(orders::find(&self.line, login, address).await?)
    }

    async fn list_orders(
        &self,
        login: &Login,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        Ok(orders::list(&self.line, login, &market.key.symbol, prefix, which).await?)
    }

    async fn balances(&self, login: &Login) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        Ok(account::balances(&self.line, login).await?)
    }

    async fn fee(&self, login: &Login, market: &MarketKey) -> Result<Rate, VenueError> {
        Ok(account::fee(&self.line, login, &market.symbol).await?)
    }

    async fn probe(&self, login: &Login) -> Result<KeyFacts, ProbeError> {
        Ok(account::probe(&self.line, login).await?)
    }

    async fn markets(&self, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, VenueError> {
        Ok(markets::markets(&self.line, site, symbols).await?)
    }

    async fn ticker(&self, site: &Site, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        Ok(prices::ticker(&self.line, site, market).await?)
    }

    async fn book(&self, site: &Site, market: &MarketKey, depth: u32) -> Result<Book, VenueError> {
        Ok(prices::book(&self.line, site, market, depth).await?)
    }

    async fn bars(
        &self,
        site: &Site,
        market: &MarketKey,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Bar>, VenueError> {
        Ok(prices::bars(&self.line, site, market, from, to).await?)
    }
}
