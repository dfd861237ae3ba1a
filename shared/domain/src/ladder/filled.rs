//! What is held once orders up to a level were filled, and where it is left.

use super::Leg;
use super::number::{Number, Positive, Ratio};
use super::request::LadderPlan;
use super::terms::Terms;
use crate::market::FilterFailure;
use crate::profit::{Basis, ProfitStep};

/// After the base order and the safety orders up to `level`.
#[derive(Debug, Clone)]
pub struct AfterFill {
    pub level: usize,
    pub quantity: Number,
    /// Paid with all fees; for a short, received after them.
    pub volume: Number,
    pub average: Ratio,
    pub take_profit: Vec<Slice>,
    pub stop_price: Option<Number>,
}

/// One step of the take-profit.
#[derive(Debug, Clone)]
pub struct Slice {
    pub price: Number,
    /// Its share on the grid; the last one is what is left.
    pub quantity: Number,
    /// Where it is too little to be an order of its own.
    pub joins: Option<Joins>,
}

/// At whose price a slice is sold that is too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    Next,
    /// The last step has no next one.
    Previous,
}

/// A take-profit as it is placed: a slice with those that joined it.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    /// Counted from 1.
    pub(super) step: usize,
    pub(super) price: Number,
    pub(super) quantity: Number,
}

/// One row for each level before the first order that cannot be placed.
pub(super) fn after_fills(plan: &LadderPlan, terms: &Terms, legs: &[Leg], stop: Option<&Number>) -> Vec<AfterFill> {
    let base_cost = legs.first().map_or(Number::ZERO, |leg| leg.cost.clone());
    let (mut quantity, mut volume) = (Number::ZERO, Number::ZERO);
    let row = |leg: &Leg| {
        quantity = quantity.plus(&leg.quantity);
        volume = volume.plus(&leg.cost);
        let held =
            Held { plan, terms, quantity: Positive::of(quantity.clone())?, volume: &volume, base_cost: &base_cost };
        Some(AfterFill {
            level: leg.level,
            quantity: quantity.clone(),
            volume: volume.clone(),
            take_profit: held.slices(),
            average: volume.clone().over(held.quantity),
            stop_price: stop.cloned(),
        })
    };
    legs.iter().take_while(|leg| leg.check.is_ok()).map_while(row).collect()
}

struct Held<'a> {
    plan: &'a LadderPlan,
    terms: &'a Terms,
    quantity: Positive,
    volume: &'a Number,
    base_cost: &'a Number,
}

impl Held<'_> {
    fn slices(&self) -> Vec<Slice> {
        let (mut left, mut carried, mut is_any_placed) = (self.quantity.number().clone(), Number::ZERO, false);
        let last = self.plan.take_profit.len().saturating_sub(1);
        let slice = |(index, step): (usize, &ProfitStep)| {
            let price = self.price(step);
            let quantity = if index == last { left.clone() } else { self.share(step) };
            left = left.minus(&quantity);
            carried = carried.plus(&quantity);
            let joins = match self.is_too_little(&price, &carried) {
                true if index < last => Some(Joins::Next),
                true if is_any_placed => Some(Joins::Previous),
                _ => None,
            };
            if joins.is_none() {
                (carried, is_any_placed) = (Number::ZERO, true);
            }
            Slice { price, quantity, joins }
        };
        self.plan.take_profit.iter().enumerate().map(slice).collect()
    }

    fn share(&self, step: &ProfitStep) -> Number {
        let share = self.quantity.number().times(&Number::from(step.amount.get())).percent();
        self.terms.quantity(&share.over(Positive::ONE))
    }

    /// The price that leaves the step's profit after both fees.
    fn price(&self, step: &ProfitStep) -> Number {
        let profit = Number::from(step.profit.get());
        let wanted = match self.plan.basis {
            Basis::Average => self.volume.times(&self.terms.better(&Number::HUNDRED, &profit)),
            Basis::Base => self.terms.better(&self.volume.times(&Number::HUNDRED), &self.base_cost.times(&profit)),
        };
        self.terms.exit_price(&wanted.percent().over(self.quantity.times(&self.terms.exit_fee)))
    }

    /// Where the price is at fault, more quantity mends nothing.
    fn is_too_little(&self, price: &Number, quantity: &Number) -> bool {
        let failure = self.terms.check(price, quantity).err();
        failure.is_some_and(|failure| failure != FilterFailure::PriceNotPositive)
    }
}

impl AfterFill {
    /// How many take-profits are placed.
    pub(super) fn placed_count(&self) -> usize {
        self.take_profit.iter().filter(|slice| slice.joins.is_none()).count()
    }

    /// The take-profits to be placed: slices that are too little have joined others.
    pub(super) fn placed(&self) -> Vec<Placed> {
        let (mut placed, mut carried) = (Vec::<Placed>::with_capacity(self.take_profit.len()), Number::ZERO);
        for (slice, step) in self.take_profit.iter().zip(1_usize..) {
            carried = carried.plus(&slice.quantity);
            match (slice.joins, placed.last_mut()) {
                (Some(Joins::Next), _) => continue,
                (Some(Joins::Previous), Some(before)) => before.quantity = before.quantity.plus(&carried),
                _ => placed.push(Placed { step, price: slice.price.clone(), quantity: carried.clone() }),
            }
            carried = Number::ZERO;
        }
        placed
    }
}
