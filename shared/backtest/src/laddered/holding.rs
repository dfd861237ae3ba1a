//! One ladder in flight.

use crate::exact::{Exact, Inexact};
use domain::ladder::{AfterFill, Ladder, Number};

/// A ladder whose base order was filled, with what became of it.
#[derive(Debug)]
pub(super) struct Holding {
    pub(super) bar: usize,
    /// Of each level its price and quantity, up to the first that cannot be placed.
    legs: Vec<(Exact, Exact)>,
    /// What stands once that level was filled.
    exits: Vec<Exits>,
    /// Levels that were filled.
    filled: usize,
    sold: Vec<Target>,
    pub(super) held: Exact,
    pub(super) bought: Exact,
    /// Notional of all entries, and of all exits.
    pub(super) paid: Exact,
    pub(super) received: Exact,
    pub(super) fees: Exact,
    /// Once this step of the take-profit was sold, the stop stands where nothing is lost.
    break_even_after: Option<usize>,
}

#[derive(Debug)]
struct Exits {
    targets: Vec<Target>,
    stop: Option<Exact>,
    break_even: Option<Exact>,
}

/// A take-profit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub(super) step: usize,
    leg: Option<usize>,
    pub(super) price: Exact,
    pub(super) quantity: Exact,
}

impl Holding {
    pub(super) fn new(bar: usize, ladder: &Ladder, break_even_after: Option<u32>) -> Result<Self, Inexact> {
        let leg = |leg: &domain::ladder::Leg| Ok((exact(&leg.price)?, exact(&leg.quantity)?));
        Ok(Self {
            bar,
            legs: ladder.legs.iter().take(ladder.after_fill.len()).map(leg).collect::<Result<_, _>>()?,
            exits: ladder.after_fill.iter().map(Exits::of).collect::<Result<_, _>>()?,
            filled: 0,
            sold: Vec::new(),
            held: Exact::ZERO,
            bought: Exact::ZERO,
            paid: Exact::ZERO,
            received: Exact::ZERO,
            fees: Exact::ZERO,
            break_even_after: break_even_after.and_then(|step| usize::try_from(step).ok()),
        })
    }

    /// The level that is filled next, with its price and quantity.
    pub(super) fn next_leg(&self) -> Option<(usize, Exact, Exact)> {
        self.legs.get(self.filled).map(|(price, quantity)| (self.filled, *price, *quantity))
    }

    /// Where all that is held is sold with loss.
    pub(super) fn stop(&self) -> Option<Exact> {
        let exits = self.exits()?;
        let is_moved = self.break_even_after.is_some_and(|after| self.sold.iter().any(|sold| sold.step >= after));
        let moved = exits.break_even.filter(|_| is_moved);
        let higher = |stop: Exact| moved.filter(|moved| *moved > stop).unwrap_or(stop);
        exits.stop.map(higher)
    }

    /// The first take-profit that a price which has come up to `high` reaches.
    pub(super) fn reached(&self, high: Exact) -> Result<Option<Target>, Inexact> {
        let Some(exits) = self.exits() else { return Ok(None) };
        let (mut left, last) = (self.held, exits.targets.len().saturating_sub(1));
        for (index, target) in exits.targets.iter().enumerate() {
            let quantity = if index == last { left } else { self.unsold(target)?.least(left) };
            left = left.minus(quantity)?;
            if quantity.is_positive() && target.price <= high {
                return Ok(Some(Target { quantity, ..*target }));
            }
        }
        Ok(None)
    }

    pub(super) fn enter(&mut self, price: Exact, quantity: Exact, fee: Exact) -> Result<(), Inexact> {
        self.filled = self.filled.saturating_add(1);
        self.held = self.held.plus(quantity)?;
        self.bought = self.bought.plus(quantity)?;
        self.paid = self.paid.plus(price.times(quantity)?)?;
        self.fees = self.fees.plus(fee)?;
        Ok(())
    }

    pub(super) fn leave(&mut self, price: Exact, quantity: Exact, fee: Exact) -> Result<(), Inexact> {
        self.held = self.held.minus(quantity)?;
        self.received = self.received.plus(price.times(quantity)?)?;
        self.fees = self.fees.plus(fee)?;
        Ok(())
    }

    pub(super) fn took(&mut self, target: Target) {
        self.sold.push(target);
    }

    fn exits(&self) -> Option<&Exits> {
        self.exits.get(self.filled.checked_sub(1)?)
    }

    /// What of a target was not sold at a level before.
    fn unsold(&self, target: &Target) -> Result<Exact, Inexact> {
        let is_same = |sold: &&Target| (sold.leg, sold.step) == (target.leg, target.step);
        let sold = self.sold.iter().filter(is_same).try_fold(Exact::ZERO, |sum, sold| sum.plus(sold.quantity))?;
        let left = target.quantity.minus(sold)?;
        Ok(if left.is_positive() { left } else { Exact::ZERO })
    }
}

impl Exits {
    fn of(row: &AfterFill) -> Result<Self, Inexact> {
        let target = |placed: domain::ladder::Placed| {
            let (price, quantity) = (exact(&placed.price)?, exact(&placed.quantity)?);
            Ok(Target { step: placed.step, leg: placed.leg, price, quantity })
        };
        Ok(Self {
            targets: row.placed().into_iter().map(target).collect::<Result<_, _>>()?,
            stop: row.stop_price.as_ref().map(exact).transpose()?,
            break_even: row.break_even.as_ref().map(exact).transpose()?,
        })
    }
}

fn exact(number: &Number) -> Result<Exact, Inexact> {
    Exact::parse(&number.to_string())
}
