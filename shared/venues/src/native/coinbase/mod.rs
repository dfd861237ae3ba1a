//! Coinbase Advanced Trade, spot.
//!
//! 1. Every request has a token of its own ([`sign`]). An order's is valid from the order's persisted time for ten
//!    seconds and no longer: a request that is still under way then is refused there.
//! 2. The same request has the same body, byte by byte ([`order::body`]): a client order id that is known there creates
//!    nothing, and its first order is returned. An answer that tells of another order than was asked for is Unknown.
//! 3. There are no orders that become market orders at a price, and no pairs of which one cancels the other and that
//!    each have a client id: neither is sent. What a group needs of them is kept by polling.
//! 4. An order is looked for by listing: nothing there is asked by client order id ([`find`]).
//! 5. Fees are taken in quote.
//!
//! Sites: `https://api.coinbase.com`. `https://api-sandbox.coinbase.com` answers every request with the same few
//! orders, takes any token, and knows neither markets nor prices: it shows shapes and proves nothing of an order.
//!
//! How exactly an expired token is refused (to the second, or with some leeway) is written nowhere.

mod account;
mod ask;
mod cancel;
mod find;
mod key;
mod market;
mod order;
mod outcome;
mod read;
mod sign;
#[cfg(test)]
mod testing;

use super::{Login, Native, Site, Traffic, Transport};
use app::ports::{
    Address, Balance, Cancelled, CandlesError, Listed, OcoFacts, OcoRequest, Outcome, ProbeError, Request, Requests,
    Tells, Terms, VenueError, VenueOrder,
};
use domain::clock::{Millis, Timestamp};
use domain::market::{Asset, Book, Candle, CandleSpan, Interval, Market, MarketKey, Symbol};
use domain::money::{Price, Rate};
use domain::order::Fact;
use domain::vault::KeyFacts;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long a read may miss what was already accepted: listing is all there is, and no time is written for it.
const READ_LAG: Millis = Millis::seconds(10);

#[derive(Debug)]
pub struct Coinbase {
    transport: Arc<Transport>,
    traffic: Arc<Traffic>,
}

impl Coinbase {
    pub fn new(transport: Arc<Transport>, traffic: Arc<Traffic>) -> Self {
        Self { transport, traffic }
    }
}

impl Native for Coinbase {
    fn terms(&self) -> Terms {
        Terms {
            validity: Some(sign::ORDER_VALIDITY),
            read_lag: READ_LAG,
            lists_reach: None,
            tells: Tells::ByItsOwnId,
            requests: Requests::Parallel,
            lists_all: false,
            names_all_assets: true,
        }
    }

    async fn time(&self, site: &Site) -> Result<Timestamp, VenueError> {
        self.server_time(site).await
    }

    async fn submit(&self, login: &Login, request: &Request) -> Outcome {
        self.send_order(login, request).await
    }

    async fn submit_oco(&self, _: &Login, _: &OcoRequest) -> Outcome<OcoFacts> {
        Outcome::Rejected(order::no_pairs())
    }

    async fn cancel(&self, login: &Login, address: &Address) -> Cancelled {
        self.end_order(login, address).await
    }

    async fn find_order(&self, login: &Login, address: &Address) -> Result<Option<Fact>, VenueError> {
        self.found(login, address).await
    }

    async fn list_orders(
        &self,
        login: &Login,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        self.listed(login, market, prefix, which).await
    }

    async fn balances(&self, login: &Login) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        self.held(login).await
    }

    async fn fee(&self, login: &Login, _: &MarketKey) -> Result<Rate, VenueError> {
        self.taker_fee(login).await
    }

    async fn probe(&self, login: &Login) -> Result<KeyFacts, ProbeError> {
        self.key_facts(login).await
    }

    async fn markets(&self, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, VenueError> {
        self.products(site, symbols).await
    }

    async fn ticker(&self, site: &Site, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        self.last_trade(site, market).await
    }

    async fn book(&self, site: &Site, market: &MarketKey, depth: u32) -> Result<Book, VenueError> {
        self.offers(site, market, depth).await
    }

    fn told_in(&self, interval: Interval) -> Interval {
        market::told_in(interval).0
    }

    async fn candles(
        &self,
        site: &Site,
        market: &MarketKey,
        span: &CandleSpan,
        now: Timestamp,
    ) -> Result<Vec<Candle>, CandlesError> {
        Ok(self.candles_of(site, market, span, now).await?)
    }
}
