//! What the paper venue accepts, and the words with which it refuses, as real venues have them.

use super::matching::Look;
use super::settling::{lock_at, settle, third_market};
use super::taking::{slipped, triggers};
use app::ports::{Fault, FaultKind, Pair, PaperOrder, Request};
use domain::clock::Millis;
use domain::ids::ClientOrderId;
use domain::limits::CLOCK_SKEW;
use domain::market::{Asset, FilterFailure, MarketKey};
use domain::money::{Amount, MoneyError, Price, Quantity};
use domain::order::{Refusal, Status};
use domain::preset::OrderKind;
use domain::reason::Reason;
use std::collections::BTreeMap;

/// How old a request may be when it arrives.
pub(super) const VALIDITY: Millis = Millis::seconds(5);

/// Why an order is not accepted. It does not exist then.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("signed {} ms ago; at most {} ms ahead and {} ms old is allowed", .age.get(), CLOCK_SKEW.get(), .validity.get())]
    Clock { age: Millis, validity: Millis },
    #[error("{0} is not traded here")]
    UnknownMarket(MarketKey),
    #[error("it may only reduce, and nothing of {0} is held that it could")]
    ReduceOnly(MarketKey),
    #[error("there is an open order with the client order id {0}")]
    DuplicateClientOrderId(ClientOrderId),
    #[error("{quantity} at {price} fails {failure}")]
    Filter { failure: FilterFailure, quantity: Quantity, price: Price },
    #[error("{0} has no price now")]
    NoPrice(MarketKey),
    #[error("fees are to be taken in another asset, and {0} has no price now")]
    NoFeePrice(MarketKey),
    #[error("the price is {price}, and would set it off at {trigger} at once")]
    WouldTrigger { price: Price, trigger: Price },
    #[error("a pair needs {limit} on the good side of the price {price} and {stop} on the bad one")]
    PairPrices { limit: Price, stop: Price, price: Price },
    #[error("both orders of a pair have the client order id {0}")]
    PairIds(ClientOrderId),
    #[error("{needed} {asset} needed, {free} free")]
    InsufficientBalance { asset: Asset, needed: Amount, free: Amount },
    #[error(transparent)]
    Precision(#[from] MoneyError),
}

/// Said of an id that is open already: the order may be the one that was meant.
pub(super) const DUPLICATE_CLIENT_ORDER_ID: Reason = Reason::DuplicateClientOrderId;

impl Refused {
    /// The stable word for it.
    fn code(&self) -> Reason {
        match self {
            Self::Clock { .. } => Reason::Clock,
            Self::UnknownMarket(_) => Reason::UnknownMarket,
            Self::ReduceOnly(_) => Reason::ReduceOnly,
            Self::DuplicateClientOrderId(_) => DUPLICATE_CLIENT_ORDER_ID,
            Self::Filter { failure, .. } => failure.reason(),
            Self::NoPrice(_) => Reason::NoPrice,
            Self::NoFeePrice(_) => Reason::NoFeePrice,
            Self::WouldTrigger { .. } => Reason::WouldTriggerImmediately,
            Self::PairPrices { .. } => Reason::OcoPrices,
            Self::PairIds(_) => Reason::OcoClientOrderIds,
            Self::InsufficientBalance { .. } => Reason::InsufficientBalance,
            Self::Precision(_) => Reason::Precision,
        }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self { code: refused.code().into(), detail: refused.to_string() }
    }
}

impl Look {
    /// Accepts the order and fills what the current price gives. After a refusal the look is not to be saved.
    pub(super) fn accept(&mut self, request: &Request) -> Result<PaperOrder, Refused> {
        let placed = self.place(request, None)?;
        Ok(self.begin(placed)?)
    }

    /// Takes the order into the book, with what it locks.
    pub(super) fn place(&mut self, request: &Request, pair: Option<Pair>) -> Result<PaperOrder, Refused> {
        self.check(request)?;
        let price = self.arrival_price(request)?;
        check_filters(request, price)?;
        let order = self.order(request, pair);
        self.reserve(&order, price)?;
        self.keep(order.clone());
        Ok(order)
    }

    /// The order as it is once it has met the price of now, where it is active by now.
    pub(super) fn begin(&mut self, placed: PaperOrder) -> Result<PaperOrder, MoneyError> {
        let now = self.book.looked_at;
        if placed.active_at <= now {
            self.arrive(&placed.venue_id, now)?;
        }
        Ok(self.known(&placed.venue_id).unwrap_or(placed))
    }

