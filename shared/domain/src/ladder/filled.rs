//! What is held once orders up to a level were filled, and where it is left.

use super::Leg;
use super::number::{Number, Positive, Ratio};
use super::request::LadderPlan;
use super::slices::{Own, joined};
use super::terms::Terms;
use crate::money::Percent;
use crate::profit::{Basis, ProfitStep, TakeProfit};

/// After the base order and the safety orders up to `level`.
#[derive(Debug, Clone)]
pub struct AfterFill {
    pub level: usize,
    /// Held, after what fees have taken of it.
    pub quantity: Number,
    /// Paid with all fees; for a short, received after them.
    pub volume: Number,
    pub average: Ratio,
    pub take_profit: Vec<Slice>,
    /// Where a hybrid sells everything at once.
    pub price_of_all: Option<Number>,
    pub stop_price: Option<Number>,
    /// Where the stop moves to once the step that it waits for has been sold.
    pub break_even: Option<Number>,
}

/// One step of the take-profit, or one leg's own.
#[derive(Debug, Clone)]
pub struct Slice {
    /// The leg that it sells, where each is sold by itself.
    pub leg: Option<usize>,
    /// For one that trails, where that begins.
    pub price: Number,
    /// Its share on the grid; the last one is what is left.
    pub quantity: Number,
    /// Where it is too little to be an order of its own.
    pub joins: Option<Joins>,
    /// How far behind the peak it is sold; nothing rests for it.
    pub trailing: Option<Percent>,
}

/// At whose price a slice is sold that is too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    Next,
    /// The last step has no next one.
    Previous,
}

/// One row for each level before the first order that cannot be placed.
pub(super) fn after_fills(plan: &LadderPlan, terms: &Terms, legs: &[Leg], stop: Option<&Number>) -> Vec<AfterFill> {
    let paid = |leg: &Leg| terms.paid(&leg.price, &leg.quantity);
    let base_cost = legs.first().map_or(Number::ZERO, paid);
    let (mut quantity, mut volume, mut own) = (Number::ZERO, Number::ZERO, Own::default());
    let row = |leg: &Leg| {
        quantity = quantity.plus(&leg.quantity.times(&terms.kept));
        volume = volume.plus(&paid(leg));
        let held =
            Held { plan, terms, quantity: Positive::of(quantity.clone())?, volume: &volume, base_cost: &base_cost };
        let take_profit = match &plan.take_profit {
            TakeProfit::Aggregate { basis, steps, trailing } => held.stepped(*basis, steps, *trailing),
            TakeProfit::PerLeg { profit } | TakeProfit::Hybrid { profit, .. } => own.with(leg, *profit, terms)?,
        };
        Some(AfterFill {
            level: leg.level,
            quantity: quantity.clone(),
            volume: volume.clone(),
            take_profit: joined(take_profit, terms),
            price_of_all: held.price_of_all(),
            stop_price: held.stop_price(stop),
            break_even: held.break_even(),
            average: volume.clone().over(held.quantity),
        })
    };
    legs.iter().take_while(|leg| leg.check.is_ok()).map_while(row).collect()
}

/// The first safety order that a price against the position meets after the stop, or with it.
pub(super) fn stop_before(terms: &Terms, legs: &[Leg], rows: &[AfterFill]) -> Option<usize> {
    let is_behind = |(row, leg): &(&AfterFill, &Leg)| {
        row.stop_price.as_ref().is_some_and(|stop| !terms.is_before(&leg.price, stop))
    };
    rows.iter().zip(legs.iter().skip(1)).find(is_behind).map(|(_, leg)| leg.level)
}

struct Held<'a> {
    plan: &'a LadderPlan,
    terms: &'a Terms,
    quantity: Positive,
    volume: &'a Number,
    base_cost: &'a Number,
}

impl Held<'_> {
    fn stepped(&self, basis: Basis, steps: &[ProfitStep], trailing: Option<Percent>) -> Vec<Slice> {
        let mut left = self.quantity.number().clone();
        let last = steps.len().saturating_sub(1);
        let slice = |(index, step): (usize, &ProfitStep)| {
            let quantity = if index == last { self.terms.sellable(&left) } else { self.share(step) };
            left = left.minus(&quantity);
            let trailing = trailing.filter(|_| index == last);
            Slice { leg: None, price: self.price(basis, step), quantity, joins: None, trailing }
        };
        steps.iter().enumerate().map(slice).collect()
    }

    fn share(&self, step: &ProfitStep) -> Number {
        let share = self.quantity.number().times(&Number::from(step.amount.get())).percent();
        self.terms.quantity(&share.over(Positive::ONE))
    }

    /// The price that leaves the step's profit after both fees.
    fn price(&self, basis: Basis, step: &ProfitStep) -> Number {
        let profit = Number::from(step.profit.get());
        match basis {
            Basis::Average => self.terms.gaining(self.volume, &self.quantity, &profit),
            Basis::Base => {
                let wanted = self.terms.better(&self.volume.times(&Number::HUNDRED), &self.base_cost.times(&profit));
                self.terms.exit_price(&wanted.percent().over(self.quantity.times(&self.terms.exit_fee)))
            }
        }
    }

    fn price_of_all(&self) -> Option<Number> {
        let TakeProfit::Hybrid { all, .. } = &self.plan.take_profit else { return None };
        Some(self.terms.gaining(self.volume, &self.quantity, &Number::from(all.get())))
    }

    /// `of_base` is the stop from the base order, which does not move.
    fn stop_price(&self, of_base: Option<&Number>) -> Option<Number> {
        let stop = self.plan.stop_loss?;
        match stop.basis {
            Basis::Base => of_base.cloned(),
            Basis::Average => Some(self.terms.stop_price_over(self.volume, &self.quantity, stop.loss)),
        }
    }

    fn break_even(&self) -> Option<Number> {
        self.plan.stop_loss?.break_even_after?;
        Some(self.terms.gaining(self.volume, &self.quantity, &Number::ZERO))
    }
}
