//! Whether a closing signal is worth following: what a sale at the market would bring, against what the plan asks for.

use super::Position;
use crate::money::{MoneyError, Percent, Price};
use crate::order::Purpose;
use crate::reason::Reason;

/// Why a closing signal closes nothing. What cannot be shown to bring the profit is taken not to bring it: the plan says
/// that no signal may sell for less, a stop and its user still can, and what was not sold can be sold later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWorth {
    #[error("no price younger than 60 s is known, and the alert brings none, so {least} % of profit cannot be shown")]
    NoPrice { least: Percent },
    #[error("what was bought, or its fees, is not known yet, so {least} % of profit cannot be shown")]
    Unknown { least: Percent },
    #[error("the market is at {price}; {least} % on the average after the fee of the exit needs {needed}")]
    BelowMinimum { price: Price, needed: Price, least: Percent },
}

impl NotWorth {
    /// A stable word.
    pub fn reason(&self) -> Reason {
        match self {
            Self::NoPrice { .. } => Reason::NoPrice,
            Self::Unknown { .. } | Self::BelowMinimum { .. } => Reason::BelowMinimumProfit,
        }
    }
}

impl Position {
    /// Why a closing signal leaves this position as it is, where the market is at `price`; none where it closes it. A
    /// group on its way out goes on. One that has bought nothing has nothing to sell for less: an entry that rests is
    /// taken back, while one whose outcome is in doubt may have bought.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn not_worth_closing(&self, price: Option<Price>) -> Result<Option<NotWorth>, MoneyError> {
        let Some(least) = self.group.plan.rules.minimum_profit else { return Ok(None) };
        if self.group.exit.is_some() {
            return Ok(None);
        }
        for order in &self.orders {
            let in_doubt = order.purpose == Purpose::Entry && order.status.is_in_doubt();
            if in_doubt || !order.is_accounted()? {
                return Ok(Some(NotWorth::Unknown { least }));
            }
        }
        let Some(average) = self.ledger()?.average() else { return Ok(None) };
        let Some(price) = price else { return Ok(Some(NotWorth::NoPrice { least })) };
        if self.group.plan.rules.lets_close(self.group.side, self.group.market.fee, &average, price) {
            return Ok(None);
        }
        let needed = self.gaining(average, least)?;
        Ok(Some(NotWorth::BelowMinimum { price, needed, least }))
    }
}
