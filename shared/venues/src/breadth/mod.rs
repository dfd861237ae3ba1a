//! Every other exchange, by the `ccxt` library: best effort, where Binance, Coinbase and Kraken are spoken to by hand.
//!
//! The library knows how each exchange wants to be asked, how a request is signed and what an answer means. It does not
//! send anything here.
//!
//! 1. It builds and signs a request and is stopped before it would connect (`asked`). The request is sent once, by the
//!    same [`Transport`] as any other. The answer is given back to it to be read.
//! 2. So before the request leaves, a failure or panic of it is a no; after that it is Unknown, unless the exchange has
//!    surely said no (`outcome`).
//! 3. A market is given to it as it was listed (`markets`): it loads nothing before an order.
//! 4. Its numbers are doubles. One that is not surely what was told is not believed (`told`).
//! 5. Where contracts are counted, orders leave in contracts, and whatever is read comes back as base (`lots`, `contracts`).

mod asked;
mod candles;
mod contracts;
mod cores;
#[cfg(test)]
mod every;
mod failed;
mod faults;
mod fee;
mod find;
mod held;
mod line;
mod lists;
mod lots;
mod markets;
mod most;
mod orders;
mod outcome;
mod pages;
mod read;
mod rights;
mod servers;
mod sizes;
mod told;
mod trades;
mod ways;

use crate::native::{Login, Native, Site, Traffic, Transport};
use app::ports::{
    Address, Balance, Cancelled, CandlesError, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome, ProbeError,
    Request, Terms, Unprepared, VenueError, VenueOrder,
};
use asked::Wish;
use domain::clock::Timestamp;
use domain::market::{Asset, Book, Candle, CandleSpan, Exchange, Interval, Leverage, Market, MarketKey, Symbol};
use domain::money::{Price, Rate};
use domain::order::Fact;
use domain::vault::KeyFacts;
use failed::Failed;
use rights::Traded;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use ways::Ways;

/// The exchanges that the library speaks for in this build.
#[derive(Debug)]
pub struct Breadth {
    transport: Arc<Transport>,
    traffic: Arc<Traffic>,
    /// Markets as the library wants them back, by whoever has used them.
    markets: Arc<Mutex<BTreeMap<MarketKey, String>>>,
    /// What is held there under names that stand in no list of ours.
    strangers: Arc<Mutex<BTreeSet<(Exchange, String)>>>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Spoken {
    id: &'static str,
    exchange: Exchange,
    ways: Ways,
    transport: Arc<Transport>,
    traffic: Arc<Traffic>,
    markets: Arc<Mutex<BTreeMap<MarketKey, String>>>,
    strangers: Arc<Mutex<BTreeSet<(Exchange, String)>>>,
}

/// The servers that the library knows of an exchange that is compiled in.
pub(crate) fn site(exchange: &Exchange) -> Option<String> {
    known(exchange).map(|(id, _)| format!("{}{id}", servers::LIBRARYS_OWN))
}

/// An exchange of perpetuals is what the library calls by the name of its house, in another way.
fn known(exchange: &Exchange) -> Option<(&'static str, Ways)> {
    let id = cores::COMPILED.iter().find(|id| id.eq_ignore_ascii_case(exchange.house())).copied()?;
    let ways = if exchange.is_of_perpetuals() { Ways::of_contracts(id)? } else { Ways::of(id) };
    Some((id, ways))
}

impl Breadth {
    pub fn new(transport: Arc<Transport>, traffic: Arc<Traffic>) -> Self {
        Self { transport, traffic, markets: Arc::default(), strangers: Arc::default() }
    }

    /// None where it is not compiled in.
    pub fn of(&self, exchange: &Exchange) -> Option<Spoken> {
        let (id, ways) = known(exchange)?;
        Some(Spoken {
            id,
            exchange: exchange.clone(),
            ways,
            transport: self.transport.clone(),
            traffic: self.traffic.clone(),
            markets: self.markets.clone(),
            strangers: self.strangers.clone(),
        })
    }

