//! No call of a venue that an order waits for lasts longer than the submit time-out. What did not answer in time is unknown, never refused.

use app::ports::{
    Address, Balance, Cancelled, CandlesError, KeyRefused, ListCandles, ListVenueMarkets, Listed, OcoFacts, OcoRequest,
    OpenPosition, Outcome, Pause, ProbeCredential, ProbeError, ReadFee, Request, Said, Terms, Unprepared, Urgency,
    Venue, VenueError, VenueKey, VenueOrder,
};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::limits::{LIST_TIMEOUT, SUBMIT_TIMEOUT};
use domain::market::{Asset, Candle, CandleSpan, Exchange, Interval, Leverage, Market, MarketKey};
use domain::money::{Price, Rate};
use domain::order::{Direction, Fact};
use domain::series::answered_within;
use domain::vault::{KeyFacts, Mode};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::{Instant, timeout};

const CALL_TIMEOUT: Duration = Duration::from_millis(SUBMIT_TIMEOUT.get().unsigned_abs());

const LIST_MAX: Duration = Duration::from_millis(LIST_TIMEOUT.get().unsigned_abs());

/// Any venue, with an end to every call. Clones count as one.
#[derive(Debug, Clone)]
pub struct Timed<V> {
    venue: V,
    taken: Arc<Taken>,
    is_patient: bool,
}

/// Calls, and the milliseconds that they took.
#[derive(Debug, Default)]
struct Taken {
    calls: AtomicU32,
    ms: AtomicI64,
}

impl<V> Timed<V> {
    pub fn new(venue: V) -> Self {
        Self { venue, taken: Arc::default(), is_patient: false }
    }

    /// Waits for candles that are many questions as long as all of them take: for whoever has nobody waiting.
    #[must_use]
    pub fn patient(self) -> Self {
        Self { is_patient: true, ..self }
    }

    /// Calls since this was last asked, and how long they took together, for the line that an invocation logs.
    pub fn calls_taken(&self) -> (u32, Millis) {
        let Taken { calls, ms } = &*self.taken;
        (calls.swap(0, Ordering::Relaxed), Millis::new(ms.swap(0, Ordering::Relaxed)))
    }

    /// What came in time. A venue's future is large and deep: on the heap it does not weigh on all the futures around it.
    async fn within<T>(&self, answer: impl Future<Output = T>) -> Option<T> {
        self.until(CALL_TIMEOUT, answer).await
    }

    async fn until<T>(&self, limit: Duration, answer: impl Future<Output = T>) -> Option<T> {
        let begun = Instant::now();
        let answered = timeout(limit, Box::pin(answer)).await.ok();
        let ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.taken.calls.fetch_add(1, Ordering::Relaxed);
        self.taken.ms.fetch_add(ms, Ordering::Relaxed);
        answered
    }

    async fn read<T>(&self, answer: impl Future<Output = Result<T, VenueError>>) -> Result<T, VenueError> {
        self.within(answer).await.unwrap_or_else(|| Err(VenueError::Unavailable(no_answer())))
    }
}

impl<V: Venue> Venue for Timed<V> {
    fn terms(&self, exchange: &Exchange) -> Terms {
        self.venue.terms(exchange)
    }

    /// What could not be prepared in time is prepared by the call itself.
    async fn paused(&self, account: &AccountId, exchange: &Exchange, urgency: Urgency) -> Option<Pause> {
        self.within(self.venue.paused(account, exchange, urgency)).await.flatten()
    }

    async fn prepare(&self, account: &AccountId, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        self.within(self.venue.prepare(account, market, leverage))
            .await
            .unwrap_or_else(|| Err(Unprepared::Away(no_answer())))
    }

    async fn positions(&self, account: &AccountId, exchange: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        self.read(self.venue.positions(account, exchange)).await
    }

    async fn submit(&self, request: &Request) -> Outcome {
        self.within(self.venue.submit(request)).await.unwrap_or_else(|| Outcome::Unknown(no_answer()))
    }

    async fn submit_oco(&self, request: &OcoRequest) -> Outcome<OcoFacts> {
        self.within(self.venue.submit_oco(request)).await.unwrap_or_else(|| Outcome::Unknown(no_answer()))
    }

