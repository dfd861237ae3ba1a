//! Where everything is sold with loss, and what of it rests at the venue.

use super::Position;
use crate::clock::Timestamp;
use crate::market::Stops;
use crate::money::{MoneyError, Price, Quantity};
use crate::order::{Order, Purpose, Status};
use crate::profit::{Basis, StopLoss};

impl Position {
    /// Where everything is sold with loss, trigger down for a long and up for a short; none before the first fill. Of where
    /// it stands from the base or the average, where nothing is lost, and where it has trailed to, the furthest in favour.
    ///
    /// # Errors
    /// `Inexact` where the price cannot be kept.
    pub fn stop_price(&self) -> Result<Option<Price>, MoneyError> {
        let Some(stop) = self.group.plan.stop_loss else { return Ok(None) };
        let from = match stop.basis {
            Basis::Average => self.ledger()?.average(),
            Basis::Base => self.base_ledger()?.average(),
        };
        let side = self.group.side;
        // A stop of 100 % or more below a long has no price and never triggers.
        let fixed =
            from.and_then(|from| side.entry_price(&self.group.market.filters, &(from * side.lost(stop.loss))).ok());
        let places = [fixed, self.break_even(stop)?, self.group.tracked.stop];
        Ok(places.into_iter().flatten().reduce(|one, other| side.better(one, other)))
    }

    /// Where a stop rests at the venue, as far as one may; none where all are kept by polling.
    pub(super) fn stop_at_venue(&self) -> Result<Option<Price>, MoneyError> {
        let can =
            self.group.market.stops != Stops::Polled && self.group.plan.stop_loss.is_some_and(|stop| stop.rests());
        if can { self.stop_price() } else { Ok(None) }
    }

    /// Where a sale brings back what was paid, once the step that the stop waits for has been sold.
    fn break_even(&self, stop: StopLoss) -> Result<Option<Price>, MoneyError> {
        let Some(after) = stop.break_even_after else { return Ok(None) };
        let is_past = |order: &Order| matches!(order.purpose, Purpose::TakeProfit(step) if step >= after);
        // What a stop has sold is no step that was sold with profit.
        let sold = |order: &Order| is_past(order) && order.status == Status::Filled && !order.triggered;
        if !self.orders.iter().any(sold) {
            return Ok(None);
        }
        let (market, side) = (&self.group.market, self.group.side);
        let costs = self.ledger()?.average().and_then(|average| average.over(&side.left(market.fee)));
        costs.map(|costs| side.profit_price(&market.filters, &costs)).transpose()
    }

    /// Whether the venue keeps it by itself: a stop rests there for all of it, nothing of it follows the price or the time, and
    /// nothing is in doubt, planned, missed in a look, or to be taken back.
    pub fn is_kept_at_venue(&self, now: Timestamp) -> bool {
        let group = &self.group;
        let is_calm = |order: &Order| order.cancel_wanted.is_none() && order.absent_at.is_none();
        let rests = |order: &Order| order.status.is_final() || (order.status == Status::Open && is_calm(order));
        let at_market = group.plan.ladder.as_ref().is_some_and(|ladder| ladder.at_market);
        let waits = group.exit.is_some() || group.drift.is_some() || at_market || group.plan.take_profit.is_polled();
        !waits && !self.is_over_time(now) && self.is_stopped_at_venue() && self.orders.iter().all(rests)
    }

    /// Whether stops that wait at the venue sell all that is held. A sum that cannot be kept says no.
    pub(super) fn is_stopped_at_venue(&self) -> bool {
        let mut stopped = self.orders.iter().filter(|order| order.is_stopped_at_venue()).peekable();
        if stopped.peek().is_none() {
            return false;
        }
        let covered = stopped.try_fold(Quantity::ZERO, |sum, order| sum.plus(order.quantity));
        covered.and_then(|covered| Ok(covered >= self.held()?)).unwrap_or(false)
    }
}
