//! What the paper venue accepts, and the words with which it refuses, as real venues have them.

use super::matching::{Look, reaches};
use super::price::Point;
use super::settling::{lock_at, settle};
use app::ports::{Fault, FaultKind, PaperOrder, Request};
use domain::clock::Millis;
use domain::ids::ClientOrderId;
use domain::limits::CLOCK_SKEW;
use domain::market::{Asset, FilterFailure, MarketKey};
use domain::money::{Amount, MoneyError, Price, Quantity};
use domain::order::{Refusal, Status};
use domain::preset::OrderKind;
use std::collections::BTreeMap;

/// How old a request may be when it arrives.
pub(super) const VALIDITY: Millis = Millis::seconds(5);

/// Why an order is not accepted. It does not exist then.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("signed {} ms ago; at most {} ms ahead and {} ms old is allowed", .0.get(), CLOCK_SKEW.get(), VALIDITY.get())]
    Clock(Millis),
    #[error("{0} is not a spot market")]
    UnknownMarket(MarketKey),
    #[error("there is an open order with the client order id {0}")]
    DuplicateClientOrderId(ClientOrderId),
    #[error("{quantity} at {price} fails {failure}")]
    Filter { failure: FilterFailure, quantity: Quantity, price: Price },
    #[error("{0} has no price now")]
    NoPrice(MarketKey),
    #[error("{needed} {asset} needed, {free} free")]
    InsufficientBalance { asset: Asset, needed: Amount, free: Amount },
    #[error(transparent)]
    Precision(#[from] MoneyError),
}

/// Said of an id that is open already: the order may be the one that was meant.
pub(super) const DUPLICATE_CLIENT_ORDER_ID: &str = "duplicate_client_order_id";

impl Refused {
    /// The stable word for it.
    fn code(&self) -> String {
        let word = match self {
            Self::Clock(_) => "clock",
            Self::UnknownMarket(_) => "unknown_market",
            Self::DuplicateClientOrderId(_) => DUPLICATE_CLIENT_ORDER_ID,
            Self::Filter { failure, .. } => return failure.to_string(),
            Self::NoPrice(_) => "no_price",
            Self::InsufficientBalance { .. } => "insufficient_balance",
            Self::Precision(_) => "precision",
        };
        word.to_owned()
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self { code: refused.code(), detail: refused.to_string() }
    }
}

impl Look {
    /// Accepts the order and fills what the current price gives. After a refusal the look is not to be saved.
    pub(super) fn accept(&mut self, request: &Request, current: Option<&Point>) -> Result<PaperOrder, Refused> {
        self.check(request)?;
        let price = arrival_price(request, current)?;
        check_filters(request, price)?;
        let order = self.order(request);
        self.reserve(&order, price)?;
        let taken = current.filter(|point| takes(&order, point.price));
        let order = match taken {
            Some(point) => self.trade(order, point.price, self.book.looked_at)?,
            None => order,
        };
        self.keep(order.clone());
        Ok(order)
    }

    /// Cancels an open order; `None` where there is none.
    pub(super) fn cancel(&mut self, id: &ClientOrderId) -> Result<Option<PaperOrder>, MoneyError> {
        let Some(at) = self.book.open.iter().position(|order| order.client_id == *id) else { return Ok(None) };
        let order = self.book.open.remove(at);
        let cancelled = self.end(&order, Status::Cancelled)?;
        self.keep(cancelled.clone());
        Ok(Some(cancelled))
    }

    /// Counts the fault script down, with the acceptance that it strikes.
    pub(super) fn take_fault(&mut self) -> Option<FaultKind> {
        let fault = self.book.fault.filter(|fault| fault.times > 0)?;
        let times = fault.times.saturating_sub(1);
        self.book.fault = (times > 0).then_some(Fault { times, ..fault });
        Some(fault.kind)
    }

    fn check(&self, request: &Request) -> Result<(), Refused> {
        let age = self.book.looked_at.since(request.sent_at);
        if age > VALIDITY || age.plus(CLOCK_SKEW) < Millis::ZERO {
            return Err(Refused::Clock(age));
        }
        let (market, id) = (&request.market.key, &request.client_id);
        if market.symbol.settle.is_some() || market.symbol.base == market.symbol.quote {
            return Err(Refused::UnknownMarket(market.clone()));
        }
        if self.book.open.iter().any(|order| order.client_id == *id) {
            return Err(Refused::DuplicateClientOrderId(id.clone()));
        }
        Ok(())
    }

    /// A market order must be affordable at the price it meets, but locks nothing before that.
    fn reserve(&mut self, order: &PaperOrder, price: Price) -> Result<(), Refused> {
        let (asset, needed) = lock_at(order, self.book.fee_in, price)?;
        let free = self.book.balances.get(&asset).map_or(Amount::ZERO, |balance| balance.free);
        if needed > free || !settle(&mut self.book, None, order, None)? {
            return Err(Refused::InsufficientBalance { asset, needed, free });
        }
        Ok(())
    }

    fn order(&mut self, request: &Request) -> PaperOrder {
        PaperOrder {
            client_id: request.client_id.clone(),
            venue_id: self.number(),
            market: request.market.clone(),
            direction: request.direction,
            kind: request.kind,
            quantity: request.quantity,
            status: Status::Open,
            trades: BTreeMap::new(),
            accepted_at: self.book.looked_at,
        }
    }
}

/// The price by which a new order is checked: its limit, or the market's.
fn arrival_price(request: &Request, current: Option<&Point>) -> Result<Price, Refused> {
    match request.kind {
        OrderKind::Limit(limit) => Ok(limit),
        OrderKind::Market => {
            current.map(|point| point.price).ok_or_else(|| Refused::NoPrice(request.market.key.clone()))
        }
    }
}

fn check_filters(request: &Request, price: Price) -> Result<(), Refused> {
    let (quantity, filters) = (request.quantity, &request.market.filters);
    let limit = match request.kind {
        OrderKind::Limit(limit) => Some(limit),
        OrderKind::Market => None,
    };
    let checked = filters.check(quantity, price).and_then(|()| filters.on_grid(quantity, limit));
    checked.map_err(|failure| Refused::Filter { failure, quantity, price })
}

/// Whether a new order meets the market at once, and pays its price.
fn takes(order: &PaperOrder, price: Price) -> bool {
    match order.kind {
        OrderKind::Market => true,
        OrderKind::Limit(limit) => reaches(order.direction, limit, price),
    }
}
