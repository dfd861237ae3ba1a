//! One ladder in flight.

use super::What;
use super::mirror::{behind, better, has_gained};
use crate::exact::{Exact, Inexact};
use domain::alert::Side;
use domain::clock::Timestamp;
use domain::ladder::{AfterFill, Ladder, LadderPlan, Number};
use domain::market::Filters;
use domain::money::{Fraction, Percent};

/// A ladder whose base order was filled, with what became of it.
#[derive(Debug)]
pub(super) struct Holding {
    pub(super) bar: usize,
    pub(super) opened_at: Timestamp,
    /// Of each level its price and quantity, up to the first that cannot be placed.
    legs: Vec<(Exact, Exact)>,
    /// What stands once that level was filled.
    exits: Vec<Exits>,
    /// Levels that were filled.
    filled: usize,
    closed: Vec<Target>,
    pub(super) held: Exact,
    pub(super) entered: Exact,
    /// Notional of all entries, and of all exits.
    pub(super) opened: Exact,
    pub(super) left: Exact,
    pub(super) fees: Exact,
    /// Those of entries.
    entry_fees: Exact,
    pub(super) funding: Exact,
    rules: Rules,
    /// Where a trailing stop stands.
    trailed: Option<Exact>,
    /// The best price since a trailing take-profit was reached.
    peak: Option<Exact>,
}

/// What of the plan does not change.
#[derive(Debug)]
struct Rules {
    side: Side,
    filters: Filters,
    /// Once this step of the take-profit was closed, the stop stands where nothing is lost.
    break_even_after: Option<usize>,
    /// How far a stop follows.
    stop_trails: Option<Percent>,
    /// The step of the take-profit that trails, and how far.
    profit_trails: Option<(usize, Percent)>,
}

#[derive(Debug)]
struct Exits {
    targets: Vec<Target>,
    /// Where everything is sold at once.
    all: Option<Exact>,
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

impl Rules {
    fn of(plan: &LadderPlan) -> Self {
        let place = |step: u32| usize::try_from(step).ok();
        let last = place(plan.take_profit.steps());
        Self {
            side: plan.side,
            filters: plan.filters,
            break_even_after: plan.stop_loss.and_then(|stop| stop.break_even_after).and_then(place),
            stop_trails: plan.stop_loss.filter(|stop| stop.trailing).map(|stop| stop.loss),
            profit_trails: last.zip(plan.take_profit.trailing()),
        }
    }
}

impl Holding {
    pub(super) fn new(
        (bar, opened_at): (usize, Timestamp),
        ladder: &Ladder,
        plan: &LadderPlan,
    ) -> Result<Self, Inexact> {
        let leg = |leg: &domain::ladder::Leg| Ok((exact(&leg.price)?, exact(&leg.quantity)?));
        let [held, entered, opened, left, fees, entry_fees, funding] = [Exact::ZERO; 7];
        Ok(Self {
            bar,
            opened_at,
            legs: ladder.legs.iter().take(ladder.after_fill.len()).map(leg).collect::<Result<_, _>>()?,
            exits: ladder.after_fill.iter().map(Exits::of).collect::<Result<_, _>>()?,
            filled: 0,
            closed: Vec::new(),
            held,
            entered,
            opened,
            left,
            fees,
            entry_fees,
            funding,
            rules: Rules::of(plan),
            trailed: None,
            peak: None,
        })
    }

    /// The level that is filled next, with its price and quantity.
    pub(super) fn next_leg(&self) -> Option<(usize, Exact, Exact)> {
        self.legs.get(self.filled).map(|(price, quantity)| (self.filled, *price, *quantity))
    }

    /// Where all that is held is left once the price comes back to it, and why: the first that it meets.
    pub(super) fn leaves_at(&self) -> Result<Option<(What, Exact)>, Inexact> {
        let (side, stop) = (self.rules.side, self.stop());
        let Some((step, percent)) = self.rules.profit_trails else { return Ok(stop.map(|stop| (What::Stop, stop))) };
        let Some(peak) = self.peak else { return Ok(stop.map(|stop| (What::Stop, stop))) };
        let trigger = behind(side, &self.rules.filters, peak, percent)?;
        let is_first = |trigger: &Exact| stop.is_none_or(|stop| has_gained(side, *trigger, stop));
        let profit = trigger.filter(is_first).map(|trigger| (What::TakeProfit(step), trigger));
        Ok(profit.or(stop.map(|stop| (What::Stop, stop))))
    }

    /// Where all is left with loss, or with what a stop that follows has kept.
    fn stop(&self) -> Option<Exact> {
        let (side, exits) = (self.rules.side, self.exits()?);
        let is_moved = self.rules.break_even_after.is_some_and(|after| self.closed.iter().any(|one| one.step >= after));
        let moved = exits.break_even.filter(|_| is_moved);
        let places = [exits.stop, exits.stop.and(moved), exits.stop.and(self.trailed)];
        places.into_iter().flatten().reduce(|one, other| better(side, one, other))
    }

