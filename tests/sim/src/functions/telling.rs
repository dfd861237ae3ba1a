//! The venue of one run, which tells what was said to it.

use crate::Deployment;
use crate::deployment::Market as Wire;
use app::ports::{
    Address, Balance, Cancelled, KeyRefused, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome, Pause, Request, Said,
    Terms, Unprepared, Urgency, Venue, VenueError, VenueOrder,
};
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, Exchange, Leverage, Market, MarketKey};
use domain::money::Price;
use domain::order::{Direction, Fact};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;

pub(super) struct Telling<'a> {
    deployment: &'a Deployment,
    said: RefCell<Vec<Said>>,
}

impl<'a> Telling<'a> {
    pub(super) fn of(deployment: &'a Deployment) -> Self {
        Self { deployment, said: RefCell::default() }
    }

    fn venue(&self) -> &Wire {
        self.deployment.venue()
    }

    fn tell<T: Debug>(&self, at: Timestamp, asked: String, answer: T) -> T {
        self.said.borrow_mut().push(Said { at, asked, answered: format!("{answer:?}") });
        answer
    }
}

impl Venue for Telling<'_> {
    fn terms(&self, exchange: &Exchange) -> Terms {
        self.venue().terms(exchange)
    }

    async fn paused(&self, account: &AccountId, exchange: &Exchange, urgency: Urgency) -> Option<Pause> {
        self.venue().paused(account, exchange, urgency).await
    }

    async fn prepare(&self, account: &AccountId, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        self.venue().prepare(account, market, leverage).await
    }

    async fn positions(&self, account: &AccountId, exchange: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        self.venue().positions(account, exchange).await
    }

    async fn submit(&self, request: &Request) -> Outcome {
        let at = self.deployment.now();
        self.tell(at, format!("submit {}", request.client_id), self.venue().submit(request).await)
    }

    async fn submit_oco(&self, request: &OcoRequest) -> Outcome<OcoFacts> {
        let (at, asked) = (self.deployment.now(), format!("submit {} {}", request.limit_id, request.stop_id));
        self.tell(at, asked, self.venue().submit_oco(request).await)
    }

    async fn cancel(&self, address: &Address) -> Cancelled {
        let at = self.deployment.now();
        self.tell(at, format!("cancel {}", address.client_id), self.venue().cancel(address).await)
    }

    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError> {
        let at = self.deployment.now();
        self.tell(at, format!("find {}", address.client_id), self.venue().find_order(address).await)
    }

    async fn find_many(&self, addresses: &[Address]) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        let (at, ids) = (self.deployment.now(), addresses.iter().map(|address| address.client_id.as_str()));
        let asked = format!("find {}", ids.collect::<Vec<_>>().join(" "));
        self.tell(at, asked, self.venue().find_many(addresses).await)
    }

    async fn list_orders(
        &self,
        account: &AccountId,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        self.venue().list_orders(account, market, prefix, which).await
    }

    async fn list_many(
        &self,
        account: &AccountId,
        markets: &[Market],
        prefix: &str,
        which: Listed,
    ) -> Result<BTreeMap<MarketKey, Vec<VenueOrder>>, VenueError> {
        self.venue().list_many(account, markets, prefix, which).await
    }

    async fn balances(&self, account: &AccountId, exchange: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        let at = self.deployment.now();
        self.tell(at, "balances".to_owned(), self.venue().balances(account, exchange).await)
    }

    async fn ticker(&self, account: &AccountId, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        let at = self.deployment.now();
        self.tell(at, format!("ticker {market}"), self.venue().ticker(account, market).await)
    }

    async fn offered(
        &self,
        account: &AccountId,
        market: &MarketKey,
        direction: Direction,
    ) -> Result<Option<Price>, VenueError> {
        let at = self.deployment.now();
        self.tell(at, format!("offered {market}"), self.venue().offered(account, market, direction).await)
    }

    async fn price_at(
        &self,
        account: &AccountId,
        market: &MarketKey,
        at: Timestamp,
    ) -> Result<Option<Price>, VenueError> {
        self.venue().price_at(account, market, at).await
    }

    fn said(&self) -> Vec<Said> {
        self.said.take()
    }

    fn newly_paused(&self, account: &AccountId) -> Option<Pause> {
        self.venue().newly_paused(account)
    }

    fn key_refused(&self, account: &AccountId) -> Option<KeyRefused> {
        self.venue().key_refused(account)
    }
}
