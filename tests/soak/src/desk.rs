//! The exchanges as one venue: each call goes to the adapter of its exchange, with the key of its account. Of those that the
//! library speaks for it is Bybit.
//!
//! Pauses are not asked about: what exchanges count is raised in the simulator far beyond what the adapters heed.

use crate::stand::Broken;
use app::ports::{
    Address, Balance, Cancelled, Clock, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome, Pause, Request, Said,
    Terms, Unprepared, Urgency, Venue, VenueError, VenueKey, VenueOrder,
};
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, CandleSpan, Exchange, Interval, Leverage, Market, MarketKey};
use domain::money::Price;
use domain::order::Fact;
use std::collections::BTreeMap;
use std::sync::Arc;
use venues::breadth::{Breadth, Spoken};
use venues::native::{Binance, Coinbase, Kraken, Login, Native, Site, Traffic, Transport};
use venues::{Prompt, Timed};

/// As a function wires it: a request that is late is not sent, and a call that does not end is given up.
pub(crate) type Wire = Timed<Prompt<Desk, Wall>>;

/// The clock on the wall.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
    }
}

#[derive(Debug)]
pub(crate) struct Desk {
    site: Site,
    keys: BTreeMap<AccountId, VenueKey>,
    binance: Binance,
    binance_futures: Binance,
    coinbase: Coinbase,
    kraken: Kraken,
    bybit: Spoken,
}

/// The adapter of an exchange, bound to a name.
macro_rules! on {
    ($desk:expr, $exchange:expr, $native:ident => $call:expr) => {
        match $exchange.as_str() {
            "BINANCE" => {
                let $native = &$desk.binance;
                $call
            }
            "BINANCEUSDM" => {
                let $native = &$desk.binance_futures;
                $call
            }
            "COINBASE" => {
                let $native = &$desk.coinbase;
                $call
            }
            BYBIT => {
                let $native = &$desk.bybit;
                $call
            }
            _ => {
                let $native = &$desk.kraken;
                $call
            }
        }
    };
}

impl Desk {
    /// One address serves all exchanges.
    ///
    /// # Errors
    /// Where the library does not speak for an exchange that it should.
    pub(crate) fn new(site: Site, keys: BTreeMap<AccountId, VenueKey>) -> Result<Self, Broken> {
        let (transport, traffic) = (Arc::new(Transport::new(true)), Arc::new(Traffic::default()));
        let breadth = Breadth::new(transport.clone(), traffic.clone());
        let bybit = BYBIT.parse().ok().and_then(|exchange| breadth.of(&exchange)).ok_or(Broken::NoMarket(BYBIT))?;
        Ok(Self {
            site,
            keys,
            binance: Binance::new(transport.clone(), traffic.clone()),
            binance_futures: Binance::futures(transport.clone(), traffic.clone()),
            coinbase: Coinbase::new(transport.clone(), traffic.clone()),
            kraken: Kraken::new(transport, traffic),
            bybit,
        })
    }

    /// As the exchange tells them, with their steps.
    ///
    /// # Errors
    /// Where it does not answer.
    pub(crate) async fn markets(&self, exchange: &Exchange) -> Result<Vec<Market>, VenueError> {
        on!(self, exchange, native => native.markets(&self.site, &[]).await)
    }

    fn login(&self, account: &AccountId) -> Option<Login> {
        Some(Login::new(self.site.clone(), self.keys.get(account)?.clone(), Wall.now()))
    }

    fn known(&self, account: &AccountId) -> Result<Login, VenueError> {
        self.login(account).ok_or_else(|| VenueError::Unavailable(NO_KEY.to_owned()))
    }
}

const BYBIT: &str = "BYBIT";
const NO_KEY: &str = "the account has no key";

impl Venue for Desk {
    fn terms(&self, exchange: &Exchange) -> Terms {
        on!(self, exchange, native => native.terms())
    }

    async fn paused(&self, _: &AccountId, _: &Exchange, _: Urgency) -> Option<Pause> {
        None
    }

    async fn prepare(&self, account: &AccountId, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        let login = self.login(account).ok_or_else(|| Unprepared::Away(NO_KEY.to_owned()))?;
        on!(self, market.key.exchange, native => native.prepare(&login, market, leverage).await)
    }

    async fn positions(&self, account: &AccountId, exchange: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        let login = self.known(account)?;
        on!(self, exchange, native => native.positions(&login).await)
    }

    async fn submit(&self, request: &Request) -> Outcome {
        let Some(login) = self.login(&request.account) else { return Outcome::NotSent(NO_KEY.to_owned()) };
        on!(self, request.market.key.exchange, native => native.submit(&login, request).await)
    }

    async fn submit_oco(&self, request: &OcoRequest) -> Outcome<OcoFacts> {
        let Some(login) = self.login(&request.account) else { return Outcome::NotSent(NO_KEY.to_owned()) };
        on!(self, request.market.key.exchange, native => native.submit_oco(&login, request).await)
    }

    async fn cancel(&self, address: &Address) -> Cancelled {
        let Some(login) = self.login(&address.account) else { return Cancelled::Unknown(NO_KEY.to_owned()) };
        on!(self, address.market.key.exchange, native => native.cancel(&login, address).await)
    }

    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError> {
        let login = self.known(&address.account)?;
        on!(self, address.market.key.exchange, native => native.find_order(&login, address).await)
    }

    async fn find_many(&self, addresses: &[Address]) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        let Some(Address { account, market, .. }) = addresses.first() else { return Ok(BTreeMap::new()) };
        let login = self.known(account)?;
        on!(self, market.key.exchange, native => native.find_many(&login, addresses).await)
    }

    async fn list_orders(
        &self,
        account: &AccountId,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        let login = self.known(account)?;
        on!(self, market.key.exchange, native => native.list_orders(&login, market, prefix, which).await)
    }

    async fn balances(&self, account: &AccountId, exchange: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        let login = self.known(account)?;
        on!(self, exchange, native => native.balances(&login).await)
    }

    async fn ticker(&self, _: &AccountId, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        on!(self, market.exchange, native => native.ticker(&self.site, market).await)
    }

    async fn price_at(&self, _: &AccountId, market: &MarketKey, at: Timestamp) -> Result<Option<Price>, VenueError> {
        let minute = CandleSpan::around(Interval::OneMinute, at);
        let told = on!(self, market.exchange, native => native.candles(&self.site, market, &minute, Wall.now()).await);
        let told = told.map_err(|error| VenueError::Unavailable(error.to_string()))?;
        Ok(told.first().filter(|candle| candle.is_closed).map(|candle| candle.bar.open))
    }

    /// Nobody reads what was said.
    fn said(&self) -> Vec<Said> {
        Vec::new()
    }
}
