//! Cost first in, first out: what is sold first is what was bought first. A [`crate::ledger::Ledger`] says the same at the average.
//!
//! The words are those of a long. Of a short they stand in a mirror, as in the ledger.

use crate::alert::Side;
use crate::market::Symbol;
use crate::money::{Amount, Decimal, Fraction, MoneyError};
use crate::order::{Direction, Fill, Order};
use std::collections::VecDeque;

/// What is held and what was gained, first in, first out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lots {
    /// Quote that was paid for what is held, fees included.
    pub cost: Fraction,
    /// Profit of what was sold, after all fees.
    pub realised: Fraction,
}

/// Coins that were bought at once.
struct Lot {
    quantity: Fraction,
    cost: Fraction,
}

impl Lots {
    /// Of all fills, oldest first. Coins that were never bought cost nothing.
    ///
    /// # Errors
    /// `Inexact` if a fill cannot be counted exactly.
    pub fn of<'a>(
        symbol: &Symbol,
        side: Side,
        orders: impl IntoIterator<Item = &'a Order>,
    ) -> Result<Self, MoneyError> {
        let fills = orders.into_iter().flat_map(|order| order.counted().map(|fill| (order.direction, fill)));
        let mut fills: Vec<_> = fills.collect();
        // At one moment what enters comes first: nothing leaves that has not come.
        fills.sort_by_key(|(direction, fill)| (fill.at, *direction != side.enters()));
        let (mut lots, mut gained) = (VecDeque::new(), Fraction::whole(0));
        for (direction, fill) in fills {
            let (quantity, value) = flow(symbol, side, direction, fill)?;
            if direction == side.enters() {
                lots.push_back(Lot { quantity, cost: value });
            } else {
                gained = gained + value - taken(&mut lots, quantity);
            }
        }
        let cost = lots.into_iter().fold(Fraction::whole(0), |sum, lot| sum + lot.cost);
        let realised = if side == Side::Long { gained } else { Fraction::whole(0) - gained };
        Ok(Self { cost, realised })
    }
}

/// Takes so much from the oldest lots, and says what it has cost.
fn taken(lots: &mut VecDeque<Lot>, mut quantity: Fraction) -> Fraction {
    let (none, mut cost) = (Fraction::whole(0), Fraction::whole(0));
    while quantity > none {
        let Some(mut lot) = lots.pop_front() else { break };
        if lot.quantity <= quantity {
            quantity = quantity - lot.quantity;
            cost = cost + lot.cost;
            continue;
        }
        let part = (lot.cost.clone() * quantity.clone()).over(&lot.quantity).unwrap_or_else(|| Fraction::whole(0));
        cost = cost + part.clone();
        lot.cost = lot.cost - part;
        lot.quantity = lot.quantity - quantity;
        lots.push_front(lot);
        break;
    }
    cost
}

/// Base that came or went, and quote that it was worth, each with fees.
fn flow(symbol: &Symbol, side: Side, direction: Direction, fill: &Fill) -> Result<(Fraction, Fraction), MoneyError> {
    let (mut base, mut quote) = (Amount::ZERO, Amount::ZERO);
    if let Some(fee) = &fill.fee {
        if fee.asset == symbol.base {
            base = fee.amount;
        } else if fee.asset == symbol.quote {
            quote = fee.amount;
        } else if let Some(worth) = fee.worth() {
            quote = worth;
        }
    }
    let value = fill.price.times(fill.quantity)?;
    let value = if direction == Direction::Buy { value.plus(quote)? } else { value.minus(quote)? };
    let quantity = fill.quantity.fraction();
    let base = Fraction::from(base.get());
    let quantity = if direction == side.enters() { quantity - base } else { quantity + base };
    Ok((quantity, value.fraction()))
}

/// As money is shown.
///
/// # Errors
/// `Inexact` if it does not fit.
pub fn shown(exact: &Fraction) -> Result<Amount, MoneyError> {
    Amount::new(exact.floor_to(Decimal::new(1, 8))?)
}
