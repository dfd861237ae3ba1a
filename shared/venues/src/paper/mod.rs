//! The paper venue: a real exchange's rules over recorded or live prices, with a book of its own for each account.
//!
//! 1. A book is matched when it is looked at; how often that happens changes nothing (`matching`).
//! 2. Free and locked balances are never negative, and locked is what the open orders need (`settling`).
//! 3. An order that was saved is never answered with a refusal, and a refusal changes nothing (`acceptance`).
//! 4. The venue's time never goes back: it is the later of the clock and the last look.

mod acceptance;
mod book;
mod candles;
mod contracts;
mod keys;
mod matching;
mod pairs;
mod price;
mod settling;
mod taking;

use acceptance::{DUPLICATE_CLIENT_ORDER_ID, VALIDITY};
use app::ports::{
    Address, Balance, Book, Cancelled, Clock, FaultKind, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome,
    PaperBook, PaperOrder, PaperSettings, Pause, PricePath, ReadFee, Request, Requests, Said, StoreError, Tells, Terms,
    TriggerKind, Unprepared, Urgency, Venue, VenueError, VenueOrder,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, Bar, Exchange, Leverage, Market, MarketKey};
use domain::money::{MoneyError, Price, Rate};
use domain::order::{Fact, Refusal};
use matching::Look;
use price::{Point, Tape};
use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;

/// As Binance has it, so that the fence of time is as long.
const READ_LAG: Millis = Millis::seconds(5);
/// How often a book is looked at anew when others change it in between.
const SAVES_MAX: u32 = 8;
/// A look in which nothing happened is kept only when it has become long, so that the next need not begin so early.
const LOOK_UNSAVED_MAX: Millis = Millis::seconds(600);

/// The paper venue of every account that has a book.
///
/// `abort` is how the fault script ends the process: [`std::process::abort`], or in tests what takes its place. An
/// answer does not come in either case.
#[derive(Debug, Clone)]
pub struct Paper<D, A = fn()> {
    deps: D,
    abort: A,
    terms: Terms,
}

impl<D, A> Paper<D, A> {
    pub const fn new(deps: D, abort: A) -> Self {
        Self {
            deps,
            abort,
            terms: Terms {
                validity: Some(VALIDITY),
                read_lag: READ_LAG,
                lists_reach: None,
                tells: Tells::ByOurId,
                requests: Requests::Parallel,
                lists_all: false,
                names_all_assets: true,
            },
        }
    }

    /// As another exchange has it: how long a request is valid, and for how long a read may miss it.
    #[must_use]
    pub fn with_terms(self, terms: Terms) -> Self {
        Self { terms, ..self }
    }
}

impl<D: PaperBook + PricePath + Clock, A: Fn() -> R, R> Venue for Paper<D, A> {
    fn terms(&self, _: &Exchange) -> Terms {
        self.terms
    }

    async fn paused(&self, _: &AccountId, _: &Exchange, _: Urgency) -> Option<Pause> {
        None
    }

    /// One-way mode and margins of their own are all that there is here.
    async fn prepare(&self, account: &AccountId, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        if market.kind.is_linear() { self.lend(account, market, leverage).await } else { Ok(()) }
    }

    async fn positions(&self, account: &AccountId, _: &Exchange) -> Result<Vec<OpenPosition>, VenueError> {
        Ok(contracts::positions(&self.read(account).await?.contracts))
    }

    async fn submit(&self, request: &Request) -> Outcome {
        let place = |look: &mut Look| Ok(fact(&look.accept(request).map_err(Refusal::from)?)?);
        self.answer(self.accept(&request.account, &request.market.key, place).await).await
    }

    async fn submit_oco(&self, request: &OcoRequest) -> Outcome<OcoFacts> {
        let place = |look: &mut Look| {
            let [limit, stop] = look.accept_pair(request).map_err(Refusal::from)?;
            Ok(OcoFacts { limit: fact(&limit)?, stop: fact(&stop)? })
        };
        self.answer(self.accept(&request.account, &request.market.key, place).await).await
    }

    async fn cancel(&self, address: &Address) -> Cancelled {
        match self.end(address).await {
            Ok(Some(fact)) => Cancelled::Done(fact),
            Ok(None) => Cancelled::Gone,
            Err(failure) => Cancelled::Unknown(failure.to_string()),
        }
    }

    async fn find_order(&self, address: &Address) -> Result<Option<Fact>, VenueError> {
        Ok(self.find(&address.account, &address.client_id).await?)
    }

