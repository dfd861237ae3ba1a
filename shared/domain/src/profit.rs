//! Where a position is left: with profit, and with loss.

use crate::clock::Millis;
use crate::limits::TAKE_PROFIT_STEPS_MAX;
use crate::money::{Decimal, Percent};
use crate::words::words;

/// From which price a distance is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The average of all that was bought, fees included.
    Average,
    /// The average of the base order, fees included; later entries do not move it.
    Base,
}

/// One step of a take-profit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfitStep {
    /// After the fee of the sale.
    pub profit: Percent,
    /// Of all that was bought; the last step sells what is left.
    pub amount: Percent,
}

/// How a position is sold with profit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakeProfit {
    /// All that was bought together, in up to [`TAKE_PROFIT_STEPS_MAX`] steps. Where it trails, nothing rests for the
    /// last one: its price arms, and what is left is sold once the price has fallen by so much from its peak.
    Aggregate { basis: Basis, steps: Vec<ProfitStep>, trailing: Option<Percent> },
    /// Each leg by itself, from its own price.
    PerLeg { profit: Percent },
    /// Each leg by itself, and everything at once where the price reaches `all` above the average. On spot the coins
    /// are locked once: legs rest at the venue, and the price of all is kept by polling.
    Hybrid { profit: Percent, all: Percent },
}

/// Where everything is sold with loss; kept at the venue where it can be, and by polling in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopLoss {
    pub loss: Percent,
    pub basis: Basis,
    /// Once this step of the take-profit has been sold, it stands where a sale brings back what was paid, fees included.
    pub break_even_after: Option<u32>,
    /// It follows the highest price since the first fill, and never falls.
    pub trailing: bool,
    /// For how long every look must have found the price at or under it.
    pub delay: Option<Millis>,
    /// It may rest at the venue, where that keeps stops.
    pub at_venue: bool,
}

impl StopLoss {
    /// Whether it can rest at a venue: it waits for a price, and for nothing else.
    pub fn rests(&self) -> bool {
        self.at_venue && !self.trailing && self.delay.is_none()
    }

    /// Whether it sells wherever the one before would have sold, at the latest then, and rests at the venue where that did
    /// by its own terms. What is measured from another price is not known to.
    pub fn is_as_tight_as(&self, before: &Self) -> bool {
        let step = |stop: &Self| stop.break_even_after.unwrap_or(u32::MAX);
        let delay = |stop: &Self| stop.delay.map_or(0, Millis::get);
        self.loss <= before.loss
            && self.basis == before.basis
            && step(self) <= step(before)
            && self.trailing >= before.trailing
            && delay(self) <= delay(before)
            && self.at_venue >= before.at_venue
    }

    /// It stays where it is.
    pub fn fixed(loss: Percent, basis: Basis) -> Self {
        Self { loss, basis, break_even_after: None, trailing: false, delay: None, at_venue: true }
    }
}

/// What is wrong with the steps of a take-profit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSteps {
    #[error("must be 1 to {TAKE_PROFIT_STEPS_MAX} steps")]
    Count,
    #[error("must add up to 100")]
    Sum,
    #[error("must be above 0")]
    Zero,
    #[error("must rise from step to step")]
    Order,
}

impl TakeProfit {
    /// Everything at this profit above the average.
    pub fn at(profit: Percent) -> Self {
        let amount = Percent::HUNDRED;
        Self::Aggregate { basis: Basis::Average, steps: vec![ProfitStep { profit, amount }], trailing: None }
    }

    /// The same with a last step that trails; each leg by itself never does.
    #[must_use]
    pub fn trailing_by(self, percent: Percent) -> Self {
        match self {
            Self::Aggregate { basis, steps, .. } => Self::Aggregate { basis, steps, trailing: Some(percent) },
            kind => kind,
        }
    }

    /// How far the last step trails behind the peak, where it does.
    pub fn trailing(&self) -> Option<Percent> {
        match self {
            Self::Aggregate { trailing, .. } => *trailing,
            Self::PerLeg { .. } | Self::Hybrid { .. } => None,
        }
    }

    /// Whether it takes a look at the price to sell, and not only orders that rest at the venue.
    pub fn is_polled(&self) -> bool {
        self.trailing().is_some() || matches!(self, Self::Hybrid { .. })
    }

    /// The lowest profit at which something is sold.
    pub fn first(&self) -> Percent {
        match self {
            Self::Aggregate { steps, .. } => steps.first().map_or(Percent::HUNDRED, |step| step.profit),
            Self::PerLeg { profit } | Self::Hybrid { profit, .. } => *profit,
        }
    }

    /// How many steps it has; each leg by itself has one.
    pub fn steps(&self) -> u32 {
        match self {
            Self::Aggregate { steps, .. } => u32::try_from(steps.len()).unwrap_or(u32::MAX),
            Self::PerLeg { .. } | Self::Hybrid { .. } => 1,
        }
    }

    /// # Errors
    /// [`BadSteps`].
    pub fn aggregate(basis: Basis, steps: Vec<ProfitStep>) -> Result<Self, BadSteps> {
        let max = usize::try_from(TAKE_PROFIT_STEPS_MAX).unwrap_or(usize::MAX);
        if steps.is_empty() || steps.len() > max {
            return Err(BadSteps::Count);
        }
        if steps.iter().any(|step| step.amount.get().is_zero()) {
            return Err(BadSteps::Zero);
        }
        if steps.iter().zip(steps.iter().skip(1)).any(|(step, next)| step.profit >= next.profit) {
            return Err(BadSteps::Order);
        }
        let sum = steps.iter().try_fold(Decimal::ZERO, |sum, step| sum.checked_add(step.amount.get()));
        if sum != Some(Percent::HUNDRED.get()) {
            return Err(BadSteps::Sum);
        }
        Ok(Self::Aggregate { basis, steps, trailing: None })
    }
}

words! {
    Basis { Average = "average", Base = "base" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(steps: &[(&str, &str)]) -> Result<TakeProfit, BadSteps> {
        let step = |(profit, amount): &(&str, &str)| ProfitStep {
            profit: profit.parse().unwrap(),
            amount: amount.parse().unwrap(),
        };
        TakeProfit::aggregate(Basis::Average, steps.iter().map(step).collect())
    }

    #[test]
    fn steps_rise_and_sell_everything() {
        assert!(steps(&[("1", "33.3"), ("2", "33.3"), ("3", "33.4")]).is_ok());
        assert_eq!(steps(&[]), Err(BadSteps::Count));
        assert_eq!(steps(&[("1", "10"); 9]), Err(BadSteps::Count));
        assert_eq!(steps(&[("1", "0"), ("2", "100")]), Err(BadSteps::Zero));
        assert_eq!(steps(&[("2", "50"), ("2", "50")]), Err(BadSteps::Order));
        assert_eq!(steps(&[("1", "50"), ("2", "49.9")]), Err(BadSteps::Sum));
    }
}
