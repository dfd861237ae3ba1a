//! The port, call by call.

use super::Exchanges;
use super::access::{Place, told_another};
use crate::native::{Heard, Login, Native, Refusals};
use crate::prompt::lateness;
use app::ports::{
    Address, Balance, Cancelled, CandlesError, KeyRefused, ListVenueMarkets, Listed, OcoFacts, OcoRequest,
    OpenPosition, OpenSecret, Outcome, Pause, ProbeCredential, ProbeError, ReadFee, Request, Said, Terms, Unprepared,
    Urgency, Venue, VenueError, VenueKey, VenueOrder,
};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, CandleSpan, Exchange, Interval, Leverage, Market, MarketKey};
use domain::money::{Price, Rate};
use domain::order::{Direction, Fact};
use domain::vault::{KeyFacts, Mode};
use std::collections::{BTreeMap, BTreeSet};
use store::{Engine, market};

/// The wire of the exchange, bound to a name; the last arm where there is none.
macro_rules! on {
    ($wires:expr, $exchange:expr, $native:ident => $call:expr, _ => $nobody:expr) => {
        match $exchange.as_str() {
            "BINANCE" => {
                let $native = &$wires.binance;
                $call
            }
            "BINANCEUSDM" => {
                let $native = &$wires.binance_futures;
                $call
            }
            "COINBASE" => {
                let $native = &$wires.coinbase;
                $call
            }
            "KRAKEN" => {
                let $native = &$wires.kraken;
                $call
            }
            _ => match $wires.breadth.of($exchange) {
                Some(spoken) => {
                    let $native = &spoken;
                    $call
                }
                None => $nobody,
            },
        }
    };
}

pub(super) use on;

/// Of a book, the best of either side.
const BEST: u32 = 1;

impl<P: Venue, D: Engine, S: OpenSecret> Venue for Exchanges<P, D, S> {
    fn terms(&self, exchange: &Exchange) -> Terms {
        on!(self.wires, exchange, native => native.terms(), _ => self.paper.terms(exchange))
    }

    async fn paused(&self, account: &AccountId, exchange: &Exchange, urgency: Urgency) -> Option<Pause> {
        if exchange.is_paper() {
            return self.paper.paused(account, exchange, urgency).await;
        }
        let _heard = self.wires.hearing(&self.deps);
        // The key is opened here: the order that follows waits for nothing but its own request.
        let login = self.login(account, exchange).await.ok()?;
        let held = self.held(account, &login.site, urgency);
        if held.is_none() {
            self.set_clock(exchange, &login.site).await;
        }
        held
    }

    async fn prepare(&self, account: &AccountId, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        let exchange = &market.key.exchange;
        if exchange.is_paper() {
            return self.paper.prepare(account, market, leverage).await;
        }
        let _heard = self.wires.hearing(&self.deps);
        let login = self.asking(account, exchange).await.map_err(|why| Unprepared::Away(why.to_string()))?;
        on!(self.wires, exchange, native => native.prepare(&login, market, leverage).await, _ => Err(Unprepared::Away(unknown(exchange))))
    }

    async fn positions(&self, account: &AccountId, exchange: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        if exchange.is_paper() {
            return self.paper.positions(account, exchange).await;
        }
        self.read(account, exchange, async |login: &Login| {
            on!(self.wires, exchange, native => native.positions(login).await, _ => Err(away(exchange)))
        })
        .await
    }

    async fn submit(&self, request: &Request) -> Outcome {
        let exchange = &request.market.key.exchange;
        if exchange.is_paper() {
            return self.paper.submit(request).await;
        }
        self.sent(&request.account, exchange, request.sent_at, async |login: &Login| {
            on!(self.wires, exchange, native => native.submit(login, request).await, _ => nobody(exchange))
        })
        .await
    }