    async fn cancel(&self, address: &Address) -> Cancelled {
        self.within(self.venue.cancel(address)).await.unwrap_or_else(|| Cancelled::Unknown(no_answer()))
    }

    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError> {
        self.read(self.venue.find_order(address)).await
    }

    async fn find_many(&self, addresses: &[Address]) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        self.read(self.venue.find_many(addresses)).await
    }

    async fn list_orders(
        &self,
        account: &AccountId,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        self.read(self.venue.list_orders(account, market, prefix, which)).await
    }

    async fn list_many(
        &self,
        account: &AccountId,
        markets: &[Market],
        prefix: &str,
        which: Listed,
    ) -> Result<BTreeMap<MarketKey, Vec<VenueOrder>>, VenueError> {
        self.read(self.venue.list_many(account, markets, prefix, which)).await
    }

    async fn balances(&self, account: &AccountId, exchange: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        self.read(self.venue.balances(account, exchange)).await
    }

    fn meet(&self, market: &Market) {
        self.venue.meet(market);
    }

    async fn ticker(&self, account: &AccountId, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        self.read(self.venue.ticker(account, market)).await
    }

    async fn offered(
        &self,
        account: &AccountId,
        market: &MarketKey,
        direction: Direction,
    ) -> Result<Option<Price>, VenueError> {
        self.read(self.venue.offered(account, market, direction)).await
    }

    async fn price_at(
        &self,
        account: &AccountId,
        market: &MarketKey,
        at: Timestamp,
    ) -> Result<Option<Price>, VenueError> {
        self.read(self.venue.price_at(account, market, at)).await
    }

    async fn clock_ahead(&self, account: &AccountId, exchange: &Exchange) -> Result<Option<Millis>, VenueError> {
        self.read(self.venue.clock_ahead(account, exchange)).await
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

impl<V: ProbeCredential> ProbeCredential for Timed<V> {
    async fn probe(
        &self,
        account: &Account,
        mode: Option<Mode>,
        key: Option<&VenueKey>,
        now: Timestamp,
    ) -> Result<KeyFacts, ProbeError> {
        let told = self.within(self.venue.probe(account, mode, key, now)).await;
        told.unwrap_or_else(|| Err(ProbeError::Away(no_answer())))
    }
}

impl<V: ReadFee> ReadFee for Timed<V> {
    async fn read_fee(&self, account: &AccountId, market: &Market) -> Result<Rate, VenueError> {
        self.read(self.venue.read_fee(account, market)).await
    }
}

/// All markets of an exchange are a long answer, and nobody waits for it who is to send an order.
impl<V: ListVenueMarkets> ListVenueMarkets for Timed<V> {
    fn lists(&self, exchange: &Exchange) -> bool {
        self.venue.lists(exchange)
    }

    fn wanted(&self) -> BTreeSet<Exchange> {
        self.venue.wanted()
    }

    async fn list_venue_markets(&self, exchange: &Exchange) -> Result<Vec<Market>, VenueError> {
        let listed = timeout(LIST_MAX, Box::pin(self.venue.list_venue_markets(exchange))).await;
        listed.unwrap_or_else(|_| Err(VenueError::Unavailable("the list did not come in time".to_owned())))
    }
}

impl<V: ListCandles> ListCandles for Timed<V> {
    async fn list_candles(&self, market: &Market, span: &CandleSpan) -> Result<Vec<Candle>, CandlesError> {
        let within = if self.is_patient { answered_within(span) } else { SUBMIT_TIMEOUT };
        let limit = Duration::from_millis(within.get().unsigned_abs());
        let listed = self.until(limit, self.venue.list_candles(market, span)).await;
        let late = || format!("no answer within {} ms", within.get());
        listed.unwrap_or_else(|| Err(VenueError::Unavailable(late()).into()))
    }

    fn told_in(&self, exchange: &Exchange, interval: Interval) -> Interval {
        self.venue.told_in(exchange, interval)
    }
}

fn no_answer() -> String {
    format!("no answer within {} ms", SUBMIT_TIMEOUT.get())
}