    /// Whether prices of a market can be asked for.
    pub fn knows(&self, market: &MarketKey) -> bool {
        self.markets.lock().unwrap_or_else(PoisonError::into_inner).contains_key(market)
    }
}

impl Spoken {
    /// Keeps a market, so that it can be asked about by its name.
    pub fn learn(&self, market: &Market) {
        if let Some(at_venue) = &market.at_venue {
            let mut markets = self.markets.lock().unwrap_or_else(PoisonError::into_inner);
            markets.insert(market.key.clone(), at_venue.clone());
        }
    }
}

impl Spoken {
    async fn rights(&self, login: &Login) -> Result<KeyFacts, ProbeError> {
        let Some(rights) = self.ways.rights else {
            return Ok(KeyFacts { reads: Some(true), ..KeyFacts::default() });
        };
        let answer: serde_json::Value =
            self.told(login, None, rights.asked, Vec::new()).await.map_err(Failed::probed)?;
        let traded = if self.ways.contracts.is_some() { Traded::Contracts } else { Traded::Coins };
        let told = (rights.told)(&answer, traded);
        told.ok_or_else(|| ProbeError::Away("what the key may do cannot be read".to_owned()))
    }
}

impl Native for Spoken {
    fn terms(&self) -> Terms {
        self.ways.terms
    }

    async fn time(&self, site: &Site) -> Result<Timestamp, VenueError> {
        let millis: i64 = self.open(site, None, "fetch_time", Vec::new()).await?;
        Ok(Timestamp::from_millis(millis))
    }

    async fn prepare(&self, login: &Login, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        self.learn(market);
        contracts::prepare(self, login, market, leverage).await
    }

    async fn positions(&self, login: &Login) -> Result<Vec<OpenPosition>, VenueError> {
        if self.ways.contracts.is_none() {
            return Ok(Vec::new());
        }
        Ok(contracts::positions(self, login).await?)
    }

    async fn submit(&self, login: &Login, request: &Request) -> Outcome {
        self.learn(&request.market);
        orders::submit(self, login, request).await
    }

    async fn submit_oco(&self, _: &Login, _: &OcoRequest) -> Outcome<OcoFacts> {
        Outcome::NotSent("pairs are not kept there".to_owned())
    }

    async fn cancel(&self, login: &Login, address: &Address) -> Cancelled {
        self.learn(&address.market);
        orders::cancel(self, login, address).await
    }

    async fn find_order(&self, login: &Login, address: &Address) -> Result<Option<Fact>, VenueError> {
        self.learn(&address.market);
        Ok(find::find(self, login, address).await?)
    }

    async fn list_orders(
        &self,
        login: &Login,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        self.learn(market);
        Ok(lists::list(self, login, &market.key, prefix, which).await?)
    }

    async fn balances(&self, login: &Login) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        Ok(self.held(login).await?)
    }

    async fn fee(&self, login: &Login, market: &MarketKey) -> Result<Rate, VenueError> {
        Ok(fee::read(self, login, market).await?)
    }

    /// Whether it opens the account, and what it may, where the exchange tells. What cannot be read of that is no leave.
    async fn probe(&self, login: &Login) -> Result<KeyFacts, ProbeError> {
        let told = self.rights(login).await?;
        let _any: serde::de::IgnoredAny =
            self.told(login, None, "fetch_balance", Vec::new()).await.map_err(Failed::probed)?;
        Ok(told)
    }

    async fn markets(&self, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, VenueError> {
        let (mode, listed) = self.listed(site).await?;
        let contracts = self.ways.contracts.as_ref();
        let markets = listed.iter().filter_map(|listed| markets::market(&self.exchange, mode, listed, contracts));
        let meant = markets.filter(|market| symbols.is_empty() || symbols.contains(&market.key.symbol));
        // A list that stands for several has some of its markets more than once.
        let each: BTreeMap<_, _> = meant.map(|market| (market.key.clone(), market)).collect();
        Ok(each.into_values().collect())
    }

    async fn ticker(&self, site: &Site, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        let wish = Wish::read("fetch_ticker", vec![line::symbol(market)]);
        let (told, answered_at): (read::Ticker, _) = self.open_at(site, market, &wish).await?;
        // Where the library finds no time in it (Bybit), it is of when it was told.
        let at = told.timestamp.map(Timestamp::from_millis).or(answered_at);
        Ok(told.last.zip(at).map(|(last, at)| (last.0, at)))
    }

    async fn book(&self, site: &Site, market: &MarketKey, depth: u32) -> Result<Book, VenueError> {
        let args = vec![line::symbol(market), i64::from(depth).into()];
        let told: read::Book = self.open(site, Some(market), "fetch_order_book", args).await?;
        let mut book =
            told.book(self.lot(market)?).ok_or_else(|| VenueError::Unavailable("a level that is none".to_owned()))?;
        let depth = usize::try_from(depth).unwrap_or(usize::MAX);
        book.bids.truncate(depth);
        book.asks.truncate(depth);
        Ok(book)
    }

    fn told_in(&self, interval: Interval) -> Interval {
        self.candles_told_in(interval)
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