    async fn submit_oco(&self, request: &OcoRequest) -> Outcome<OcoFacts> {
        let exchange = &request.market.key.exchange;
        if exchange.is_paper() {
            return self.paper.submit_oco(request).await;
        }
        self.sent(&request.account, exchange, request.sent_at, async |login: &Login| {
            on!(self.wires, exchange, native => native.submit_oco(login, request).await, _ => nobody(exchange))
        })
        .await
    }

    async fn cancel(&self, address: &Address) -> Cancelled {
        let exchange = &address.market.key.exchange;
        if exchange.is_paper() {
            return self.paper.cancel(address).await;
        }
        let _heard = self.wires.hearing(&self.deps);
        let login = match self.admitted(&address.account, exchange).await {
            Ok(login) => login,
            Err(why) => return Cancelled::Unknown(why.to_string()),
        };
        on!(self.wires, exchange, native => native.cancel(&login, address).await, _ => Cancelled::Unknown(unknown(exchange)))
    }

    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError> {
        let exchange = &address.market.key.exchange;
        if exchange.is_paper() {
            return self.paper.find_order(address).await;
        }
        self.read(&address.account, exchange, async |login: &Login| {
            on!(self.wires, exchange, native => native.find_order(login, address).await, _ => Err(away(exchange)))
        })
        .await
    }

    async fn find_many(&self, addresses: &[Address]) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        let Some(Address { account, market, .. }) = addresses.first() else { return Ok(BTreeMap::new()) };
        let exchange = &market.key.exchange;
        if exchange.is_paper() {
            return self.paper.find_many(addresses).await;
        }
        self.read(account, exchange, async |login: &Login| {
            on!(self.wires, exchange, native => native.find_many(login, addresses).await, _ => Err(away(exchange)))
        })
        .await
    }

    async fn list_orders(
        &self,
        account: &AccountId,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        let exchange = &market.key.exchange;
        if exchange.is_paper() {
            return self.paper.list_orders(account, market, prefix, which).await;
        }
        self.read(account, exchange, async |login: &Login| {
            on!(self.wires, exchange, native => native.list_orders(login, market, prefix, which).await, _ => Err(away(exchange)))
        })
        .await
    }

    async fn list_many(
        &self,
        account: &AccountId,
        markets: &[Market],
        prefix: &str,
        which: Listed,
    ) -> Result<BTreeMap<MarketKey, Vec<VenueOrder>>, VenueError> {
        let Some(exchange) = markets.first().map(|market| &market.key.exchange) else { return Ok(BTreeMap::new()) };
        if exchange.is_paper() {
            return self.paper.list_many(account, markets, prefix, which).await;
        }
        self.read(account, exchange, async |login: &Login| {
            on!(self.wires, exchange, native => native.list_many(login, markets, prefix, which).await, _ => Err(away(exchange)))
        })
        .await
    }

    async fn balances(&self, account: &AccountId, exchange: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        if exchange.is_paper() {
            return self.paper.balances(account, exchange).await;
        }
        self.read(account, exchange, async |login: &Login| {
            on!(self.wires, exchange, native => native.balances(login).await, _ => Err(away(exchange)))
        })
        .await
    }

    fn meet(&self, market: &Market) {
        if let Some(spoken) = self.wires.breadth.of(&market.key.exchange) {
            spoken.learn(market);
        }
    }

    async fn ticker(&self, account: &AccountId, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        let exchange = &market.exchange;
        if exchange.is_paper() {
            return self.paper.ticker(account, market).await;
        }
        let _heard = self.wires.hearing(&self.deps);
        let site = self.open_site(account, exchange).await?;
        self.learn(market).await?;
        on!(self.wires, exchange, native => native.ticker(&site, market).await, _ => Err(away(exchange)))
    }

    async fn offered(
        &self,
        account: &AccountId,
        market: &MarketKey,
        direction: Direction,
    ) -> Result<Option<Price>, VenueError> {
        let exchange = &market.exchange;
        if exchange.is_paper() {
            return self.paper.offered(account, market, direction).await;
        }
        let _heard = self.wires.hearing(&self.deps);
        let site = self.open_site(account, exchange).await?;
        self.learn(market).await?;
        let book =
            on!(self.wires, exchange, native => native.book(&site, market, BEST).await, _ => Err(away(exchange)))?;
        Ok(book.best(direction))
    }

    /// The price at which the minute opened: the same candle is told whenever it is asked for.
    async fn price_at(
        &self,
        account: &AccountId,
        market: &MarketKey,
        at: Timestamp,
    ) -> Result<Option<Price>, VenueError> {
        let exchange = &market.exchange;
        if exchange.is_paper() {
            return self.paper.price_at(account, market, at).await;
        }
        let _heard = self.wires.hearing(&self.deps);
        let site = self.open_site(account, exchange).await?;
        self.learn(market).await?;
        let (minute, now) = (CandleSpan::around(Interval::OneMinute, at), self.deps.now());
        let told = on!(self.wires, exchange, native => native.candles(&site, market, &minute, now).await, _ => Err(away(exchange).into()));
        match told {
            Ok(told) => Ok(told.first().filter(|candle| candle.is_closed).map(|candle| candle.bar.open)),
            // It is too long ago for that exchange.
            Err(CandlesError::NotTold(_)) => Ok(None),
            Err(CandlesError::Venue(error)) => match market::Market(&self.deps).load_market(market).await {
                Ok(None) => Err(VenueError::NoMarket(market.clone())),
                Ok(Some(_)) | Err(_) => Err(error),
            },
        }
    }

    async fn clock_ahead(&self, account: &AccountId, exchange: &Exchange) -> Result<Option<Millis>, VenueError> {
        if exchange.is_paper() {
            return Ok(None);
        }
        let _heard = self.wires.hearing(&self.deps);
        let site = self.open_site(account, exchange).await?;
        let read = on!(self.wires, exchange, native => self.wires.clock_ahead(native, &site, &self.deps).await, _ => Err(away(exchange)));
        read.map(Some)
    }

    fn said(&self) -> Vec<Said> {
        let at = self.deps.now();
        let of = |Heard { asked, answered }| Said { at, asked, answered };
        self.wires.transport.take_heard().into_iter().map(of).collect()
    }

    fn newly_paused(&self, account: &AccountId) -> Option<Pause> {
        let now = self.deps.now();
        self.known.newly_paused(account, |site, key| {
            let own = key.and_then(|key| self.wires.barred_one(site, key, now));
            self.wires.barred(site, now).into_iter().chain(own).max_by_key(|pause| pause.until)
        })
    }

    fn key_refused(&self, account: &AccountId) -> Option<KeyRefused> {
        self.known.refused(account)
    }
}

