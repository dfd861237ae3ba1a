//! Take-profits and stops: what should rest at the venue against what does.

use super::rest::{Rest, rests, rests_as_wanted};
use super::{Asked, Step, decide};
use crate::group::{ExitReason, Position};
use crate::limits;
use crate::money::MoneyError;
use crate::order::{Command, Order, Purpose, Status};
use crate::profit::TakeProfit;

impl Asked<'_> {
    /// Each slice of what is held rests at its price; what rests at another price or size is taken back first, so that
    /// no coin is promised twice.
    pub(super) fn protect(&self) -> Result<Option<Step>, MoneyError> {
        let position = self.position;
        if sells(position).any(|order| order.triggered) {
            return Ok(Some(decide(position.leave(ExitReason::StopLoss, self.now), "stop-loss hit at the venue")));
        }
        if let Some(order) = self.reducing() {
            return self.go_on_reducing(order);
        }
        if let Some(planned) = sells(position).find(|order| order.status == Status::Planned) {
            return self.sell(planned).map(Some);
        }
        if sells(position).any(|order| order.status.is_in_doubt()) {
            return Ok(None);
        }
        if is_through(position)? {
            return Ok(Some(decide(position.leave(ExitReason::TakeProfit, self.now), "take-profit filled")));
        }
        if let Some((reduction, left)) = position.unsold()? {
            return self.reduce(reduction, left);
        }
        let Some(slices) = position.slices()? else { return Ok(None) };
        let nothing = slices.is_empty();
        if nothing && self.rests_to_the_end()? {
            return Ok(None);
        }
        let wanted = rests(position, slices)?;
        let mut taken_back = false;
        for order in sells(position).filter(|order| order.status.is_resting()) {
            // What is on its way back holds its coins until it is over, also where it would be as wanted.
            if order.cancel_wanted.is_some() || !rests_as_wanted(position, order, &wanted)? {
                taken_back = true;
                if let Some(step) = self.take_back(order, anew(order, &wanted)) {
                    return Ok(Some(step));
                }
            }
        }
        match nothing {
            _ if taken_back => Ok(None),
            true => Ok(self.nothing_to_sell()),
            false => Ok(self.place(&wanted)),
        }
    }

    /// The only sell is partly filled and what is left of it is too little for another: it stays where it is.
    fn rests_to_the_end(&self) -> Result<bool, MoneyError> {
        let mut working = sells(self.position).filter(|order| !order.status.is_final());
        let (Some(only), None) = (working.next(), working.next()) else { return Ok(false) };
        let there = self.position.held()?;
        let partly = only.status == Status::PartiallyFilled && only.cancel_wanted.is_none();
        Ok(partly && only.remaining()? == there)
    }

    /// Too little is held to be sold.
    fn nothing_to_sell(&self) -> Option<Step> {
        let position = self.position;
        let leave = |reason, why| Some(decide(position.leave(reason, self.now), why));
        if position.group.drift.is_some() {
            // What is missing may come back: only somebody's wish ends this.
            return None;
        }
        if sells(position).any(|order| !order.status.is_final()) {
            return None;
        }
        if sells(position).any(|order| order.status == Status::Filled) {
            return leave(ExitReason::TakeProfit, "take-profit filled");
        }
        let bought = position.entries().any(|order| order.counted().next().is_some());
        let buying = position.entries().any(|order| !order.status.is_final());
        if bought && !buying { leave(ExitReason::Dust, "too little to be sold") } else { None }
    }

    /// All that nothing rests for, in one decision.
    fn place(&self, wanted: &[Rest]) -> Option<Step> {
        let mut planned = self.position.clone();
        for rest in wanted {
            if planned.orders.len().saturating_sub(self.position.orders.len()) >= limits::ORDERS_PER_COMMIT_MAX {
                break;
            }
            if !self.waits(rest) {
                planned = planned.plan(self.deployment, &rest.intent(self.position), self.now);
            }
        }
        let changed = planned.orders.len() > self.position.orders.len();
        changed.then(|| decide(planned, "take-profit"))
    }

    /// While the one before it is at work, or was refused lately. What goes without the stop that was refused does not
    /// wait for that.
    fn waits(&self, rest: &Rest) -> bool {
        let Some(before) = rest.before(self.position) else { return false };
        let without_its_stop = before.is_refused_for_its_stop() && rest.stop.is_none();
        !before.status.is_final() || (!without_its_stop && self.position.backs_off(before, self.now))
    }

    /// A resting take-profit that is not as it should be is taken back, once.
    pub(super) fn take_back(&self, order: &Order, why: &'static str) -> Option<Step> {
        let unasked = order.cancel_wanted.is_none();
        unasked.then(|| self.command(order, &Command::Cancel(self.now), why))
    }

    pub(super) fn take_profits(&self) -> impl Iterator<Item = &Order> {
        sells(self.position)
    }
}

fn sells(position: &Position) -> impl Iterator<Item = &Order> {
    position.orders.iter().filter(|order| matches!(order.purpose, Purpose::TakeProfit(_)))
}

/// Of steps, the last one sells what is left: once it is filled, the rest follows at once. Where that was more than one
/// order may sell, the next one rests in its place.
fn is_through(position: &Position) -> Result<bool, MoneyError> {
    let TakeProfit::Aggregate { steps, .. } = &position.group.plan.take_profit else { return Ok(false) };
    let last = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let order = position.latest_of(0, Purpose::TakeProfit(last));
    // One of a plan that another has taken the place of has sold its share, and not what is left.
    let of_plan = |order: &&Order| position.group.exits_at.is_none_or(|changed| order.planned_at >= changed);
    let Some(sold) = order.filter(of_plan).filter(|order| order.status == Status::Filled) else { return Ok(false) };
    let whole = sold.quantity.plus(position.held()?)?;
    Ok(position.group.market.filters.portion(whole, sold.kind)? == whole)
}

fn anew(order: &Order, wanted: &[Rest]) -> &'static str {
    let moved = wanted.iter().any(|rest| rest.is_of(order) && rest.stop != order.stop);
    if moved { "stop moved at the venue" } else { "take-profit sized anew" }
}