    /// A price that was seen: what follows the price follows it there.
    pub(super) fn look(&mut self, price: Exact) -> Result<(), Inexact> {
        let side = self.rules.side;
        if let Some(loss) = self.rules.stop_trails {
            let places = [self.trailed, behind(side, &self.rules.filters, price, loss)?];
            self.trailed = places.into_iter().flatten().reduce(|one, other| better(side, one, other));
        }
        self.peak = match self.peak {
            Some(peak) => Some(better(side, peak, price)),
            None => self.arms_at().filter(|arms_at| has_gained(side, price, *arms_at)).map(|_| price),
        };
        Ok(())
    }

    /// Where a take-profit begins to trail.
    fn arms_at(&self) -> Option<Exact> {
        let (step, _) = self.rules.profit_trails?;
        self.exits()?.targets.iter().find(|target| target.step == step).map(|target| target.price)
    }

    fn trails(&self, target: &Target) -> bool {
        self.rules.profit_trails.is_some_and(|(step, _)| step == target.step)
    }

    /// Where everything is sold at once, if a price that has come as far as this in favour reaches it, and before it this target.
    pub(super) fn all_at(&self, price: Exact, before: Option<&Target>) -> Option<Exact> {
        let (side, all) = (self.rules.side, self.exits()?.all?);
        let is_next = before.is_none_or(|target| !has_gained(side, all, target.price));
        (is_next && has_gained(side, price, all)).then_some(all)
    }

    /// The first take-profit that rests and that a price which has come as far as this in favour reaches.
    pub(super) fn reached(&self, price: Exact) -> Result<Option<Target>, Inexact> {
        let Some(exits) = self.exits() else { return Ok(None) };
        let (mut left, last) = (self.held, exits.targets.len().saturating_sub(1));
        for (index, target) in exits.targets.iter().enumerate() {
            let quantity = if index == last { left } else { self.not_closed(target)?.least(left) };
            left = left.minus(quantity)?;
            let rests = quantity.is_positive() && !self.trails(target);
            if rests && has_gained(self.rules.side, price, target.price) {
                return Ok(Some(Target { quantity, ..*target }));
            }
        }
        Ok(None)
    }

    pub(super) fn enter(&mut self, price: Exact, quantity: Exact, fee: Exact) -> Result<(), Inexact> {
        self.filled = self.filled.saturating_add(1);
        self.held = self.held.plus(quantity)?;
        self.entered = self.entered.plus(quantity)?;
        self.opened = self.opened.plus(price.times(quantity)?)?;
        self.fees = self.fees.plus(fee)?;
        self.entry_fees = self.entry_fees.plus(fee)?;
        Ok(())
    }

    pub(super) fn leave(&mut self, worth: Exact, quantity: Exact, fee: Exact) -> Result<(), Inexact> {
        self.held = self.held.minus(quantity)?;
        self.left = self.left.plus(worth)?;
        self.fees = self.fees.plus(fee)?;
        Ok(())
    }

    pub(super) fn took(&mut self, target: Target) {
        self.closed.push(target);
    }

    /// What was gained in all, after fees and funding.
    pub(super) fn pnl(&self) -> Result<Exact, Inexact> {
        self.traded()?.minus(self.funding)
    }

    /// What was gained by trading, after fees.
    pub(super) fn traded(&self) -> Result<Exact, Inexact> {
        let gain = match self.rules.side {
            Side::Long => self.left.minus(self.opened)?,
            Side::Short => self.opened.minus(self.left)?,
        };
        gain.minus(self.fees)
    }

    /// What one base unit has cost with the fees of entries, or brought after them.
    pub(super) fn average(&self) -> Result<Fraction, Inexact> {
        let paid = match self.rules.side {
            Side::Long => self.opened.plus(self.entry_fees)?,
            Side::Short => self.opened.minus(self.entry_fees)?,
        };
        Fraction::from(paid.decimal()?).over(&self.entered.decimal()?.into()).ok_or(Inexact)
    }

    fn exits(&self) -> Option<&Exits> {
        self.exits.get(self.filled.checked_sub(1)?)
    }

    /// What of a target was not closed at a level before.
    fn not_closed(&self, target: &Target) -> Result<Exact, Inexact> {
        let is_same = |one: &&Target| (one.leg, one.step) == (target.leg, target.step);
        let closed = self.closed.iter().filter(is_same).try_fold(Exact::ZERO, |sum, one| sum.plus(one.quantity))?;
        let left = target.quantity.minus(closed)?;
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
            all: row.price_of_all.as_ref().map(exact).transpose()?,
            stop: row.stop_price.as_ref().map(exact).transpose()?,
            break_even: row.break_even.as_ref().map(exact).transpose()?,
        })
    }
}

fn exact(number: &Number) -> Result<Exact, Inexact> {
    Exact::parse(&number.to_string())
}
