//! What a group needs next, by urgency: cancel, close, protect, then entries.

use super::{ExitReason, Position};
use crate::clock::Timestamp;
use crate::ids::{AttemptId, OrderId};
use crate::money::{Amount, MoneyError, Quantity};
use crate::order::{Command, Direction, Intent, Order, Purpose, Refusal, Status};
use crate::preset::OrderKind;
use std::collections::BTreeSet;

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum Observer<'a> {
    /// The only one that trades. What it did not submit itself and finds submitting has lost its sender.
    Executor { attempt: &'a AttemptId, tried: &'a BTreeSet<OrderId> },
    /// Everyone else: leaves orders alone that are being sent.
    Watch,
}

/// The next step. `Decide` is committed; `Cancel` and `Submit` are effects at the venue, and the executor's alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Decide {
        position: Box<Position>,
        why: &'static str,
    },
    Cancel(OrderId),
    Submit(OrderId),
    /// Nothing to do until the venue, a price or time brings something new.
    Wait,
    Settled,
}

/// Decides. The same position gives the same answer to whoever asks.
///
/// # Errors
/// `MoneyError` where the position's numbers cannot be kept exactly.
pub fn next(position: &Position, deployment: &str, observer: Observer<'_>, now: Timestamp) -> Result<Step, MoneyError> {
    let asked = Asked { position, deployment, observer, now };
    if let Some(step) = asked.lost_track() {
        return Ok(step);
    }
    if position.group.exit.is_some() || position.group.is_settled() {
        return asked.on_the_way_out();
    }
    asked.in_position()
}

struct Asked<'a> {
    position: &'a Position,
    deployment: &'a str,
    observer: Observer<'a>,
    now: Timestamp,
}

