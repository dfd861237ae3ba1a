//! The fence of time, on our side: a request leaves soon after its persisted `sent_at`, or not at all.

use app::ports::{
    Address, Balance, Cancelled, Clock, KeyRefused, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome, Pause,
    Request, Said, Terms, Unprepared, Urgency, Venue, VenueError, VenueOrder,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::limits::SEND_DELAY_MAX;
use domain::market::{Asset, Exchange, Leverage, Market, MarketKey};
use domain::money::Price;
use domain::order::{Direction, Fact};
use std::collections::BTreeMap;

/// Any venue, with late requests held back. What came too late was never sent, and says so.
#[derive(Debug, Clone)]
pub struct Prompt<V, C> {
    venue: V,
    clock: C,
}

impl<V, C> Prompt<V, C> {
    pub const fn new(venue: V, clock: C) -> Self {
        Self { venue, clock }
    }
}

/// Why a request does not leave any more.
pub(crate) fn lateness(sent_at: Timestamp, now: Timestamp) -> Option<String> {
    let late = now.since(sent_at);
    let (told, max) = (late.get(), SEND_DELAY_MAX.get());
    (late > SEND_DELAY_MAX).then(|| format!("{told} ms after it was signed, {max} ms allowed"))
}

impl<V: Venue, C: Clock> Venue for Prompt<V, C> {
    fn terms(&self, exchange: &Exchange) -> Terms {
        self.venue.terms(exchange)
    }

    async fn paused(&self, account: &AccountId, exchange: &Exchange, urgency: Urgency) -> Option<Pause> {
        self.venue.paused(account, exchange, urgency).await
    }

    async fn prepare(&self, account: &AccountId, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        self.venue.prepare(account, market, leverage).await
    }

    async fn positions(&self, account: &AccountId, exchange: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        self.venue.positions(account, exchange).await
    }

    async fn submit(&self, request: &Request) -> Outcome {
        match lateness(request.sent_at, self.clock.now()) {
            Some(why) => Outcome::NotSent(why),
            None => self.venue.submit(request).await,
        }
    }

    async fn submit_oco(&self, request: &OcoRequest) -> Outcome<OcoFacts> {
        match lateness(request.sent_at, self.clock.now()) {
            Some(why) => Outcome::NotSent(why),
            None => self.venue.submit_oco(request).await,
        }
    }

    async fn cancel(&self, address: &Address) -> Cancelled {
        self.venue.cancel(address).await
    }

    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError> {
        self.venue.find_order(address).await
    }

    async fn find_many(&self, addresses: &[Address]) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        self.venue.find_many(addresses).await
    }

    async fn list_orders(
        &self,
        account: &AccountId,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        self.venue.list_orders(account, market, prefix, which).await
    }

    async fn list_many(
        &self,
        account: &AccountId,
        markets: &[Market],
        prefix: &str,
        which: Listed,
    ) -> Result<BTreeMap<MarketKey, Vec<VenueOrder>>, VenueError> {
        self.venue.list_many(account, markets, prefix, which).await
    }

    async fn balances(&self, account: &AccountId, exchange: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        self.venue.balances(account, exchange).await
    }

    fn meet(&self, market: &Market) {
        self.venue.meet(market);
    }

    async fn ticker(&self, account: &AccountId, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        self.venue.ticker(account, market).await
    }

    async fn offered(
        &self,
        account: &AccountId,
        market: &MarketKey,
        direction: Direction,
    ) -> Result<Option<Price>, VenueError> {
        self.venue.offered(account, market, direction).await
    }

    async fn price_at(
        &self,
        account: &AccountId,
        market: &MarketKey,
        at: Timestamp,
    ) -> Result<Option<Price>, VenueError> {
        self.venue.price_at(account, market, at).await
    }

    async fn clock_ahead(&self, account: &AccountId, exchange: &Exchange) -> Result<Option<Millis>, VenueError> {
        self.venue.clock_ahead(account, exchange).await
    }

    fn said(&self) -> Vec<Said> {
        self.venue.said()
    }

    fn newly_paused(&self, account: &AccountId) -> Option<Pause> {
        self.venue.newly_paused(account)
    }

    fn key_refused(&self, account: &AccountId) -> Option<KeyRefused> {
        self.venue.key_refused(account)
    }
}