impl<P: ProbeCredential, D: Engine, S: OpenSecret> ProbeCredential for Exchanges<P, D, S> {
    async fn probe(
        &self,
        account: &Account,
        mode: Option<Mode>,
        key: Option<&VenueKey>,
        at: Timestamp,
    ) -> Result<KeyFacts, ProbeError> {
        let exchange = &account.exchange;
        if exchange.is_paper() {
            return self.paper.probe(account, mode, key, at).await;
        }
        let _heard = self.wires.hearing(&self.deps);
        let site = mode.and_then(|mode| self.wires.sites.of(exchange, mode));
        let site = site.ok_or_else(|| ProbeError::NotTradable(exchange.to_string()))?;
        let key = key.ok_or(ProbeError::NoKey)?;
        let now = self.deps.now();
        let barred = self.wires.barred(&site, now).or_else(|| self.wires.barred_one(&site, key, now));
        let barred = barred.or_else(|| self.wires.full(&site, now)).or_else(|| self.wires.full_one(&site, key, now));
        let paused_until = account.venue_pauses_until(now);
        if let Some(pause) = barred.or_else(|| told_another(paused_until, now)) {
            return Err(ProbeError::Away(pause.why));
        }
        self.known.asked(&account.id, Place::of(&site, Some(key), paused_until));
        self.set_clock(exchange, &site).await;
        let login = self.logged_in(site, key.clone());
        on!(self.wires, exchange, native => native.probe(&login).await, _ => Err(ProbeError::NotTradable(exchange.to_string())))
    }
}

