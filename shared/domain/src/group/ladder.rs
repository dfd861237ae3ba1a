//! The legs of a live group: a plan that follows from what the base order really cost, of which few are orders at a time.

use super::Position;
use crate::alert::Side;
use crate::clock::Timestamp;
use crate::ladder::{self, Ground};
use crate::market::FilterFailure;
use crate::money::{Amount, Decimal, Fraction, MoneyError, Price, Quantity};
use crate::order::{Order, Purpose, Refusal, Status};
use crate::preset::{OrderKind, SafetyOrders};
use crate::reason::Reason;
use std::collections::{BTreeMap, BTreeSet};

/// One entry behind the base order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// From 1; part of the order's id.
    pub level: u32,
    pub price: Price,
    pub quantity: Quantity,
    /// Quote that is held for it, with its fee.
    pub reserve: Amount,
}

/// A leg that the market would not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadLeg {
    pub level: u32,
    pub failure: FilterFailure,
}

impl SafetyOrders {
    /// All legs behind a base order that cost this much for one base unit, its fee included.
    ///
    /// # Errors
    /// `Inexact` where a number has more digits than can be kept. A leg that the market would not take stands in its
    /// place.
    pub fn legs<'a>(
        &self,
        base: &Fraction,
        ground: impl Into<Ground<'a>>,
    ) -> Result<Vec<Result<Leg, BadLeg>>, MoneyError> {
        let ground = ground.into();
        let legs = ladder::behind(&self.spacing, &self.sizes, base, ground, self.at_market)
            .map_err(|_| MoneyError::Inexact)?;
        let asks = ladder::asks(&self.sizes, legs.len());
        legs.iter().zip(&asks).zip(1..).map(|((leg, ask), level)| self.leg(leg, ask, level, ground)).collect()
    }

    fn leg(
        &self,
        leg: &ladder::Leg,
        ask: &ladder::Ask,
        level: u32,
        ground: Ground<'_>,
    ) -> Result<Result<Leg, BadLeg>, MoneyError> {
        if let Err(failure) = leg.check {
            return Ok(Err(BadLeg { level, failure }));
        }
        let (price, quantity) = (Price::new(leg.price.decimal()?)?, Quantity::new(leg.quantity.decimal()?)?);
        let reserve = ladder::held(ask, Some(leg), ground, self.at_market)?;
        Ok(Ok(Leg { level, price, quantity, reserve }))
    }

    /// What is held for each leg, from the first. Where a leg is a quantity it depends on what the base order has cost.
    fn held(&self, base: &Fraction, ground: Ground<'_>) -> Result<Vec<Amount>, MoneyError> {
        let asks = ladder::asks(&self.sizes, self.spacing.count());
        let needs_prices = asks.iter().any(|ask| ask.quote().is_none());
        let legs = if needs_prices {
            ladder::behind(&self.spacing, &self.sizes, base, ground, self.at_market).map_err(|_| MoneyError::Inexact)?
        } else {
            Vec::new()
        };
        let one = |(index, ask): (usize, &ladder::Ask)| ladder::held(ask, legs.get(index), ground, self.at_market);
        asks.iter().enumerate().map(one).collect()
    }
}

