//! Matching: the book after the prices since its last look. Pure.
//!
//! 1. The book is a function of its orders, the price points and the time. Looking at it more often changes nothing,
//!    since points are taken one by one in the order of time, and each meets the orders in that of their acceptance.
//! 2. An order meets no price before it is active. What takes a price pays the slippage; a resting limit order fills at
//!    its limit when a point reaches it.
//! 3. An order that waits for its trigger is placed at the point that sets it off, and meets that point's price.
//! 4. Of a pair, what is filled or set off first ends the other. Where one bar has prices for both, the stop is first.
//! 5. What cannot be paid any more, or finds nothing at the market, expires with what it has.

use super::acceptance::VALIDITY;
use super::price::{Point, Tape};
use super::settling::{fee, fee_in_third, remaining, settle, third_market};
use super::taking::{rested, taken, triggers};
use app::ports::{Book, PaperOrder};
use domain::clock::{Millis, Timestamp};
use domain::money::{MoneyError, Price, Quantity};
use domain::order::{Fee, Fill, Status, TradeId};
use domain::preset::OrderKind;
use std::collections::BTreeMap;

/// The book as it is now, and what is new in it.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) book: Book,
    pub(super) tape: Tape,
    /// The orders that are not as they were stored, by venue id.
    changed: BTreeMap<String, PaperOrder>,
    since: Timestamp,
    /// How old a request may be when it arrives; however old where nothing bounds it.
    pub(super) validity: Option<Millis>,
}

/// What an order meets, in the order of time; at one moment the price comes first.
#[derive(Debug)]
enum Moment {
    Price(Point),
    /// An order becomes active, by venue id.
    Arrival(String),
}

impl Look {
    /// Takes the book through what has come after its last look, up to `now`.
    pub(super) fn at(book: Book, tape: Tape, now: Timestamp) -> Result<Self, MoneyError> {
        let since = book.looked_at;
        let mut look = Self { book, tape, changed: BTreeMap::new(), since, validity: Some(VALIDITY) };
        for (at, moment) in look.moments(since, now) {
            match moment {
                Moment::Price(point) => look.pass(&point)?,
                Moment::Arrival(id) => look.arrive(&id, at)?,
            }
        }
        look.book.looked_at = now;
        Ok(look)
    }

    pub(super) fn changed(&self) -> Vec<PaperOrder> {
        self.changed.values().cloned().collect()
    }

    /// How long the book had not been looked at.
    pub(super) fn span(&self) -> Millis {
        self.book.looked_at.since(self.since)
    }

    /// The next number of the book, with leading zeros, so that ids sort as they were given.
    pub(super) fn number(&mut self) -> String {
        self.book.sequence = self.book.sequence.saturating_add(1);
        format!("{:012}", self.book.sequence)
    }

    /// Puts an order that is new or has changed where it belongs: in its place among the open ones, or away.
    pub(super) fn keep(&mut self, order: PaperOrder) {
        self.changed.insert(order.venue_id.clone(), order.clone());
        let open = &mut self.book.open;
        match open.iter().position(|known| known.venue_id == order.venue_id) {
            Some(place) if order.status.is_final() => drop(open.remove(place)),
            Some(place) => open.iter_mut().skip(place).take(1).for_each(|known| *known = order.clone()),
            None if order.status.is_final() => {}
            None => open.push(order),
        }
    }

