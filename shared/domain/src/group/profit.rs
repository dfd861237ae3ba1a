//! What of a position is to be sold where: prices from what was really paid, quantities from what is really there.
//!
//! Formulas: 3Commas' take-profits from the average and from the base order, as its public deal records show them.

use super::Position;
use crate::alert::Side;
use crate::ledger::Ledger;
use crate::money::{Fraction, MoneyError, Percent, Price, Quantity};
use crate::order::{Order, Purpose};
use crate::profit::{Basis, ProfitStep, TakeProfit};
use std::collections::BTreeSet;

/// What should rest at the venue for one leg of one part and one step; all are part of the order's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    pub pyramid: u32,
    pub leg: u32,
    /// From 1.
    pub step: u32,
    pub price: Price,
    pub quantity: Quantity,
}

impl Position {
    /// The slices in which what is held is to be sold, each passing the market's filters: one that is too small joins
    /// the next, the last one takes what is left. None where the fees of what is held are not known yet, or nothing
    /// was bought.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn slices(&self) -> Result<Option<Vec<Slice>>, MoneyError> {
        for order in &self.orders {
            if !order.is_accounted()? {
                return Ok(None);
            }
        }
        let ledger = self.ledger()?;
        if ledger.average().is_none() {
            return Ok(None);
        }
        let wanted = match &self.group.plan.take_profit {
            TakeProfit::Aggregate { basis, steps, .. } => self.stepped(&ledger, *basis, steps)?,
            TakeProfit::PerLeg { profit } | TakeProfit::Hybrid { profit, .. } => self.by_leg(*profit)?,
        };
        self.fitted(wanted).map(Some)
    }

    /// Where a hybrid sells everything at once; none for others, and before the first fill.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn price_of_all(&self) -> Result<Option<Price>, MoneyError> {
        let TakeProfit::Hybrid { all, .. } = &self.group.plan.take_profit else { return Ok(None) };
        let average = self.ledger()?.average();
        average.map(|average| self.gaining(average, *all)).transpose()
    }

    /// Each step's share of all that was bought and not sold by partial exits, less what it has sold.
    fn stepped(&self, ledger: &Ledger, basis: Basis, steps: &[ProfitStep]) -> Result<Vec<Slice>, MoneyError> {
        let filters = &self.group.market.filters;
        let kept = ledger.bought.minus(self.reduced()?)?;
        let bought = filters.quantity_down(&kept.fraction())?;
        let pyramid = self.pyramid();
        let (mut slices, mut given) = (Vec::with_capacity(steps.len()), Quantity::ZERO);
        for (step, number) in steps.iter().zip(1_u32..) {
            let is_last = slices.len().saturating_add(1) == steps.len();
            let share = if is_last {
                bought.minus(given)?
            } else {
                filters.quantity_down(&(bought.fraction() * step.amount.share()))?
            };
            given = given.plus(share)?;
            let price = self.step_price(ledger, basis, step.profit)?;
            let quantity = less(share, self.sold(pyramid, 0, number)?)?;
            slices.push(Slice { pyramid, leg: 0, step: number, price, quantity });
        }
        Ok(slices)
    }

    pub(super) fn step_price(&self, ledger: &Ledger, basis: Basis, profit: Percent) -> Result<Price, MoneyError> {
        match basis {
            Basis::Average => self.gaining(ledger.average().ok_or(MoneyError::NotANumber)?, profit),
            Basis::Base => {
                let base_cost = self.base_ledger()?.paid.fraction();
                let (market, side, gain) = (&self.group.market, self.group.side, base_cost * profit.share());
                let proceeds = match side {
                    Side::Long => ledger.paid.fraction() + gain,
                    Side::Short => ledger.paid.fraction() - gain,
                };
                let sold = ledger.bought.fraction() * side.left(market.fee);
                side.profit_price(&market.filters, &proceeds.over(&sold).ok_or(MoneyError::NotANumber)?)
            }
        }
    }

    /// Each leg from its own price, less its share of partial exits; the nearest price first, so that what is there is
    /// never held back for a further one.
    fn by_leg(&self, profit: Percent) -> Result<Vec<Slice>, MoneyError> {
        let all = self.ledger()?.bought;
        let kept = all.minus(self.reduced()?)?.fraction();
        let kept = kept.over(&all.fraction()).ok_or(MoneyError::NotANumber)?;
        let legs: BTreeSet<(u32, u32)> = self.entries().map(|order| (order.pyramid, order.leg)).collect();
        let mut slices = Vec::with_capacity(legs.len());
        for (pyramid, leg) in legs {
            let ledger = self.leg_ledger(pyramid, leg)?;
            let Some(average) = ledger.average() else { continue };
            let bought = self.group.market.filters.quantity_down(&(ledger.bought.fraction() * kept.clone()))?;
            let quantity = less(bought, self.sold(pyramid, leg, 1)?)?;
            slices.push(Slice { pyramid, leg, step: 1, price: self.gaining(average, profit)?, quantity });
        }
        slices.sort_by(|one, other| {
            let nearer = self.group.side.by_nearness(&one.price, &other.price);
            nearer.then(other.leg.cmp(&one.leg))
        });
        Ok(slices)
    }

    /// No more than is there, in slices that pass the filters.
    fn fitted(&self, wanted: Vec<Slice>) -> Result<Vec<Slice>, MoneyError> {
        let filters = &self.group.market.filters;
        let mut there = self.held()?;
        let mut fitted: Vec<Slice> = Vec::with_capacity(wanted.len());
        let mut too_small: Option<Slice> = None;
        for slice in wanted {
            let taken = slice.quantity.min(there);
            there = there.minus(taken)?;
            let quantity = too_small.take().map_or(Ok(taken), |small| small.quantity.plus(taken))?;
            let slice = Slice { quantity, ..slice };
            match filters.check(quantity, slice.price) {
                Ok(()) => fitted.push(slice),
                Err(_) => too_small = Some(slice),
            }
        }
        let left = too_small.map_or(Ok(there), |small| small.quantity.plus(there))?;
        match (fitted.last_mut(), too_small) {
            (Some(last), _) => last.quantity = last.quantity.plus(left)?,
            (None, Some(small)) if filters.check(left, small.price).is_ok() => {
                fitted.push(Slice { quantity: left, ..small });
            }
            _ => {}
        }
        Ok(fitted)
    }

    /// What the orders of a step have sold.
    fn sold(&self, pyramid: u32, leg: u32, step: u32) -> Result<Quantity, MoneyError> {
        let purpose = Purpose::TakeProfit(step);
        let of_step = |order: &&Order| order.pyramid == pyramid && order.leg == leg && order.purpose == purpose;
        self.orders.iter().filter(of_step).try_fold(Quantity::ZERO, |sum, order| sum.plus(order.filled()?))
    }

    /// What the entries of one leg add up to.
    fn leg_ledger(&self, pyramid: u32, leg: u32) -> Result<Ledger, MoneyError> {
        let entries = self.entries().filter(|order| order.pyramid == pyramid && order.leg == leg);
        Ledger::of(&self.group.market.key.symbol, self.group.side, entries)
    }

    /// Where a sale brings this profit after its own fee.
    pub(super) fn gaining(&self, average: Fraction, profit: Percent) -> Result<Price, MoneyError> {
        let (market, side) = (&self.group.market, self.group.side);
        let target = (average * side.gained(profit)).over(&side.left(market.fee));
        side.profit_price(&market.filters, &target.ok_or(MoneyError::NotANumber)?)
    }
}

fn less(share: Quantity, sold: Quantity) -> Result<Quantity, MoneyError> {
    if sold >= share { Ok(Quantity::ZERO) } else { share.minus(sold) }
}
