//! The entry, sent while its decision is young.

use super::{Asked, Step, decide};
use crate::money::MoneyError;
use crate::order::{Command, Direction, Intent, Order, Purpose, Refusal, Status};

impl Asked<'_> {
    pub(super) fn enter(&self) -> Result<Step, MoneyError> {
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
                let (leg, reserved) = (order.leg, order.reserved);
                let epoch = position.next_epoch(leg, Purpose::Entry);
                let (kind, quantity, valid_until) = (order.kind, order.quantity, order.valid_until);
                let (purpose, direction) = (Purpose::Entry, Direction::Buy);
                let intent = Intent { purpose, leg, epoch, direction, kind, quantity, reserved, valid_until };
                Ok(decide(position.plan(self.deployment, &intent, self.now), "entry decided anew"))
            }
            _ => Ok(decide(position.settle(self.now)?, "ended without a fill")),
        }
    }
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