    async fn list_orders(
        &self,
        account: &AccountId,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError> {
        Ok(self.list(account, &market.key, prefix, which).await?)
    }

    async fn balances(&self, account: &AccountId, _: &Exchange) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        Ok(self.read(account).await?.balances)
    }

    async fn ticker(&self, _: &AccountId, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        let point = self.price(market, self.deps.now()).await.map_err(Failure::Load)?;
        Ok(point.map(|point| (point.price, point.at)))
    }

    /// The price in force at that moment, which is the one that fees in a third asset are taken at.
    async fn price_at(&self, _: &AccountId, market: &MarketKey, at: Timestamp) -> Result<Option<Price>, VenueError> {
        let point = self.price(market, at).await.map_err(Failure::Load)?;
        Ok(point.map(|point| point.price))
    }

    /// There is no wire.
    fn said(&self) -> Vec<Said> {
        Vec::new()
    }
}

impl<D: PaperBook + PricePath + Clock, A> ReadFee for Paper<D, A> {
    /// What is set for the account where its fees are taken in a third asset, else the market's.
    async fn read_fee(&self, account: &AccountId, market: &Market) -> Result<Rate, VenueError> {
        let book = self.deps.load_book(account).await.map_err(Failure::Load)?;
        let book = book.ok_or_else(|| Failure::NoBook(account.clone()))?;
        Ok(settling::third_market(&book.settings, &market.key).map_or(market.fee, |(_, rate)| rate))
    }
}

impl<D: PaperBook + PricePath + Clock, A: Fn() -> R, R> Paper<D, A> {
    /// Lets an order, or a pair, into the book as it is now.
    async fn accept<T>(
        &self,
        account: &AccountId,
        market: &MarketKey,
        place: impl Fn(&mut Look) -> Result<T, Failure>,
    ) -> Result<(T, Option<FaultKind>), Failure> {
        for _ in 0..SAVES_MAX {
            let mut look = self.look(account).await?;
            let now = look.book.looked_at;
            self.record(&mut look.tape, &look.book.settings, market, now, now).await.map_err(Failure::Load)?;
            let answer = (place(&mut look)?, look.take_fault());
            if self.save(&look).await? {
                return Ok(answer);
            }
        }
        Err(Failure::Contended)
    }

    async fn lend(&self, account: &AccountId, market: &Market, leverage: Leverage) -> Result<(), Unprepared> {
        let away = |failure: Failure| Unprepared::Away(failure.to_string());
        for _ in 0..SAVES_MAX {
            let mut look = self.look(account).await.map_err(away)?;
            if !look.lend(market, leverage)? || self.save(&look).await.map_err(away)? {
                return Ok(());
            }
        }
        Err(away(Failure::Contended))
    }

    async fn answer<T>(&self, accepted: Result<(T, Option<FaultKind>), Failure>) -> Outcome<T> {
        match accepted {
            Ok((facts, None)) => Outcome::Accepted(facts),
            Ok((_, Some(fault))) => self.suffer(fault).await,
            // Ids are unique among open orders only, so this one may be the very order.
            Err(Failure::Refused(refusal)) if refusal.code == DUPLICATE_CLIENT_ORDER_ID => {
                Outcome::Unknown(refusal.detail)
            }
            Err(Failure::Refused(refusal)) => Outcome::Rejected(refusal),
            Err(Failure::Save(error)) => Outcome::Unknown(error.to_string()),
            Err(failure) => Outcome::NotSent(failure.to_string()),
        }
    }

    async fn end(&self, address: &Address) -> Result<Option<Fact>, Failure> {
        for _ in 0..SAVES_MAX {
            let mut look = self.look(&address.account).await?;
            let Some(order) = look.cancel(&address.client_id)? else { return Ok(None) };
            let cancelled = fact(&order)?;
            if self.save(&look).await? {
                return Ok(Some(cancelled));
            }
        }
        Err(Failure::Contended)
    }

    /// The order that bears the id now; of several that bore it one after another, the latest.
    async fn find(&self, account: &AccountId, id: &ClientOrderId) -> Result<Option<Fact>, Failure> {
        let book = self.read(account).await?;
        if let Some(order) = book.open.iter().find(|order| order.client_id == *id) {
            return Ok(Some(fact(order)?));
        }
        let known = self.deps.find_paper_orders(account, id).await.map_err(Failure::Load)?;
        Ok(known.last().map(fact).transpose()?)
    }