impl Asked<'_> {
    fn lost_track(&self) -> Option<Step> {
        let Observer::Executor { attempt, .. } = self.observer else { return None };
        let foreign = |order: &&Order| {
            order.status == Status::Submitting && order.submission.as_ref().is_none_or(|s| s.by != *attempt)
        };
        let order = self.position.orders.iter().find(foreign)?;
        Some(self.command(order, &Command::LoseTrack, "lost track of an order that was being sent"))
    }

    /// Cancel everything; wait until each order is final or in doubt; sell what is sellable; settle.
    fn on_the_way_out(&self) -> Result<Step, MoneyError> {
        let working = |order: &&Order| order.purpose != Purpose::Exit && !order.status.is_final();
        if let Some(step) = self.position.orders.iter().filter(working).find_map(|order| self.end(order)) {
            return Ok(step);
        }
        // An order in doubt is not waited for: its coins are counted as sold, or as not bought.
        if self.position.orders.iter().filter(working).any(|order| order.status != Status::Unknown) {
            return Ok(Step::Wait);
        }
        self.sell_what_is_left()
    }

    fn sell_what_is_left(&self) -> Result<Step, MoneyError> {
        let position = self.position;
        let exit = position.latest(|purpose| purpose == Purpose::Exit);
        match exit {
            Some(order) if order.status == Status::Planned => return self.sell(order),
            Some(order) if !order.status.is_final() && order.status != Status::Unknown => return Ok(Step::Wait),
            Some(order) if position.backs_off(order, self.now) => return Ok(Step::Wait),
            _ => {}
        }
        let market = &position.group.market;
        for order in &position.orders {
            if !order.is_accounted()? {
                return Ok(Step::Wait);
            }
        }
        let sellable = position.sellable()?;
        if sellable >= market.filters.quantity_min && !sellable.is_zero() && !is_refused_dust(exit, sellable) {
            let planned = position.plan(self.deployment, &position.exit_intent(sellable), self.now);
            return Ok(decide(planned, "sell what is left"));
        }
        if position.orders.iter().any(|order| !order.status.is_final()) {
            return Ok(Step::Wait);
        }
        let settled = position.settle(self.now)?;
        if settled.group == position.group { Ok(Step::Settled) } else { Ok(decide(settled, "settled")) }
    }

    /// Sends a planned sell, unless a fact or a mark that came after its plan leaves less to be sold.
    fn sell(&self, order: &Order) -> Result<Step, MoneyError> {
        let ledger = self.position.ledger()?;
        let held = self.position.group.market.filters.quantity_down(&ledger.held()?.fraction())?;
        let oversold = ledger.committed > self.position.there(held)?;
        let given_up = || self.end(order).unwrap_or(Step::Wait);
        Ok(if oversold { given_up() } else { Step::Submit(order.id.clone()) })
    }

    fn in_position(&self) -> Result<Step, MoneyError> {
        let position = self.position;
        let wished = |order: &&Order| order.cancel_wanted.is_some() && !order.status.is_final();
        if let Some(step) = position.orders.iter().filter(wished).find_map(|order| self.end(order)) {
            return Ok(step);
        }
        if let Some(step) = self.protect()? {
            return Ok(step);
        }
        self.enter()
    }

    /// One take-profit for all that is held, from the average; sized anew when more was bought.
    fn protect(&self) -> Result<Option<Step>, MoneyError> {
        let position = self.position;
        let current = position.latest(|purpose| matches!(purpose, Purpose::TakeProfit(_)));
        match current {
            Some(order) if order.status == Status::Planned => return self.sell(order).map(Some),
            Some(order) if order.status.is_in_doubt() => return Ok(None),
            Some(order) if order.status == Status::Filled => {
                return Ok(Some(decide(position.leave(ExitReason::TakeProfit, self.now), "take-profit filled")));
            }
            _ => {}
        }
        let Some((price, quantity)) = position.take_profit()? else { return Ok(None) };
        if position.group.market.filters.check(quantity, price).is_err() {
            if position.group.drift.is_some() {
                // Too little is there to protect, and what is missing may come back: only somebody's wish ends this.
                return Ok(current.and_then(|order| self.sized_anew(order)));
            }
            let buying = position.entries().any(|order| !order.status.is_final());
            let dust = !buying && current.is_none_or(|order| order.status.is_final());
            return Ok(dust.then(|| decide(position.leave(ExitReason::Dust, self.now), "too little to be sold")));
        }
        match current {
            Some(order) if order.status.is_resting() => {
                let stale = order.remaining()? != quantity;
                Ok(self.sized_anew(order).filter(|_| stale))
            }
            Some(order) if position.backs_off(order, self.now) => Ok(None),
            _ => {
                let purpose = Purpose::TakeProfit(1);
                let epoch = position.next_epoch(purpose);
                let (direction, kind) = (Direction::Sell, OrderKind::Limit(price));
                let reserved = Amount::ZERO;
                let intent = Intent { purpose, epoch, direction, kind, quantity, reserved, valid_until: None };
                Ok(Some(decide(position.plan(self.deployment, &intent, self.now), "take-profit")))
            }
        }
    }

    /// A resting take-profit of another size than is to be sold is taken back, once.
    fn sized_anew(&self, order: &Order) -> Option<Step> {
        let wished = order.status.is_resting() && order.cancel_wanted.is_none();
        wished.then(|| self.command(order, &Command::Cancel(self.now), "take-profit sized anew"))
    }

    fn enter(&self) -> Result<Step, MoneyError> {
        let position = self.position;
        let Some(order) = position.latest(|purpose| purpose == Purpose::Entry) else { return Ok(Step::Wait) };
        let expired = order.valid_until.is_some_and(|end| self.now >= end);
        let short = position.group.drift.is_some();
        match order.status {
            Status::Planned if expired => {
                let detail = "not sent within the time that its decision was valid".to_owned();
                let refusal = Refusal { code: "expired".to_owned(), detail };
                Ok(self.command(order, &Command::Abandon(refusal), "entry expired"))
            }
            Status::Planned if short => {
                let refusal = Refusal::drift("coins of its base asset are missing at the venue");
                Ok(self.command(order, &Command::Abandon(refusal), "entry refused"))
            }
            Status::Planned => Ok(Step::Submit(order.id.clone())),
            _ if !order.status.is_final() || !order.filled()?.is_zero() => Ok(Step::Wait),
            Status::NotPlaced | Status::Rejected if is_worth_another(order) && !expired && !short => {
                if position.backs_off(order, self.now) {
                    return Ok(Step::Wait);
                }
                let (epoch, reserved) = (position.next_epoch(Purpose::Entry), order.reserved);
                let (kind, quantity, valid_until) = (order.kind, order.quantity, order.valid_until);
                let (purpose, direction) = (Purpose::Entry, Direction::Buy);
                let intent = Intent { purpose, epoch, direction, kind, quantity, reserved, valid_until };
                Ok(decide(position.plan(self.deployment, &intent, self.now), "entry decided anew"))
            }
            _ => Ok(decide(position.settle(self.now)?, "ended without a fill")),
        }
    }

    /// How one order is brought to its end: given up, cancelled, or left alone.
    fn end(&self, order: &Order) -> Option<Step> {
        let tried = |id: &OrderId| match self.observer {
            Observer::Executor { tried, .. } => tried.contains(id),
            Observer::Watch => false,
        };
        match order.status {
            Status::Planned => {
                Some(self.command(order, &Command::Abandon(Refusal::given_up()), "given up before it was sent"))
            }
            status if status.is_resting() && !tried(&order.id) => Some(Step::Cancel(order.id.clone())),
            _ => None,
        }
    }

    fn command(&self, order: &Order, command: &Command, why: &'static str) -> Step {
        match self.position.command(&order.id, command) {
            Ok(position) => decide(position, why),
            Err(_) => Step::Wait,
        }
    }
}

/// The venue has refused to sell so little. More than that is worth another try.
fn is_refused_dust(exit: Option<&Order>, sellable: Quantity) -> bool {
    let refused = exit.filter(|order| order.status == Status::Rejected && sellable <= order.quantity);
    refused.and_then(|order| order.refusal.as_ref()).is_some_and(|refusal| refusal.code.starts_with("below_"))
}

/// Still wanted, and not placed through no fault of the order: absent by proof, never sent, or refused for the clock.
fn is_worth_another(order: &Order) -> bool {
    if order.cancel_wanted.is_some() {
        return false;
    }
    match (&order.refusal, order.status) {
        (None, Status::NotPlaced) => true,
        (Some(refusal), Status::Rejected) => refusal.code == "clock",
        _ => false,
    }
}

fn decide(position: Position, why: &'static str) -> Step {
    Step::Decide { position: Box::new(position), why }
}
