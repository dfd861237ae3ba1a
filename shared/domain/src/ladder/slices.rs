//! In which portions all that is held is sold.

use super::Leg;
use super::filled::{AfterFill, Joins, Slice};
use super::number::{Number, Positive};
use super::terms::Terms;
use crate::market::{FilterFailure, Stops};
use crate::money::Percent;
use std::cmp::Reverse;

/// The legs' own take-profits, the nearest first.
#[derive(Debug, Default)]
pub(super) struct Own(Vec<Slice>);

impl Own {
    /// With one leg more, from what that has cost.
    pub(super) fn with(&mut self, leg: &Leg, profit: Percent, terms: &Terms) -> Option<Vec<Slice>> {
        let held = leg.quantity.times(&terms.kept);
        let quantity = terms.sellable(&held);
        let price =
            terms.gaining(&terms.paid(&leg.price, &leg.quantity), &Positive::of(held)?, &Number::from(profit.get()));
        let own = Slice { leg: Some(leg.level), price, quantity, joins: None, trailing: None };
        self.0.push(own);
        self.0.sort_by(|one, other| {
            terms.by_nearness(&one.price, &other.price).then_with(|| Reverse(one.leg).cmp(&Reverse(other.leg)))
        });
        Some(self.0.clone())
    }
}

/// Those that are too little to be orders join others.
pub(super) fn joined(mut slices: Vec<Slice>, terms: &Terms) -> Vec<Slice> {
    let (mut carried, mut is_any_placed) = (Number::ZERO, false);
    let last = slices.len().saturating_sub(1);
    for (index, slice) in slices.iter_mut().enumerate() {
        carried = carried.plus(&slice.quantity);
        slice.joins = match is_too_little(terms, &slice.price, &carried) {
            true if index < last => Some(Joins::Next),
            true if is_any_placed => Some(Joins::Previous),
            _ => None,
        };
        if slice.joins.is_none() {
            (carried, is_any_placed) = (Number::ZERO, true);
        }
    }
    slices
}

/// Where the price is at fault, more quantity mends nothing.
fn is_too_little(terms: &Terms, price: &Number, quantity: &Number) -> bool {
    let failure = terms.check(price, quantity).err();
    failure.is_some_and(|failure| failure != FilterFailure::PriceNotPositive)
}

/// A take-profit as it is placed: a slice with those that joined it.
#[derive(Debug, Clone)]
pub struct Placed {
    /// Counted from 1; each leg by itself has one.
    pub step: usize,
    /// The leg that it sells, where each is sold by itself.
    pub leg: Option<usize>,
    pub price: Number,
    pub quantity: Number,
}

impl AfterFill {
    /// How many orders rest at the venue to sell what is held: take-profits, and their stops where these rest too. What
    /// trails rests by its stop alone.
    pub(super) fn orders(&self, stops: Stops) -> usize {
        let placed = self.take_profit.iter().filter(|slice| slice.joins.is_none());
        let each = |slice: &Slice| {
            let has_limit = slice.trailing.is_none();
            usize::from(has_limit).saturating_add(usize::from(stops.may_rest(has_limit)))
        };
        placed.map(each).fold(0, usize::saturating_add)
    }

    /// The take-profits to be placed: slices that are too little have joined others.
    pub fn placed(&self) -> Vec<Placed> {
        let (mut placed, mut carried) = (Vec::<Placed>::with_capacity(self.take_profit.len()), Number::ZERO);
        for (slice, step) in self.take_profit.iter().zip(1_usize..) {
            carried = carried.plus(&slice.quantity);
            let step = if slice.leg.is_some() { 1 } else { step };
            match (slice.joins, placed.last_mut()) {
                (Some(Joins::Next), _) => continue,
                (Some(Joins::Previous), Some(before)) => before.quantity = before.quantity.plus(&carried),
                _ => {
                    placed.push(Placed { step, leg: slice.leg, price: slice.price.clone(), quantity: carried.clone() });
                }
            }
            carried = Number::ZERO;
        }
        placed
    }
}
