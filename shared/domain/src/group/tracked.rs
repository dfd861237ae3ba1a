//! Exits that depend on what the price was before: a trailing take-profit, a trailing stop, and a stop that waits. Looks
//! at the price leave here what the next ones need; it stands in the group's row and outlives whoever has looked.
//!
//! The words are those of a long: the peak of a short is the lowest price, and what rises falls.
//!
//! 1. The peak and the trailing stop only rise. What is armed stays armed: entries that fill later move the average, not
//!    the peak, and what they bring is sold with the rest. Else a fall that fills another leg would take the protection
//!    from what has reached its price.
//! 2. A price from before a fill says nothing about what the fill has bought: a limit entry would arm by the price from
//!    which the market fell to it. The stop follows prices since the first fill, the take-profit those since the last, and
//!    no price from before a base order was bought is at or under the stop that follows from what it has cost.
//! 3. Looks may overtake each other. A price older than the one that has changed something here changes nothing and sells
//!    nothing: it would be held against a peak or a stop that has risen since.
//! 4. Only a price above the stop ends its delay. A time without looks, or one in which no price could be read, proves
//!    nothing and counts as under it: what waits longer than it was told to is sold too late.

use super::{Group, Position};
use crate::clock::Timestamp;
use crate::money::{MoneyError, Price};
use crate::order::{Order, Purpose};
use crate::preset::TradePlan;
use crate::profit::TakeProfit;

/// What looks at the price have left; nothing where no exit asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tracked {
    /// Of a trailing take-profit, once its price was reached.
    pub armed: Option<Armed>,
    /// Where a trailing stop stands: the highest place that it has ever had.
    pub stop: Option<Price>,
    /// Since when every look that knew the price found it at or under a stop that waits.
    pub below_since: Option<Timestamp>,
    /// When the venue had the price that has last changed any of this.
    pub price_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Armed {
    pub at: Timestamp,
    /// The highest price since then.
    pub peak: Price,
}

impl Tracked {
    /// What of it still counts where a plan takes the place of another: a peak of the same take-profit, and a place of
    /// a stop that the new one is as tight as. A tighter stop that began anew would stand lower than the one before did.
    #[must_use]
    pub fn under(self, was: &TradePlan, is: &TradePlan) -> Self {
        let profit = was.take_profit == is.take_profit;
        let stop = was.stop_loss.zip(is.stop_loss).is_some_and(|(was, is)| is.is_as_tight_as(&was));
        Self {
            armed: self.armed.filter(|_| profit),
            stop: self.stop.filter(|_| stop),
            below_since: self.below_since.filter(|_| stop),
            price_at: self.price_at,
        }
    }
}

impl Group {
    /// Where a trailing take-profit sells everything, trigger down; none before it is armed.
    pub fn trails_at(&self) -> Option<Price> {
        let (armed, trailing) = (self.tracked.armed?, self.plan.take_profit.trailing()?);
        let trigger = armed.peak.fraction() * self.side.lost(trailing);
        self.side.entry_price(&self.market.filters, &trigger).ok()
    }
}