    /// The rows of past orders are as new as the book: a look that changes one saves it.
    async fn list(
        &self,
        account: &AccountId,
        market: &MarketKey,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, Failure> {
        let book = self.read(account).await?;
        let orders = match which {
            Listed::Open => book.open,
            Listed::Since(at) => self.deps.list_paper_orders(account, prefix, at).await.map_err(Failure::Load)?,
        };
        let meant = |order: &&PaperOrder| order.market.key == *market && order.client_id.as_str().starts_with(prefix);
        orders.iter().filter(meant).map(|order| Ok(listed(order)?)).collect()
    }

    async fn read(&self, account: &AccountId) -> Result<Book, Failure> {
        for _ in 0..SAVES_MAX {
            let look = self.look(account).await?;
            let is_worth_saving = !look.changed().is_empty() || look.span() > LOOK_UNSAVED_MAX;
            if !is_worth_saving || self.save(&look).await? {
                return Ok(look.book);
            }
        }
        Err(Failure::Contended)
    }

    async fn look(&self, account: &AccountId) -> Result<Look, Failure> {
        let book = self.deps.load_book(account).await.map_err(Failure::Load)?;
        let book = book.ok_or_else(|| Failure::NoBook(account.clone()))?;
        let now = self.deps.now().max(book.looked_at);
        let tape = self.tape(&book, now).await.map_err(Failure::Load)?;
        let mut look = Look::at(book, tape, now)?;
        look.validity = self.terms.validity;
        Ok(look)
    }

    /// What the open orders and positions have to meet.
    async fn tape(&self, book: &Book, now: Timestamp) -> Result<Tape, StoreError> {
        let held = book.contracts.iter().filter(|(_, open)| !open.held.quantity.is_zero()).map(|(market, _)| market);
        let markets: BTreeSet<&MarketKey> = book.open.iter().map(|order| &order.market.key).chain(held).collect();
        let mut tape = Tape::default();
        for market in markets {
            self.record(&mut tape, &book.settings, market, book.looked_at, now).await?;
        }
        Ok(tape)
    }

    /// Puts a market on the tape, and that on which its fees are paid for.
    async fn record(
        &self,
        tape: &mut Tape,
        settings: &PaperSettings,
        market: &MarketKey,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<(), StoreError> {
        let fees = settling::third_market(settings, market).map(|(fees, _)| fees);
        for market in [Some(market.clone()), fees].into_iter().flatten() {
            tape.add(&market, self.bars(&market, from, to).await?);
        }
        Ok(())
    }

    async fn price(&self, market: &MarketKey, at: Timestamp) -> Result<Option<Point>, StoreError> {
        let mut tape = Tape::default();
        tape.add(market, self.bars(market, at, at).await?);
        Ok(tape.at(market, at))
    }

    /// The bars from that in which `from` is to that in which `to` is.
    async fn bars(&self, market: &MarketKey, from: Timestamp, to: Timestamp) -> Result<Vec<Bar>, StoreError> {
        self.deps.bars(market, from.minus(Millis::new(1)), to).await
    }

    async fn save(&self, look: &Look) -> Result<bool, Failure> {
        self.deps.save_book(&look.book, &look.changed()).await.map_err(Failure::Save)
    }

    async fn suffer<T>(&self, fault: FaultKind) -> Outcome<T> {
        match fault {
            FaultKind::Reset => return Outcome::Unknown("connection reset".to_owned()),
            FaultKind::Abort => drop((self.abort)()),
            FaultKind::Hang => {}
        }
        pending().await
    }
}

/// Why the venue could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the account {0} has no paper book")]
    NoBook(AccountId),
    #[error(transparent)]
    Load(StoreError),
    /// The save has begun; nobody knows how it ended.
    #[error(transparent)]
    Save(StoreError),
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error("others changed the book {SAVES_MAX} times in between")]
    Contended,
    #[error("{}", .0.detail)]
    Refused(Refusal),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Failure> for VenueError {
    fn from(failure: Failure) -> Self {
        Self::Unavailable(failure.to_string())
    }
}

fn fact(order: &PaperOrder) -> Result<Fact, MoneyError> {
    Ok(Fact {
        status: Some(order.status),
        venue_id: Some(order.venue_id.clone()),
        cumulative: settling::Traded::of(order)?.quantity,
        fills: order.trades.clone(),
        ..Fact::default()
    })
}

fn listed(order: &PaperOrder) -> Result<VenueOrder, MoneyError> {
    Ok(VenueOrder {
        client_id: order.client_id.clone(),
        venue_id: order.venue_id.clone(),
        direction: order.direction,
        kind: order.kind,
        stop: order
            .trigger
            .or(order.set_off)
            .filter(|trigger| trigger.kind == TriggerKind::StopLoss)
            .map(|stop| stop.price),
        quantity: order.quantity,
        fact: fact(order)?,
        accepted_at: order.accepted_at,
    })
}