/// Of a part: each has a ladder of its own.
impl Position {
    /// The legs that follow from what the base order has cost; none before it has ended with a fill.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub(super) fn legs(&self) -> Result<Vec<Leg>, MoneyError> {
        let Some(ladder) = &self.group.plan.ladder else { return Ok(Vec::new()) };
        let Some(base) = self.base_ledger()?.average() else { return Ok(Vec::new()) };
        Ok(ladder.legs(&base, self.group.ground())?.into_iter().filter_map(Result::ok).collect())
    }

    /// Those that are no orders yet and may still become some.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn planned_legs(&self) -> Result<Vec<Leg>, MoneyError> {
        if self.arms_none() {
            return Ok(Vec::new());
        }
        let armed = self.armed_legs();
        Ok(self.legs()?.into_iter().filter(|leg| !armed.contains(&leg.level)).collect())
    }

    /// A group that is left arms none, and neither does a ladder that is over.
    fn arms_none(&self) -> bool {
        self.group.exit.is_some() || self.group.is_settled() || self.ladder_is_over()
    }

    /// How many more legs may be orders now.
    pub(super) fn room_for_legs(&self, ladder: &SafetyOrders) -> usize {
        let working = self.entries().filter(|order| order.leg > 0 && !order.status.is_final()).count();
        usize::try_from(ladder.active).unwrap_or_default().saturating_sub(working)
    }

    /// Whether the machine may decide anew about this entry. Not where its outcome was unknown and its venue did not show it: it
    /// may be there all the same.
    pub(super) fn may_enter_again(&self, order: &Order) -> bool {
        order.is_worth_another() && !self.is_given_up(order)
    }

    /// Whether this entry ended by what its venue did not show alone, and is not entered again by the machine.
    pub fn is_given_up(&self, order: &Order) -> bool {
        order.purpose == Purpose::Entry && order.is_unproven() && !self.group.plan.rules.retry_unproven_entry
    }

    /// Not an order yet, or not placed through no fault of its own.
    pub(super) fn is_to_be_armed(&self, leg: &Leg, now: Timestamp) -> bool {
        let Some(order) = self.latest_of(leg.level, Purpose::Entry) else { return true };
        is_worth_another_leg(self, order) && !self.backs_off(order, now)
    }

    /// Whether all that its base order has cost is known: an average of fills without their fees would put the legs
    /// elsewhere.
    pub(super) fn base_is_accounted(&self) -> Result<bool, MoneyError> {
        self.bases().map(Order::is_accounted).try_fold(true, |all, one| Ok(all && one?))
    }

    /// Whether no more legs become orders: the base order was not filled whole, or a leg was taken back or refused. What
    /// stands deeper is not bought in the place of what was not.
    pub(super) fn ladder_is_over(&self) -> bool {
        self.entries().filter(|order| !self.stands_another_for(order)).any(|order| match order.leg {
            0 => order.status.is_final() && order.status != Status::Filled && order.counted().next().is_some(),
            _ => order.cancel_wanted.is_some() || (order.status.is_final() && !is_filled_or_another(self, order)),
        })
    }

    /// Whether the same entry is another order's: a newer one's, or an earlier one's that came late and has bought.
    fn stands_another_for(&self, order: &Order) -> bool {
        let of_it = |other: &&Order| (other.pyramid, other.leg) == (order.pyramid, order.leg);
        let is_newer = self.entries().filter(of_it).any(|other| other.epoch > order.epoch);
        self.is_bought_already(order) || (is_newer && !order.has_bought())
    }

    /// Quote that is held for legs which are no orders yet. A group that is left arms none.
    ///
    /// # Errors
    /// `Inexact` where a size cannot be kept.
    pub fn ahead(&self) -> Result<Amount, MoneyError> {
        let parts = self.numbers().into_iter().map(|number| self.part(number).ahead_of_one());
        parts.into_iter().try_fold(Amount::ZERO, |sum, ahead| sum.plus(ahead?))
    }

    fn ahead_of_one(&self) -> Result<Amount, MoneyError> {
        let Some(ladder) = &self.group.plan.ladder else { return Ok(Amount::ZERO) };
        if self.arms_none() {
            return Ok(Amount::ZERO);
        }
        let held = ladder.held(&self.highest_base()?, self.group.ground())?;
        let armed = self.armed_legs();
        let ahead = held.into_iter().zip(1..).filter(|(_, level)| !armed.contains(level));
        ahead.map(|(held, _)| held).try_fold(Amount::ZERO, Amount::plus)
    }

    /// Legs that are orders. What was not placed and becomes another order is ahead again: what is held for it stays held.
    fn armed_legs(&self) -> BTreeSet<u32> {
        let mut latest: BTreeMap<u32, &Order> = BTreeMap::new();
        for order in self.entries() {
            let known = latest.entry(order.leg).or_insert(order);
            if order.epoch > known.epoch {
                *known = order;
            }
        }
        latest.into_iter().filter(|(_, order)| !is_worth_another_leg(self, order)).map(|(leg, _)| leg).collect()
    }

    /// What one base unit of the base order has cost; before it has ended, what it may cost at most, and may bring where it is
    /// sold short.
    fn highest_base(&self) -> Result<Fraction, MoneyError> {
        let Some(order) = self.latest_of(0, Purpose::Entry) else { return Ok(Fraction::whole(0)) };
        let paid = if order.status.is_final() { self.base_ledger()?.average() } else { None };
        let ground = self.group.ground();
        let most = || {
            let price = order.reserved.fraction().over(&(order.quantity.fraction() * ground.outlay()))?;
            Some(if ground.side == Side::Long { price * ground.market.fee.on_top() } else { price })
        };
        Ok(paid.or_else(most).unwrap_or_else(|| Fraction::whole(0)))
    }
}

/// A leg that was not placed through no fault of its own becomes another order.
fn is_filled_or_another(position: &Position, order: &Order) -> bool {
    let newer = position.latest_of(order.leg, Purpose::Entry).is_some_and(|latest| latest.epoch > order.epoch);
    order.status == Status::Filled || newer || is_worth_another_leg(position, order)
}

/// A leg at the market whose price had moved on is bought where the price is seen again.
fn is_worth_another_leg(position: &Position, order: &Order) -> bool {
    let moved = |refusal: &Refusal| refusal.code.is_one_of(&[Reason::PriceMoved, Reason::NoPrice]);
    let missed = order.kind == OrderKind::Market && order.status == Status::NotPlaced && order.cancel_wanted.is_none();
    let missed = missed && order.refusal.as_ref().is_some_and(moved);
    (position.may_enter_again(order) || missed) && !position.is_bought_already(order)
}

/// Quote that is held for an order of this cost, with its fee.
pub(super) fn reserve(cost: &Fraction, ground: Ground<'_>) -> Result<Amount, MoneyError> {
    quote_up(&(cost.clone() * ground.outlay()))
}

/// Rounded up to eight decimals: a reservation is never too small.
pub(super) fn quote_up(value: &Fraction) -> Result<Amount, MoneyError> {
    Amount::new(value.ceil_to(Decimal::new(1, 8))?)
}