    /// Cancels an open order, and the other half of its pair; `None` where there is none.
    pub(super) fn cancel(&mut self, id: &ClientOrderId) -> Result<Option<PaperOrder>, MoneyError> {
        let Some(order) = self.book.open.iter().find(|order| order.client_id == *id).cloned() else { return Ok(None) };
        self.end_other(&order)?;
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
        let validity = self.validity.unwrap_or(age);
        if age > validity || age.plus(CLOCK_SKEW) < Millis::ZERO {
            return Err(Refused::Clock { age, validity });
        }
        let (market, id) = (&request.market.key, &request.client_id);
        let settles = request.market.kind.is_linear().then_some(&market.symbol.quote);
        if market.symbol.settle.as_ref() != settles || market.symbol.base == market.symbol.quote {
            return Err(Refused::UnknownMarket(market.clone()));
        }
        self.check_reduces(request)?;
        if self.book.open.iter().any(|order| order.client_id == *id) {
            return Err(Refused::DuplicateClientOrderId(id.clone()));
        }
        match third_market(&self.book.settings, market) {
            Some((paid_on, _)) if self.tape.at(&paid_on, self.book.looked_at).is_none() => {
                Err(Refused::NoFeePrice(paid_on))
            }
            _ => Ok(()),
        }
    }

    /// The price by which a new order is checked: its limit, where it waits, or what it would pay now.
    fn arrival_price(&self, request: &Request) -> Result<Price, Refused> {
        let (market, direction) = (&request.market, request.direction);
        let current = || self.current(&market.key);
        if let Some(trigger) = request.trigger {
            let price = current()?;
            if triggers(direction, trigger, price) {
                return Err(Refused::WouldTrigger { price, trigger: trigger.price });
            }
        }
        match (request.kind, request.trigger) {
            (OrderKind::Limit(limit), _) => Ok(limit),
            (OrderKind::Market, Some(trigger)) => Ok(trigger.price),
            (OrderKind::Market, None) => {
                Ok(slipped(direction, current()?, self.book.settings.slippage, &market.filters)?)
            }
        }
    }

    /// The market's price now.
    pub(super) fn current(&self, market: &MarketKey) -> Result<Price, Refused> {
        let point = self.tape.at(market, self.book.looked_at);
        point.map(|point| point.price).ok_or_else(|| Refused::NoPrice(market.clone()))
    }

    /// A market order must be affordable at the price it meets, but locks nothing before that.
    fn reserve(&mut self, order: &PaperOrder, price: Price) -> Result<(), Refused> {
        let (asset, needed) = match &order.pair {
            // The other half has locked it.
            Some(Pair { locks_at: None, .. }) => return Ok(()),
            Some(Pair { locks_at: Some(price), .. }) => lock_at(order, self.book.fee_in, *price)?,
            None => lock_at(order, self.book.fee_in, price)?,
        };
        let free = self.book.balances.get(&asset).map_or(Amount::ZERO, |balance| balance.free);
        if needed > free || !settle(&mut self.book, None, order, None)? {
            return Err(Refused::InsufficientBalance { asset, needed, free });
        }
        Ok(())
    }

    fn order(&mut self, request: &Request, pair: Option<Pair>) -> PaperOrder {
        PaperOrder {
            client_id: request.client_id.clone(),
            venue_id: self.number(),
            market: request.market.clone(),
            direction: request.direction,
            kind: request.kind,
            trigger: request.trigger,
            set_off: None,
            pair,
            contract: self.contract(request),
            quantity: request.quantity,
            status: Status::Open,
            trades: BTreeMap::new(),
            accepted_at: self.book.looked_at,
            active_at: self.book.looked_at.plus(self.book.settings.latency),
        }
    }
}

fn check_filters(request: &Request, price: Price) -> Result<(), Refused> {
    let (quantity, filters) = (request.quantity, &request.market.filters);
    let limit = match request.kind {
        OrderKind::Limit(limit) => Some(limit),
        OrderKind::Market => None,
    };
    let on_grid = |price| filters.on_grid(quantity, price);
    let checked = filters.check(quantity, price);
    let checked = checked.and_then(|()| filters.check_most(quantity, price, limit.is_none()));
    let checked = checked.and_then(|()| on_grid(limit));
    let checked = checked.and_then(|()| on_grid(request.trigger.map(|trigger| trigger.price)));
    checked.map_err(|failure| Refused::Filter { failure, quantity, price })
}
