//! Orders that the venue has and the rows have lost: ids are functions of what orders are for, so that the id alone says
//! of which group and for what an order is.

use super::ladder::reserve;
use super::{ExitReason, Position};
use crate::clock::Timestamp;
use crate::ids::ClientOrderId;
use crate::limits::{LOST_EPOCHS_MAX, PYRAMIDS_TRIED_MAX, REDUCTIONS_MAX, TAKE_PROFIT_STEPS_MAX};
use crate::money::{Amount, Price, Quantity};
use crate::order::{Command, Direction, Fact, Intent, Order, Purpose, Refusal, Status};
use crate::preset::OrderKind;
use crate::profit::TakeProfit;
use crate::reason::Reason;

/// Pyramid, leg and purpose: with the epoch, what an order's id is a function of.
type Place = (u32, u32, Purpose);

/// An order under our prefix, as a venue lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub client_id: ClientOrderId,
    pub direction: Direction,
    pub kind: OrderKind,
    /// Where its stop waits or has waited; beside a limit it has an id of its own.
    pub stop: Option<Price>,
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
        let before = self.without_plans_before(&order);
        let all = before.orders.iter().cloned().chain([order.clone()]).collect();
        let regained = before.with(all).observe(&order.id, &found.fact);
        Some(if order.purpose == Purpose::Exit { regained.left_by(&order, found.accepted_at) } else { regained })
    }

    /// On the way out that this order was of: the group's, or a part's own where it has sold no more than that had.
    fn left_by(&self, exit: &Order, at: Timestamp) -> Self {
        let part = self.part(exit.pyramid);
        let is_its_own = self.stands_alone() && part.ledger().is_ok_and(|ledger| exit.quantity <= ledger.bought);
        let left = |of: &Self| of.leave(ExitReason::Recovered, at);
        if is_its_own { self.with_part(&left(&part)) } else { left(self) }
    }

    /// The order of a later epoch than any row has, whose id this is.
    fn forgotten(&self, deployment: &str, found: &Found) -> Option<Order> {
        self.places().find_map(|(pyramid, leg, purpose)| {
            let first = self.next_epoch_in(pyramid, leg, purpose);
            let mut epochs = first..first.saturating_add(LOST_EPOCHS_MAX);
            epochs.find_map(|epoch| {
                let order = self.would_be(deployment, (pyramid, leg, purpose), epoch, found);
                (order.client_id == found.client_id && order.direction == self.direction(purpose)).then_some(order)
            })
        })
    }

    fn would_be(&self, deployment: &str, (pyramid, leg, purpose): Place, epoch: u32, found: &Found) -> Order {
        let Found { direction, kind, stop, quantity, accepted_at, .. } = *found;
        // A later entry holds what the one before it held.
        let before = self.latest_in(pyramid, leg, purpose);
        let reserved = before.map_or_else(|| self.would_hold(purpose, found), |order| order.reserved);
        let valid_until = None;
        let intent = Intent { purpose, pyramid, leg, epoch, direction, kind, stop, quantity, reserved, valid_until };
        Order {
            mode: self.group.mode,
            market: Some(self.group.market.key.clone()),
            ..Order::plan(deployment, &self.group.id, &intent, accepted_at)
        }
    }

    /// What a limit entry holds, as it would have been decided; nothing where that cannot be told.
    fn would_hold(&self, purpose: Purpose, found: &Found) -> Amount {
        match (purpose, found.kind) {
            (Purpose::Entry, OrderKind::Limit(price)) => {
                let cost = price.fraction() * found.quantity.fraction();
                reserve(&cost, self.group.ground()).unwrap_or(Amount::ZERO)
            }
            _ => Amount::ZERO,
        }
    }

    /// What an order of this group can be for: of its opening, of what was added, and of what may have been added since.
    fn places(&self) -> impl Iterator<Item = Place> {
        let by_leg = !matches!(self.group.plan.take_profit, TakeProfit::Aggregate { .. });
        (0..=PYRAMIDS_TRIED_MAX).flat_map(move |pyramid| {
            let places: Vec<_> = match self.may_be_added_by_hand_alone(pyramid) {
                true if by_leg => vec![(0, Purpose::Entry), (0, Purpose::TakeProfit(1))],
                true => vec![(0, Purpose::Entry)],
                false => places_of(&self.part(pyramid)).collect(),
            };
            places.into_iter().map(move |(leg, purpose)| (pyramid, leg, purpose))
        })
    }

    /// An addition by hand has no ladder, and is sold together with its group where that has no rule for additions.
    fn may_be_added_by_hand_alone(&self, pyramid: u32) -> bool {
        let is_known = || self.group.pyramids.added.iter().any(|added| added.number == pyramid);
        pyramid > 0 && self.group.plan.pyramids.is_none() && !is_known()
    }

    fn direction(&self, purpose: Purpose) -> Direction {
        let side = self.group.side;
        if purpose == Purpose::Entry { side.enters() } else { side.leaves() }
    }

    fn without_plans_before(&self, later: &Order) -> Self {
        let given_up = |order: &Order| {
            let same = (order.pyramid, order.leg, order.purpose) == (later.pyramid, later.leg, later.purpose);
            let stale = same && order.status == Status::Planned;
            let refusal = Refusal { code: Reason::Superseded.into(), detail: "a later one is at the venue".to_owned() };
            let command = || order.command(Command::Abandon(refusal)).unwrap_or_else(|_| order.clone());
            if stale { command() } else { order.clone() }
        };
        self.with(self.orders.iter().map(given_up).collect())
    }
}

/// Each leg has one entry, and one step where legs are sold by themselves.
fn places_of(part: &Position) -> impl Iterator<Item = (u32, Purpose)> + use<> {
    let steps = (1..=TAKE_PROFIT_STEPS_MAX).map(|step| (0, Purpose::TakeProfit(step)));
    let reductions = (1..=REDUCTIONS_MAX).map(|number| (0, Purpose::Reduce(number)));
    let legs = (0..=part.group.plan.legs()).flat_map(|leg| [(leg, Purpose::Entry), (leg, Purpose::TakeProfit(1))]);
    [(0, Purpose::Exit)].into_iter().chain(steps).chain(reductions).chain(legs)
}