    /// The order meets the market for the first time: it takes the price of now, or rests.
    pub(super) fn arrive(&mut self, id: &str, at: Timestamp) -> Result<(), MoneyError> {
        let Some(order) = self.open(id) else { return Ok(()) };
        match self.tape.at(&order.market.key, at) {
            Some(point) => self.meet(order, &Point { at, ..point }, true),
            // Nothing is to be had where nothing is traded.
            None if order.kind == OrderKind::Market && order.trigger.is_none() => {
                let expired = self.end(&order, Status::Expired)?;
                self.keep(expired);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Ends the order with what it has, and unlocks the rest.
    pub(super) fn end(&mut self, order: &PaperOrder, status: Status) -> Result<PaperOrder, MoneyError> {
        let ended = PaperOrder { status, ..order.clone() };
        settle(&mut self.book, Some(order), &ended, None)?;
        Ok(ended)
    }

    pub(super) fn open(&self, id: &str) -> Option<PaperOrder> {
        self.book.open.iter().find(|order| order.venue_id == id).cloned()
    }

    /// The order as this look leaves it, open or over.
    pub(super) fn known(&self, id: &str) -> Option<PaperOrder> {
        self.changed.get(id).cloned().or_else(|| self.open(id))
    }

    fn moments(&self, since: Timestamp, now: Timestamp) -> Vec<(Timestamp, Moment)> {
        let prices = self.tape.points().into_iter().map(|point| (point.at, Moment::Price(point)));
        let active = self.book.open.iter().map(|order| (order.active_at, Moment::Arrival(order.venue_id.clone())));
        let mut moments: Vec<_> = prices.chain(active).filter(|(at, _)| since < *at && *at <= now).collect();
        moments.sort_by_key(|(at, _)| *at);
        moments
    }

    fn pass(&mut self, point: &Point) -> Result<(), MoneyError> {
        self.liquidate(point)?;
        let meets = |order: &&PaperOrder| order.market.key == point.market && order.active_at < point.at;
        let ids: Vec<String> = self.book.open.iter().filter(meets).map(|order| order.venue_id.clone()).collect();
        for id in ids {
            // Its other half may have ended it at this very point.
            let Some(order) = self.open(&id) else { continue };
            self.meet(order, point, false)?;
        }
        Ok(())
    }

    fn meet(&mut self, order: PaperOrder, point: &Point, arrives: bool) -> Result<(), MoneyError> {
        if let Some(trigger) = order.trigger {
            if triggers(order.direction, trigger, point.price) {
                let placed = self.set_off(&order)?;
                if !placed.status.is_final() {
                    self.meet(placed, point, true)?;
                }
            }
            return Ok(());
        }
        let (slippage, met) = (self.book.settings.slippage, if arrives { taken } else { rested });
        let Some(price) = met(&order, point.price, slippage)? else { return Ok(()) };
        if self.is_stopped_in_this_bar(&order, point) {
            return Ok(());
        }
        let met = self.trade(order, price, point.at)?;
        self.keep(met);
        Ok(())
    }

    /// Places what has waited, as the kind that it is.
    fn set_off(&mut self, order: &PaperOrder) -> Result<PaperOrder, MoneyError> {
        let placed = PaperOrder { trigger: None, set_off: order.trigger, pair: None, ..order.clone() };
        self.end_other(order)?;
        let placed = if settle(&mut self.book, Some(order), &placed, None)? {
            placed
        } else {
            self.end(order, Status::Expired)?
        };
        self.keep(placed.clone());
        Ok(placed)
    }

    /// The other half of its pair, if it has one, is over.
    pub(super) fn end_other(&mut self, order: &PaperOrder) -> Result<(), MoneyError> {
        let Some(other) = self.other_of(order) else { return Ok(()) };
        let cancelled = self.end(&other, Status::Cancelled)?;
        self.keep(cancelled);
        Ok(())
    }

    fn other_of(&self, order: &PaperOrder) -> Option<PaperOrder> {
        let pair = order.pair.as_ref()?;
        self.book.open.iter().find(|known| known.client_id == pair.other).cloned()
    }

    /// Whether the bar, of which only the order of its prices is guessed, has a price that sets off its other half.
    fn is_stopped_in_this_bar(&self, order: &PaperOrder, point: &Point) -> bool {
        let Some(other) = self.other_of(order) else { return false };
        let Some(trigger) = other.trigger else { return false };
        let stops = |met: &Point| order.active_at < met.at && triggers(other.direction, trigger, met.price);
        self.tape.meets(&point.market, point.at, stops)
    }

    /// Fills as much of the order as one price point gives.
    fn trade(&mut self, order: PaperOrder, price: Price, at: Timestamp) -> Result<PaperOrder, MoneyError> {
        let (rest, most) = (remaining(&order)?, self.fills_at_most(&order));
        let there = most.map_or(rest, |most| most.min(rest));
        let quantity = self.book.fill_max.map_or(there, |max| max.min(there));
        if quantity.is_zero() {
            let over = order.kind == OrderKind::Market || most.is_some();
            return if over { self.end(&order, Status::Expired) } else { Ok(order) };
        }
        self.end_other(&order)?;
        let fee = self.fee(&order, price, quantity, at)?;
        let fill = Fill { fee: Some(fee), price, quantity, at };
        let mut filled = PaperOrder { pair: None, ..order.clone() };
        filled.trades.insert(TradeId(self.number()), fill.clone());
        filled.status = match most {
            _ if quantity == rest => Status::Filled,
            // Nothing is left that it could reduce.
            Some(most) if quantity == most => Status::Expired,
            _ => Status::PartiallyFilled,
        };
        if settle(&mut self.book, Some(&order), &filled, Some(&fill))? {
            Ok(filled)
        } else {
            self.end(&order, Status::Expired)
        }
    }

    /// In the asset that is set for it, while there is a price and enough of it; else as the venue takes it otherwise.
    fn fee(&self, order: &PaperOrder, price: Price, quantity: Quantity, at: Timestamp) -> Result<Fee, MoneyError> {
        if let Some((market, rate)) = third_market(&self.book.settings, &order.market.key)
            && let Some(paid_on) = self.tape.at(&market, at)
        {
            let fee = fee_in_third(order, rate, price.times(quantity)?, &paid_on)?;
            let there = self.book.balances.get(&fee.asset);
            if there.is_some_and(|balance| balance.free >= fee.amount) {
                return Ok(fee);
            }
        }
        fee(order, self.book.fee_in, price, quantity)
    }
}
