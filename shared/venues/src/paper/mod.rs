//! The paper venue: a real exchange's rules over recorded or live prices, with a book of its own for each account.
//!
//! 1. A book is matched when it is looked at; how often that happens changes nothing (`matching`).
//! 2. Free and locked balances are never negative, and locked is what the open orders need (`settling`).
//! 3. An order that was saved is never answered with a refusal, and a refusal changes nothing (`acceptance`).
//! 4. The venue's time never goes back: it is the later of the clock and the last look.

mod acceptance;
mod matching;
mod price;
mod settling;

use acceptance::{DUPLICATE_CLIENT_ORDER_ID, VALIDITY};
use app::ports::{
    Address, Balance, Book, Cancelled, Clock, FaultKind, Listed, Outcome, PaperBook, PaperOrder, PricePath, Request,
    StoreError, Terms, Venue, VenueError, VenueOrder,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, Market, MarketKey};
use domain::money::{MoneyError, Price};
use domain::order::{Fact, Refusal};
use matching::Look;
use price::Point;
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
}

impl<D, A> Paper<D, A> {
    pub const fn new(deps: D, abort: A) -> Self {
        Self { deps, abort }
    }
}

impl<D: PaperBook + PricePath + Clock, A: Fn() -> R, R> Venue for Paper<D, A> {
    fn terms(&self) -> Terms {
        Terms { validity: Some(VALIDITY), read_lag: READ_LAG }
    }

    async fn submit(&self, request: &Request) -> Outcome {
        match self.accept(request).await {
            Ok((fact, None)) => Outcome::Accepted(fact),
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

    async fn balances(&self, account: &AccountId) -> Result<BTreeMap<Asset, Balance>, VenueError> {
        Ok(self.read(account).await?.balances)
    }

    async fn ticker(&self, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        let point = self.price(market, self.deps.now()).await.map_err(Failure::Load)?;
        Ok(point.map(|point| (point.price, point.at)))
    }
}

impl<D: PaperBook + PricePath + Clock, A: Fn() -> R, R> Paper<D, A> {
    async fn accept(&self, request: &Request) -> Result<(Fact, Option<FaultKind>), Failure> {
        for _ in 0..SAVES_MAX {
            let mut look = self.look(&request.account).await?;
            let current = self.price(&request.market.key, look.book.looked_at).await.map_err(Failure::Load)?;
            let order = look.accept(request, current.as_ref()).map_err(Refusal::from)?;
            let answer = (fact(&order)?, look.take_fault());
            if self.save(&look).await? {
                return Ok(answer);
            }
        }
        Err(Failure::Contended)
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
        let points = self.points(&book, now).await.map_err(Failure::Load)?;
        Ok(Look::at(book, &points, now)?)
    }

    /// What the open orders have to meet, in the order of time; points of one moment in that of their markets.
    async fn points(&self, book: &Book, now: Timestamp) -> Result<Vec<Point>, StoreError> {
        let markets: BTreeSet<&MarketKey> = book.open.iter().map(|order| &order.market.key).collect();
        let mut points = Vec::new();
        for market in markets {
            let bars = self.deps.bars(market, book.looked_at, now).await?;
            points.extend(price::points(market, &bars));
        }
        points.sort_by_key(|point| point.at);
        Ok(points)
    }

    async fn price(&self, market: &MarketKey, now: Timestamp) -> Result<Option<Point>, StoreError> {
        let bars = self.deps.bars(market, now.minus(Millis::new(1)), now).await?;
        Ok(price::current(market, &bars, now))
    }

    async fn save(&self, look: &Look) -> Result<bool, Failure> {
        self.deps.save_book(&look.book, &look.changed()).await.map_err(Failure::Save)
    }

    async fn suffer(&self, fault: FaultKind) -> Outcome {
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
        refusal: None,
    })
}

fn listed(order: &PaperOrder) -> Result<VenueOrder, MoneyError> {
    Ok(VenueOrder {
        client_id: order.client_id.clone(),
        venue_id: order.venue_id.clone(),
        direction: order.direction,
        kind: order.kind,
        quantity: order.quantity,
        fact: fact(order)?,
        accepted_at: order.accepted_at,
    })
}
