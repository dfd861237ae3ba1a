//! What a group needs next, by urgency: cancel, close, protect, then entries.

mod each;
mod enter;
mod out;
mod protect;
mod reduce;
mod rest;

use super::Position;
use super::drift::is_taken_back;
use crate::clock::Timestamp;
use crate::ids::{AttemptId, OrderId};
use crate::money::MoneyError;
use crate::order::{Command, Order, Refusal, Status};
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

    fn in_position(&self) -> Result<Step, MoneyError> {
        let position = self.position;
        let wished = |order: &&Order| order.cancel_wanted.is_some() && !order.status.is_final();
        if let Some(step) = position.orders.iter().filter(wished).find_map(|order| self.end(order)) {
            return Ok(step);
        }
        let short = position.group.drift.is_some();
        let bought = position.orders.iter().filter(|order| short && is_taken_back(order));
        if let Some(without) =
            bought.filter_map(|order| position.command(&order.id, &Command::Cancel(self.now)).ok()).next()
        {
            return Ok(decide(without, "entry taken back"));
        }
        match position.numbers().len() {
            0 | 1 => self.protected_and_entered(),
            _ if position.stands_alone() => self.alone(),
            _ => self.together(),
        }
    }

    fn protected_and_entered(&self) -> Result<Step, MoneyError> {
        self.protect()?.map_or_else(|| self.enter(), Ok)
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

fn decide(position: Position, why: &'static str) -> Step {
    Step::Decide { position: Box::new(position), why }
}
