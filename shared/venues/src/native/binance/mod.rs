//! Binance Spot, by version 3 of its REST interface, and its USDⓈ-M futures, by a wire of the same kind.
//!
//! 1. What is signed is what is sent: the query as it stands (`ask`).
//! 2. An order is signed with its own time and is refused there five seconds later, whenever it arrives.
//! 3. A client order id is unique among open orders only: an order is asked about, never sent again (`orders`).
//! 4. Every answer tells how much may still be asked; that is heeded (`line`).
//! 5. What was refused and what nobody knows is decided in one table (`outcome`).
//! 6. The two wires share all that is the same; where they differ stands in one place (`dialect`, `futures`).

mod account;
mod ask;
mod dialect;
mod filters;
mod futures;
mod line;
mod markets;
mod orders;
mod outcome;
mod prices;
mod read;

use super::{Login, Native, Site, Traffic, Transport};
use app::ports::{
    Address, Balance, Cancelled, CandlesError, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome, ProbeError,
    Request, Requests, Tells, Terms, Unprepared, VenueError, VenueOrder,
};
use dialect::Kind;
use domain::clock::{Millis, Timestamp};
use domain::ids::ClientOrderId;
use domain::market::{Asset, Book, Candle, CandleSpan, Interval, Leverage, Market, MarketKey, Symbol};
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
    /// Spot.
    pub fn new(transport: Arc<Transport>, traffic: Arc<Traffic>) -> Self {
        Self { line: Line::new(&dialect::SPOT, transport, traffic) }
    }

    /// USDⓈ-M futures: an exchange of its own.
    pub fn futures(transport: Arc<Transport>, traffic: Arc<Traffic>) -> Self {
        Self { line: Line::new(&dialect::FUTURES, transport, traffic) }
    }

    fn kind(&self) -> Kind {
        self.line.wire.kind
    }
}

impl Native for Binance {
    fn terms(&self) -> Terms {
        Terms {
            validity: Some(ask::VALIDITY),
            read_lag: READ_LAG,
            lists_reach: self.line.wire.keeps,
            tells: Tells::ByOurId,
            requests: Requests::Parallel,
            lists_all: false,
            names_all_assets: true,
        }
    }

    async fn time(&self, site: &Site) -> Result<Timestamp, VenueError> {
        Ok(prices::time(&self.line, site).await?)
    }

    async fn prepare(&self, login: &Login, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        match self.kind() {
            Kind::Spot => Ok(()),
            Kind::Futures => futures::prepare(&self.line, login, &market.key.symbol, leverage).await,
        }
    }

    async fn positions(&self, login: &Login) -> Result<Vec<OpenPosition>, VenueError> {
        Ok(match self.kind() {
            Kind::Spot => Vec::new(),
            Kind::Futures => futures::positions(&self.line, login).await?,
        })
    }

    async fn submit(&self, login: &Login, request: &Request) -> Outcome {
        let ask = match self.kind() {
            Kind::Spot => Some(ask::order(self.line.wire, request)),
            Kind::Futures => futures::order(self.line.wire, request),
        };
        match ask {
            Some(ask) => orders::submit(&self.line, login, request, &ask).await,
            None => futures::no_stops(),
        }
    }

    async fn submit_oco(&self, login: &Login, request: &OcoRequest) -> Outcome<OcoFacts> {
        match self.kind() {
            Kind::Spot => orders::submit_oco(&self.line, login, request).await,
            Kind::Futures => futures::no_stops(),
        }
    }

    async fn cancel(&self, login: &Login, address: &Address) -> Cancelled {
        orders::cancel(&self.line, login, address).await
    }

    async fn find_order(&self, login: &Login, address: &Address) -> Result<Option<Fact>, VenueError> {
        Ok(orders::find(&self.line, login, address).await?)
    }

    async fn find_many(
        &self,
        login: &Login,
        addresses: &[Address],
    ) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        Ok(orders::find_many(&self.line, login, addresses).await?)
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
        Ok(match self.kind() {
            Kind::Spot => account::balances(&self.line, login).await?,
            Kind::Futures => futures::balances(&self.line, login).await?,
        })
    }

    async fn fee(&self, login: &Login, market: &MarketKey) -> Result<Rate, VenueError> {
        Ok(match self.kind() {
            Kind::Spot => account::fee(&self.line, login, &market.symbol).await?,
            Kind::Futures => futures::fee(&self.line, login, &market.symbol).await?,
        })
    }

    async fn probe(&self, login: &Login) -> Result<KeyFacts, ProbeError> {
        Ok(match self.kind() {
            Kind::Spot => account::probe(&self.line, login).await?,
            Kind::Futures => futures::probe(&self.line, login).await?,
        })
    }

    async fn markets(&self, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, VenueError> {
        Ok(match self.kind() {
            Kind::Spot => markets::markets(&self.line, site, symbols).await?,
            Kind::Futures => futures::markets(&self.line, site, symbols).await?,
        })
    }

    async fn ticker(&self, site: &Site, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        Ok(match self.kind() {
            Kind::Spot => prices::ticker(&self.line, site, market).await?,
            Kind::Futures => Some(futures::ticker(&self.line, site, market).await?),
        })
    }

    async fn book(&self, site: &Site, market: &MarketKey, depth: u32) -> Result<Book, VenueError> {
        Ok(prices::book(&self.line, site, market, depth).await?)
    }

    fn told_in(&self, interval: Interval) -> Interval {
        prices::told_in(interval)
    }

    async fn candles(
        &self,
        site: &Site,
        market: &MarketKey,
        span: &CandleSpan,
        now: Timestamp,
    ) -> Result<Vec<Candle>, CandlesError> {
        Ok(prices::candles(&self.line, site, market, span, now).await.map_err(VenueError::from)?)
    }
}
