//! Kraken's spot market.
//!
//! Entry: [`Kraken`]. Every answer is `{"error": […], "result": …}`, nearly always with status 200: words that begin with
//! an E are errors, with a W warnings.
//!
//! 1. A key asks one question at a time, in the order in which they were begun, with a growing number (`turns`). Whoever
//!    trades from several processes with one key gives the key a nonce window, else some requests are refused for the
//!    clock; a key that another program uses too is refused for good where that one's numbers are greater.
//! 2. An order carries a deadline, five seconds after its persisted time: the matching engine refuses a later arrival.
//!    It is not sent where its turn comes later than the send delay allows.
//! 3. Client ids are unique among open orders only: nothing is sent again, and a word that the id is there already means
//!    that the order may be placed (`outcome`).
//! 4. Fees are asked for in quote (`fciq`), on both sides: what was bought is there whole.
//! 5. A stop rests alone; there are no pairs of which one order cancels the other. Where a limit rests for the same coins its
//!    stop is kept by looking at the price.
//! 6. What is asked with a key is counted as the exchange counts it for its lowest tier, since it does not tell how much that
//!    is: from three fifths on, looks at what it keeps by itself wait (`wire`). Its lists are of the whole account: for many
//!    markets each is read once, without trades, and no further page of it once so much is used (`orders`).
//! 7. A rate limit and a lock-out hold back the key that has met them; a refusal at the door pauses the whole site in this
//!    process. What everybody may ask for pauses nothing: nobody tells the time there.

mod account;
mod ask;
mod heard;
mod market;
mod names;
mod orders;
mod outcome;
mod read;
mod sign;
mod turns;
mod wire;

use super::{Login, Native, Site, Traffic, Transport, words};
use app::ports::{
    Address, Balance, Cancelled, CandlesError, Listed, OcoFacts, OcoRequest, Outcome, ProbeError, Request, Requests,
    Tells, Terms, VenueError, VenueOrder,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::ClientOrderId;
use domain::market::{Asset, Book, Candle, CandleSpan, Interval, Market, MarketKey, Symbol};
use domain::money::{Price, Rate};
use domain::order::Fact;
use domain::vault::KeyFacts;
use std::collections::BTreeMap;
use std::sync::Arc;
use turns::Turns;

/// What was accepted is told by then, under load as well.
const READ_LAG: Millis = Millis::seconds(10);

#[derive(Debug)]
pub struct Kraken {
    transport: Arc<Transport>,
    traffic: Arc<Traffic>,
    turns: Turns,
}

impl Kraken {
    pub fn new(transport: Arc<Transport>, traffic: Arc<Traffic>) -> Self {
        Self { transport, traffic, turns: Turns::default() }
    }
}

impl Native for Kraken {
    fn terms(&self) -> Terms {
        Terms {
            validity: Some(ask::VALIDITY),
            read_lag: READ_LAG,
            lists_reach: None,
            tells: Tells::ByItsOwnId,
            requests: Requests::Serial,
            lists_all: true,
            names_all_assets: true,
        }
    }

    async fn time(&self, site: &Site) -> Result<Timestamp, VenueError> {
        self.their_time(site).await
    }

    async fn submit(&self, login: &Login, request: &Request) -> Outcome {
        self.add(login, request).await
    }

    async fn submit_oco(&self, _: &Login, _: &OcoRequest) -> Outcome<OcoFacts> {
        let why = "Kraken has no orders of which one cancels the other";
        Outcome::Rejected(words::refusal(words::REFUSED_BY_VENUE, why))
    }

    async fn cancel(&self, login: &Login, address: &Address) -> Cancelled {
        self.end(login, address).await
    }

    async fn find_order(&self, login: &Login, address: &Address) -> Result<Option<Fact>, VenueError> {
        self.find(login, address).await
    }

    async fn find_many(
        &self,
        login: &Login,
        addresses: &[Address],
    ) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        self.find_by_their_ids(login, addresses).await
    }

    async fn list_orders(
        &self,
        login: &Login,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        self.list(login, market, prefix, which).await
    }

    async fn list_many(
        &self,
        login: &Login,
        markets: &[Market],
        prefix: &str,
        which: Listed,
    ) -> Result<BTreeMap<MarketKey, Vec<VenueOrder>>, VenueError> {
        self.list_together(login, markets, prefix, which).await
    }

    async fn balances(&self, login: &Login) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        self.held(login).await
    }

    async fn fee(&self, login: &Login, market: &MarketKey) -> Result<Rate, VenueError> {
        self.rate(login, market).await
    }

    async fn probe(&self, login: &Login) -> Result<KeyFacts, ProbeError> {
        self.key(login).await
    }

    async fn markets(&self, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, VenueError> {
        self.pairs(site, symbols).await
    }

    async fn ticker(&self, site: &Site, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        self.last(site, market).await
    }

    async fn book(&self, site: &Site, market: &MarketKey, depth: u32) -> Result<Book, VenueError> {
        self.depth(site, market, depth).await
    }

    fn told_in(&self, interval: Interval) -> Interval {
        market::told_in(interval)
    }

    async fn candles(
        &self,
        site: &Site,
        market: &MarketKey,
        span: &CandleSpan,
        now: Timestamp,
    ) -> Result<Vec<Candle>, CandlesError> {
        self.candles_of(site, market, span, now).await
    }
}
