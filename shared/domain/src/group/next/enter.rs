//! Entries: the base order, sent while its decision is young, then the legs behind it, few at a time.

use super::{Asked, Step, decide};
use crate::clock::Timestamp;
use crate::group::{Leg, Position};
use crate::limits;
use crate::money::MoneyError;
use crate::order::{Command, Intent, Order, Purpose, Refusal, Status};
use crate::preset::OrderKind;
use crate::reason::Reason;

impl Asked<'_> {
    pub(super) fn enter(&self) -> Result<Step, MoneyError> {
        let position = self.position;
        if let Some(step) = self.end_what_is_bought_already() {
            return Ok(step);
        }
        let Some(order) = position.latest_of(0, Purpose::Entry) else { return Ok(Step::Wait) };
        let expired = order.valid_until.is_some_and(|end| self.now >= end);
        let short = position.group.drift.is_some();
        match order.status {
            Status::Planned => Ok(self.send_or_give_up(order)),
            _ if !order.status.is_final() => Ok(Step::Wait),
            _ if !order.filled()?.is_zero() || position.is_bought_already(order) => self.arm(),
            Status::NotPlaced | Status::Rejected if position.may_enter_again(order) && !expired && !short => {
                if position.backs_off(order, self.now) {
                    return Ok(Step::Wait);
                }
                let (pyramid, leg, reserved) = (order.pyramid, order.leg, order.reserved);
                let epoch = position.next_epoch(leg, Purpose::Entry);
                let (kind, quantity, valid_until) = (order.kind, order.quantity, order.valid_until);
                let (purpose, direction) = (Purpose::Entry, position.group.side.enters());
                let intent = Intent {
                    purpose,
                    pyramid,
                    leg,
                    epoch,
                    direction,
                    kind,
                    stop: None,
                    quantity,
                    reserved,
                    valid_until,
                };
                Ok(decide(position.plan(self.deployment, &intent, self.now), "entry decided anew"))
            }
            _ => Ok(decide(position.settle(self.now)?, "ended without a fill")),
        }
    }

    /// What an earlier order has bought, that was called absent and came late, is not bought again. One that is being sent is
    /// left alone until its outcome is known.
    fn end_what_is_bought_already(&self) -> Option<Step> {
        let is_meant = |order: &&Order| {
            let is_open = !order.status.is_final() && order.status != Status::Submitting;
            is_open && order.cancel_wanted.is_none() && self.position.is_bought_already(order)
        };
        let order = self.position.entries().find(is_meant)?;
        let command = match order.status {
            Status::Planned => Command::Abandon(Refusal::given_up()),
            _ => Command::Cancel(self.now),
        };
        Some(self.command(order, &command, "bought by an earlier order"))
    }

    /// A plan is not orders: no more legs rest than the ladder says, and a filled one arms the next.
    fn arm(&self) -> Result<Step, MoneyError> {
        let position = self.position;
        let Some(ladder) = &position.group.plan.ladder else { return Ok(Step::Wait) };
        let mut armed = position.entries().filter(|order| order.leg > 0);
        if let Some(order) = armed.find(|order| order.status == Status::Planned) {
            return Ok(self.send_or_give_up(order));
        }
        let room = position.room_for_legs(ladder);
        let short = position.group.drift.is_some();
        // What waits for its price is planned by the look that sees it.
        if ladder.at_market || room == 0 || short || position.ladder_is_over() || !position.base_is_accounted()? {
            return Ok(Step::Wait);
        }
        let legs = position.legs()?;
        let wanted = legs
            .iter()
            .filter(|leg| position.is_to_be_armed(leg, self.now))
            .take(room.min(limits::ORDERS_PER_COMMIT_MAX));
        let planned = wanted.fold(position.clone(), |planned, leg| {
            planned.plan(self.deployment, &intent(position, leg, self.now), self.now)
        });
        let changed = planned.orders.len() > position.orders.len();
        Ok(if changed { decide(planned, "safety orders") } else { Step::Wait })
    }

    /// Given up where it could not be sent in its time, since entries were halted or nothing worked, and while coins are
    /// missing.
    fn send_or_give_up(&self, order: &Order) -> Step {
        if order.valid_until.is_some_and(|end| self.now >= end) {
            return self.command(order, &Command::Abandon(too_late()), "entry expired");
        }
        if self.position.group.drift.is_some() {
            let refusal = Refusal::drift("coins of its base asset are missing at the venue");
            return self.command(order, &Command::Abandon(refusal), "entry refused");
        }
        Step::Submit(order.id.clone())
    }
}

fn too_late() -> Refusal {
    let detail = "not sent within the time that its decision was valid".to_owned();
    Refusal { code: Reason::Expired.into(), detail }
}

fn intent(position: &Position, leg: &Leg, now: Timestamp) -> Intent {
    Intent {
        purpose: Purpose::Entry,
        pyramid: position.pyramid(),
        leg: leg.level,
        epoch: position.next_epoch(leg.level, Purpose::Entry),
        direction: position.group.side.enters(),
        kind: OrderKind::Limit(leg.price),
        stop: None,
        quantity: leg.quantity,
        reserved: leg.reserve,
        valid_until: Some(now.plus(limits::ENTRY_VALID)),
    }
}
