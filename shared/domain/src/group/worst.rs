//! What a position can lose: if all of its ladder is filled and its stop then sells everything.

use super::Position;
use crate::alert::Side;
use crate::ledger::Ledger;
use crate::money::{Amount, Decimal, Fraction, MoneyError, Price};
use crate::preset::OrderKind;
use crate::profit::Basis;

/// A ladder at its deepest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorstCase {
    /// Quote that is paid for what is held and for every order and leg that may still be filled, fees included.
    pub planned: Amount,
    /// Where the stop then sells; none without a stop, and of parts that each have one.
    pub stop: Option<Price>,
    /// What is lost then, the exit's fee included: without a stop all of it, of contracts at most the margin.
    pub loss: Amount,
}

impl Position {
    /// What happens if the price goes through all of its orders and legs to its stop.
    ///
    /// # Errors
    /// `Inexact` where a number cannot be kept.
    pub fn worst_case(&self) -> Result<WorstCase, MoneyError> {
        if !self.stands_alone() {
            return self.worst_of_one();
        }
        let mut all = WorstCase { planned: Amount::ZERO, stop: None, loss: Amount::ZERO };
        for part in self.parts()? {
            let WorstCase { planned, loss, .. } = part.worst_of_one()?;
            all = WorstCase { planned: all.planned.plus(planned)?, loss: all.loss.plus(loss)?, stop: None };
        }
        Ok(all)
    }

    /// Where the margin of contracts is used up: a venue sells a little before. None of coins, and of a long without leverage.
    ///
    /// # Errors
    /// `Inexact` where the price cannot be kept.
    pub fn margin_gone_at(&self) -> Result<Option<Price>, MoneyError> {
        let (group, ledger) = (&self.group, self.ledger()?);
        if !group.market.kind.is_linear() || group.is_settled() || ledger.held()?.is_zero() {
            return Ok(None);
        }
        let Some(average) = ledger.average() else { return Ok(None) };
        let margin = average.clone().over(&group.plan.leverage.fraction()).ok_or(MoneyError::NotANumber)?;
        let gone = match group.side {
            Side::Long => average - margin,
            Side::Short => average + margin,
        };
        Ok(group.side.entry_price(&group.market.filters, &gone).ok())
    }

    fn worst_of_one(&self) -> Result<WorstCase, MoneyError> {
        let (ledger, side) = (self.ledger()?, self.group.side);
        let Some(average) = ledger.average().filter(|_| !self.group.is_settled()) else {
            return self.worst_before_entry();
        };
        let (quantity, cost) = self.at_its_deepest(&ledger, &average)?;
        let stop = self.stop_at_deepest(&quantity, &cost)?;
        let loss = match (stop, side) {
            (None, _) => cost.clone(),
            (Some(stop), Side::Long) => cost.clone() - quantity * stop.fraction() * side.left(self.group.market.fee),
            (Some(stop), Side::Short) => quantity * stop.fraction() * side.left(self.group.market.fee) - cost.clone(),
        };
        self.bounded(&cost, stop, loss)
    }

    /// What is held, and every order and leg that may still be filled; with what is paid for all of it.
    fn at_its_deepest(&self, ledger: &Ledger, average: &Fraction) -> Result<(Fraction, Fraction), MoneyError> {
        let fee = self.group.side.entered(self.group.market.fee);
        let held = ledger.held()?.fraction();
        let (mut quantity, mut cost) = (held.clone(), held * average.clone());
        for order in self.entries().filter(|order| !order.status.is_final()) {
            let price = match order.kind {
                OrderKind::Limit(limit) => limit.fraction(),
                OrderKind::Market => average.clone(),
            };
            let left = order.quantity.fraction() - order.filled()?.fraction();
            (quantity, cost) = (quantity + left.clone(), cost + left * price * fee.clone());
        }
        for leg in self.planned_legs()? {
            let more = leg.quantity.fraction();
            (quantity, cost) = (quantity + more.clone(), cost + more * leg.price.fraction() * fee.clone());
        }
        Ok((quantity, cost))
    }

    fn stop_at_deepest(&self, quantity: &Fraction, cost: &Fraction) -> Result<Option<Price>, MoneyError> {
        let Some(stop) = self.group.plan.stop_loss else { return Ok(None) };
        let side = self.group.side;
        let from = match stop.basis {
            Basis::Average => cost.clone().over(quantity),
            Basis::Base => self.base_ledger()?.average(),
        };
        let fixed =
            from.and_then(|from| side.entry_price(&self.group.market.filters, &(from * side.lost(stop.loss))).ok());
        Ok([fixed, self.group.tracked.stop].into_iter().flatten().reduce(|one, other| side.better(one, other)))
    }

    /// Of what is planned and not bought yet: the legs follow from a price that is not known.
    fn worst_before_entry(&self) -> Result<WorstCase, MoneyError> {
        if self.group.is_settled() {
            return Ok(WorstCase { planned: Amount::ZERO, stop: None, loss: Amount::ZERO });
        }
        let planned = self.exposure()?.fraction();
        let lost = self.group.plan.stop_loss.map_or_else(|| Fraction::whole(1), |stop| stop.loss.share());
        let loss = planned.clone() * lost;
        self.bounded(&planned, None, loss)
    }

    fn bounded(&self, cost: &Fraction, stop: Option<Price>, loss: Fraction) -> Result<WorstCase, MoneyError> {
        let most = match self.group.market.kind.is_linear() {
            true => cost.clone().over(&self.group.plan.leverage.fraction()).ok_or(MoneyError::NotANumber)?,
            false => cost.clone(),
        };
        let loss = if loss > most { most } else { loss };
        let loss = if loss < Fraction::whole(0) { Fraction::whole(0) } else { loss };
        let kept = |amount: &Fraction| Amount::new(amount.ceil_to(UNIT)?);
        Ok(WorstCase { planned: kept(cost)?, stop, loss: kept(&loss)? })
    }
}

/// The smallest unit in which quote is kept.
const UNIT: Decimal = Decimal::from_parts(1, 0, 0, false, 8);