impl<P: ReadFee, D: Engine, S: OpenSecret> ReadFee for Exchanges<P, D, S> {
    async fn read_fee(&self, account: &AccountId, market: &Market) -> Result<Rate, VenueError> {
        let exchange = &market.key.exchange;
        if exchange.is_paper() {
            return self.paper.read_fee(account, market).await;
        }
        if let Some(spoken) = self.wires.breadth.of(exchange) {
            spoken.learn(market);
        }
        self.read(account, exchange, async |login: &Login| {
            // A key that may not be told this may trade all the same.
            let login = Login { refusals: Refusals::default(), ..login.clone() };
            on!(self.wires, exchange, native => native.fee(&login, &market.key).await, _ => Err(away(exchange)))
        })
        .await
    }
}

impl<P, D: Engine, S: OpenSecret> Exchanges<P, D, S> {
    /// Sends something that costs money, unless the site has asked to be left alone since.
    async fn sent<T>(
        &self,
        account: &AccountId,
        exchange: &Exchange,
        sent_at: Timestamp,
        send: impl AsyncFnOnce(&Login) -> Outcome<T>,
    ) -> Outcome<T> {
        let _heard = self.wires.hearing(&self.deps);
        let login = match self.admitted(account, exchange).await {
            Ok(login) => login,
            Err(why) => return Outcome::NotSent(why.to_string()),
        };
        // Reading the key may have taken longer than the request may wait.
        if let Some(late) = lateness(sent_at, login.now) {
            return Outcome::NotSent(late);
        }
        send(&login).await
    }

    /// What a market is called at an exchange that the library speaks for stands in the market's row.
    async fn learn(&self, market: &MarketKey) -> Result<(), VenueError> {
        let breadth = &self.wires.breadth;
        let Some(spoken) = breadth.of(&market.exchange).filter(|_| !breadth.knows(market)) else { return Ok(()) };
        let known = market::Market(&self.deps)
            .load_market(market)
            .await
            .map_err(|error| VenueError::Unavailable(error.to_string()))?;
        known.iter().for_each(|market| spoken.learn(market));
        Ok(())
    }

    async fn read<T>(
        &self,
        account: &AccountId,
        exchange: &Exchange,
        read: impl AsyncFnOnce(&Login) -> Result<T, VenueError>,
    ) -> Result<T, VenueError> {
        let _heard = self.wires.hearing(&self.deps);
        let login = self.asking(account, exchange).await?;
        read(&login).await
    }
}

fn nobody<T>(exchange: &Exchange) -> Outcome<T> {
    Outcome::NotSent(unknown(exchange))
}

pub(super) fn away(exchange: &Exchange) -> VenueError {
    VenueError::Unavailable(unknown(exchange))
}

fn unknown(exchange: &Exchange) -> String {
    format!("{exchange} cannot be traded yet: there is no adapter for it")
}

impl<P, D: Engine, S: OpenSecret> ListVenueMarkets for Exchanges<P, D, S> {
    fn lists(&self, exchange: &Exchange) -> bool {
        on!(self.wires, exchange, _native => true, _ => false)
    }

    fn wanted(&self) -> BTreeSet<Exchange> {
        self.wanted.exchanges()
    }

    async fn list_venue_markets(&self, exchange: &Exchange) -> Result<Vec<Market>, VenueError> {
        let site = self.wires.sites.of(exchange, Mode::Live).ok_or_else(|| away(exchange))?;
        if self.wires.traffic.is_busy(&site, self.deps.now()) {
            return Err(VenueError::Unavailable("it is busy: this can wait".to_owned()));
        }
        let _heard = self.wires.hearing(&self.deps);
        on!(self.wires, exchange, native => native.markets(&site, &[]).await, _ => Err(away(exchange)))
    }
}
