//! Orders that the venue has and the rows have lost: ids are functions of what orders are for, so that the id alone says
//! of which group and for what an order is.

use super::ladder::reserve;
use super::{ExitReason, Position};
use crate::clock::Timestamp;
use crate::ids::ClientOrderId;
use crate::limits::{LOST_EPOCHS_MAX, TAKE_PROFIT_STEPS_MAX};
use crate::money::{Amount, Quantity};
use crate::order::{Command, Direction, Fact, Intent, Order, Purpose, Refusal, Status};
use crate::preset::OrderKind;

/// An order under our prefix, as a venue lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub client_id: ClientOrderId,
    pub direction: Direction,
    pub kind: OrderKind,
    pub quantity: Quantity,
    pub accepted_at: Timestamp,
    pub fact: Fact,
}

impl Position {
    /// The same position with an order in it that it must have sent and has forgotten; `None` where the order is not
    /// of this group.
    ///
    /// Plans of the same purpose that came before it were given up, else it had not been decided. Where it closes the
    /// group, the group was being left: for which reason is lost.
    #[must_use]
    pub fn regain(&self, deployment: &str, found: &Found) -> Option<Self> {
        let order = self.forgotten(deployment, found)?;
        let (id, purpose, at) = (order.id.clone(), order.purpose, found.accepted_at);
        let before = self.without_plans_before(&order);
        let regained = before.with(before.orders.iter().cloned().chain([order]).collect()).observe(&id, &found.fact);
        Some(if purpose == Purpose::Exit { regained.leave(ExitReason::Recovered, at) } else { regained })
    }

    /// The order of a later epoch than any row has, whose id this is.
    fn forgotten(&self, deployment: &str, found: &Found) -> Option<Order> {
        self.places().find_map(|(leg, purpose)| {
            let first = self.next_epoch(leg, purpose);
            let mut epochs = first..first.saturating_add(LOST_EPOCHS_MAX);
            epochs.find_map(|epoch| {
                let order = self.would_be(deployment, leg, purpose, epoch, found);
                (order.client_id == found.client_id && order.direction == direction(purpose)).then_some(order)
            })
        })
    }

    fn would_be(&self, deployment: &str, leg: u32, purpose: Purpose, epoch: u32, found: &Found) -> Order {
        let Found { direction, kind, quantity, accepted_at, .. } = *found;
        // A later entry holds what the one before it held.
        let reserved =
            self.latest_of(leg, purpose).map_or_else(|| self.would_hold(purpose, found), |order| order.reserved);
        let intent = Intent { purpose, leg, epoch, direction, kind, quantity, reserved, valid_until: None };
        Order::plan(deployment, &self.group.id, &intent, accepted_at)
    }

    /// What a limit entry holds, as it would have been decided; nothing where that cannot be told.
    fn would_hold(&self, purpose: Purpose, found: &Found) -> Amount {
        match (purpose, found.kind) {
            (Purpose::Entry, OrderKind::Limit(price)) => {
                let cost = price.fraction() * found.quantity.fraction();
                reserve(&cost, &self.group.market).unwrap_or(Amount::ZERO)
            }
            _ => Amount::ZERO,
        }
    }

    /// What an order of this group can be for. Each leg has one entry, and one step where legs are sold by themselves.
    fn places(&self) -> impl Iterator<Item = (u32, Purpose)> {
        let steps = (1..=TAKE_PROFIT_STEPS_MAX).map(|step| (0, Purpose::TakeProfit(step)));
        let legs = (0..=self.group.plan.legs()).flat_map(|leg| [(leg, Purpose::Entry), (leg, Purpose::TakeProfit(1))]);
        [(0, Purpose::Exit)].into_iter().chain(steps).chain(legs)
    }

    fn without_plans_before(&self, later: &Order) -> Self {
        let given_up = |order: &Order| {
            let same = order.purpose == later.purpose && order.leg == later.leg;
            let stale = same && order.status == Status::Planned;
            let refusal = Refusal { code: "superseded".to_owned(), detail: "a later one is at the venue".to_owned() };
            let command = || order.command(Command::Abandon(refusal)).unwrap_or_else(|_| order.clone());
            if stale { command() } else { order.clone() }
        };
        self.with(self.orders.iter().map(given_up).collect())
    }
}

fn direction(purpose: Purpose) -> Direction {
    if purpose == Purpose::Entry { Direction::Buy } else { Direction::Sell }
}
