//! What a position that ends still holds: coins that were bought and not sold.
//!
//! 1. After a sale, what rounding and the market's least leave is dust, and nothing is wrong with it.
//! 2. More than that is still held in earnest: nobody looks at it any more, and no stop is there for it. It is told with what it has
//!    cost, and no profit is made of it.
//! 3. A position that has sold nothing has ended as dust, whatever it was left for.

use super::{Position, Settled};
use crate::ledger::Ledger;
use crate::limits::{DUST_NOTIONALS_MAX, DUST_PERCENT_MAX};
use crate::money::{Amount, Decimal, Fraction, MoneyError, Quantity};

/// Base that a position has ended with, where that is more than dust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StillHeld {
    pub quantity: Quantity,
    /// Quote, at the position's average price, and so with the fees of buying it; raised to eight decimals.
    pub cost: Amount,
    /// Whether nothing at all was sold: the position has made neither profit nor loss yet.
    pub nothing_sold: bool,
}

impl Settled {
    /// Whether a profit or loss was made, that can be told.
    pub fn has_sold(&self) -> bool {
        !self.still_held.is_some_and(|held| held.nothing_sold)
    }
}

impl Position {
    /// What it holds on with, of so much that was not sold; none where that is dust.
    pub(super) fn still_held(&self, ledger: &Ledger, quantity: Quantity) -> Result<Option<StillHeld>, MoneyError> {
        let Some(average) = ledger.average().filter(|_| !quantity.is_zero()) else { return Ok(None) };
        let (filters, left) = (&self.group.market.filters, quantity.fraction());
        let (cost, nothing_sold) = (average * left.clone(), ledger.sold.is_zero());
        let is_a_step = !filters.quantity_down(&left)?.is_zero();
        let share = left * Fraction::whole(100) > ledger.bought.fraction() * Fraction::whole(DUST_PERCENT_MAX);
        let is_much = share || cost > filters.notional_min.fraction() * Fraction::whole(DUST_NOTIONALS_MAX);
        if nothing_sold || (is_a_step && is_much) {
            let cost = Amount::new(cost.ceil_to(Decimal::new(1, 8))?)?;
            return Ok(Some(StillHeld { quantity, cost, nothing_sold }));
        }
        Ok(None)
    }
}