impl Position {
    /// The same position after a look at the price, which the venue had at `at`. It is another one only where something
    /// has risen, was armed, or the price has come to the other side of a stop that waits: a look that finds nothing of
    /// that writes nothing.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn track(&self, price: Price, at: Timestamp, now: Timestamp) -> Result<Self, MoneyError> {
        let over = self.group.exit.is_some() || self.group.is_settled();
        if over || self.is_overtaken(at, now) || self.ledger()?.held()?.is_zero() {
            return Ok(self.clone());
        }
        let mut looked = self.clone();
        looked.group.tracked.stop = self.risen_stop(price, at, now)?;
        looked.group.tracked.armed = self.armed(price, at, now)?;
        looked.group.tracked.below_since = looked.below_since(price, at, now)?;
        if looked.group.tracked != self.group.tracked {
            looked.group.tracked.price_at = Some(at.min(now));
        }
        Ok(looked)
    }

    /// Whether everything is to be sold since the price has fallen from its peak.
    pub fn has_trailed(&self, price: Price, at: Timestamp, now: Timestamp) -> bool {
        !self.is_overtaken(at, now) && self.group.trails_at().is_some_and(|trigger| self.has_lost(price, trigger))
    }

    /// Whether a later price has changed what this one would be held against. A time of the future is of a clock that was wrong, and
    /// keeps no stop from being looked at.
    fn is_overtaken(&self, at: Timestamp, now: Timestamp) -> bool {
        self.group.tracked.price_at.is_some_and(|newest| at < newest && !newest.is_of_the_future(now))
    }

    /// Whether everything is to be sold with loss at this price.
    ///
    /// # Errors
    /// `Inexact` where the price cannot be kept.
    pub fn is_stopped(&self, price: Price, at: Timestamp, now: Timestamp) -> Result<bool, MoneyError> {
        let counts = !self.is_overtaken(at, now) && self.is_since_bases(at, now);
        let Some(stop) = self.stop_price()?.filter(|_| counts) else { return Ok(false) };
        let waited = match self.delay() {
            None => true,
            Some(delay) => self.group.tracked.below_since.is_some_and(|since| now.since(since) >= delay),
        };
        Ok(self.has_lost(price, stop) && waited)
    }

    /// The price at which a trailing take-profit begins to trail; none for others, and while fills or their fees are
    /// not known.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn arms_at(&self) -> Result<Option<Price>, MoneyError> {
        let TakeProfit::Aggregate { basis, steps, trailing: Some(_) } = &self.group.plan.take_profit else {
            return Ok(None);
        };
        let Some(last) = steps.last() else { return Ok(None) };
        for order in &self.orders {
            if !order.is_accounted()? {
                return Ok(None);
            }
        }
        let ledger = self.ledger()?;
        ledger.average().map(|_| self.step_price(&ledger, *basis, last.profit)).transpose()
    }

    /// Whether a price of this time is one of what is held now.
    pub fn is_since_entries(&self, at: Timestamp, now: Timestamp) -> bool {
        let mut fills = self.entry_fills().peekable();
        fills.peek().is_some() && fills.all(|fill| is_since(at, fill, now))
    }

    /// Whether a price of this time is not older than any base order's fill: what they have cost is where stops stand.
    fn is_since_bases(&self, at: Timestamp, now: Timestamp) -> bool {
        self.bases().flat_map(Order::counted).all(|fill| is_since(at, fill.at, now))
    }

    /// Whether nothing but what looks leave is another than before.
    pub fn differs_in_track_alone(&self, before: &Self) -> bool {
        let mut looked = before.clone();
        looked.group.tracked = self.group.tracked;
        *self != *before && *self == looked
    }

    /// Nothing rests for a step that trails.
    pub(super) fn trails(&self, step: u32) -> bool {
        let profit = &self.group.plan.take_profit;
        profit.trailing().is_some() && step == profit.steps()
    }

    fn risen_stop(&self, price: Price, at: Timestamp, now: Timestamp) -> Result<Option<Price>, MoneyError> {
        let known = self.group.tracked.stop;
        let Some(stop) = self.group.plan.stop_loss.filter(|stop| stop.trailing) else { return Ok(known) };
        let counts = self.entry_fills().min().is_some_and(|first| is_since(at, first, now));
        let side = self.group.side;
        let behind = side.entry_price(&self.group.market.filters, &(price.fraction() * side.lost(stop.loss))).ok();
        let places = [self.stop_price()?, behind.filter(|_| counts)];
        Ok(places.into_iter().flatten().reduce(|one, other| side.better(one, other)))
    }

    fn armed(&self, price: Price, at: Timestamp, now: Timestamp) -> Result<Option<Armed>, MoneyError> {
        if !self.is_since_entries(at, now) {
            return Ok(self.group.tracked.armed);
        }
        match self.group.tracked.armed {
            Some(armed) => Ok(Some(Armed { peak: self.group.side.better(armed.peak, price), ..armed })),
            None => Ok(self
                .arms_at()?
                .filter(|arms_at| self.group.side.has_gained(&price, arms_at))
                .map(|_| Armed { at: now, peak: price })),
        }
    }

    fn below_since(&self, price: Price, at: Timestamp, now: Timestamp) -> Result<Option<Timestamp>, MoneyError> {
        if !self.is_since_bases(at, now) {
            return Ok(self.group.tracked.below_since);
        }
        let is_below = self.delay().is_some() && self.stop_price()?.is_some_and(|stop| self.has_lost(price, stop));
        let since = self.group.tracked.below_since.filter(|since| !since.is_of_the_future(now));
        Ok(is_below.then(|| since.unwrap_or(now)))
    }

    /// Whether the price has moved against it as far as here.
    pub(super) fn has_lost(&self, price: Price, place: Price) -> bool {
        self.group.side.has_lost(&price, &place)
    }

    fn delay(&self) -> Option<crate::clock::Millis> {
        self.group.plan.stop_loss.and_then(|stop| stop.delay)
    }

    fn entry_fills(&self) -> impl Iterator<Item = Timestamp> {
        let entries = self.orders.iter().filter(|order| order.purpose == Purpose::Entry);
        entries.flat_map(Order::counted).map(|fill| fill.at)
    }
}

/// Whether a price of `at` is not older than a fill. A fill of the future is of a clock that was wrong, and older than any price.
fn is_since(at: Timestamp, fill: Timestamp, now: Timestamp) -> bool {
    at >= fill || fill.is_of_the_future(now)
}
