//! Matching: the book after the prices since its last look. Pure.
//!
//! 1. The book is a function of its orders, the price points and the time. Looking at it more often changes nothing,
//!    since points are taken one by one in the order of time, and each meets the orders in that of their acceptance.
//! 2. A resting limit order fills at its limit when a point reaches it; a market order fills at the point's price.
//! 3. What cannot be paid any more, or finds nothing at the market, expires with what it has.

use super::price::Point;
use super::settling::{fee, remaining, settle};
use app::ports::{Book, PaperOrder};
use domain::clock::{Millis, Timestamp};
use domain::money::{MoneyError, Price};
use domain::order::{Direction, Fill, Status, TradeId};
use domain::preset::OrderKind;
use std::collections::BTreeMap;
use std::mem;

/// The book as it is now, and what is new in it.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) book: Book,
    /// The orders that are not as they were stored, by venue id.
    changed: BTreeMap<String, PaperOrder>,
    since: Timestamp,
}

impl Look {
    /// Takes the book through the points after its last look, up to `now`. `points` are in the order of time.
    pub(super) fn at(book: Book, points: &[Point], now: Timestamp) -> Result<Self, MoneyError> {
        let since = book.looked_at;
        let mut look = Self { book, changed: BTreeMap::new(), since };
        for point in points.iter().filter(|point| since < point.at && point.at <= now) {
            look.pass(point)?;
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

    /// Puts an order that has changed where it belongs: among the open ones or away.
    pub(super) fn keep(&mut self, order: PaperOrder) {
        self.changed.insert(order.venue_id.clone(), order.clone());
        if !order.status.is_final() {
            self.book.open.push(order);
        }
    }

    /// Fills as much of the order as one price point gives.
    pub(super) fn trade(&mut self, order: PaperOrder, price: Price, at: Timestamp) -> Result<PaperOrder, MoneyError> {
        let rest = remaining(&order)?;
        let quantity = self.book.fill_max.map_or(rest, |max| max.min(rest));
        if quantity.is_zero() {
            return if order.kind == OrderKind::Market { self.end(&order, Status::Expired) } else { Ok(order) };
        }
        let fee = fee(&order, self.book.fee_in, price, quantity)?;
        let fill = Fill { fee: Some(fee), price, quantity, at };
        let mut filled = order.clone();
        filled.trades.insert(TradeId(self.number()), fill.clone());
        filled.status = if quantity == rest { Status::Filled } else { Status::PartiallyFilled };
        if settle(&mut self.book, Some(&order), &filled, Some(&fill))? {
            Ok(filled)
        } else {
            self.end(&order, Status::Expired)
        }
    }

    /// Ends the order with what it has, and unlocks the rest.
    pub(super) fn end(&mut self, order: &PaperOrder, status: Status) -> Result<PaperOrder, MoneyError> {
        let ended = PaperOrder { status, ..order.clone() };
        settle(&mut self.book, Some(order), &ended, None)?;
        Ok(ended)
    }

    fn pass(&mut self, point: &Point) -> Result<(), MoneyError> {
        for order in mem::take(&mut self.book.open) {
            match fill_price(&order, point) {
                Some(price) => {
                    let met = self.trade(order, price, point.at)?;
                    self.keep(met);
                }
                None => self.book.open.push(order),
            }
        }
        Ok(())
    }
}

/// Whether a price is as good as the limit, or better.
pub(super) fn reaches(direction: Direction, limit: Price, price: Price) -> bool {
    match direction {
        Direction::Buy => price <= limit,
        Direction::Sell => price >= limit,
    }
}

/// At which price a resting order fills here, if it does.
fn fill_price(order: &PaperOrder, point: &Point) -> Option<Price> {
    match order.kind {
        _ if order.market.key != point.market => None,
        OrderKind::Market => Some(point.price),
        OrderKind::Limit(limit) => reaches(order.direction, limit, point.price).then_some(limit),
    }
}
