//! Perpetual contracts as a venue keeps them: one position a market, its margin its own (isolated), its profit paid in quote
//! whenever it gets smaller.
//!
//! 1. What was entered is given back in shares of its average: the cost of a part is cut off to eight decimals, and the
//!    last part takes what is left, so that in all exactly what came in and went out is counted.
//! 2. The margin is what the position has cost over its leverage, rounded up to eight decimals.

use crate::alert::Side;
use crate::market::Leverage;
use crate::money::{Amount, Decimal, MoneyError, Price, Quantity};
use crate::order::Direction;

/// The smallest unit in which quote is kept.
const UNIT: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// What is held of one market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contracts {
    /// Of nothing it says nothing.
    pub side: Side,
    /// Base.
    pub quantity: Quantity,
    /// What they were worth when they were entered, in quote, without fees.
    pub cost: Amount,
}

impl Contracts {
    pub const NONE: Self = Self { side: Side::Long, quantity: Quantity::ZERO, cost: Amount::ZERO };

    /// The position after one trade, and the profit that it has paid out, fees apart; negative for a loss. More than is held
    /// opens the other side.
    ///
    /// # Errors
    /// `Inexact` where a number cannot be kept.
    pub fn traded(self, direction: Direction, price: Price, quantity: Quantity) -> Result<(Self, Amount), MoneyError> {
        let side = if direction == Direction::Buy { Side::Long } else { Side::Short };
        if self.quantity.is_zero() || self.side == side {
            let (quantity, cost) = (self.quantity.plus(quantity)?, self.cost.plus(price.times(quantity)?)?);
            return Ok((Self { side, quantity, cost }, Amount::ZERO));
        }
        let closed = quantity.min(self.quantity);
        let (given_back, value) = (self.cost_of(closed)?, price.times(closed)?);
        let profit = match self.side {
            Side::Long => value.minus(given_back)?,
            Side::Short => given_back.minus(value)?,
        };
        let more = quantity.minus(closed)?;
        if !more.is_zero() {
            return Ok((Self::NONE.traded(direction, price, more)?.0, profit));
        }
        let left = Self { quantity: self.quantity.minus(closed)?, cost: self.cost.minus(given_back)?, ..self };
        Ok((left, profit))
    }

    /// Quote that stands behind it.
    ///
    /// # Errors
    /// `Inexact` where it cannot be kept.
    pub fn margin(self, leverage: Leverage) -> Result<Amount, MoneyError> {
        let exact = self.cost.fraction().over(&leverage.fraction()).ok_or(MoneyError::NotANumber)?;
        Amount::new(exact.ceil_to(UNIT)?)
    }

    /// What it would pay out at this price, fees apart.
    ///
    /// # Errors
    /// `Inexact` where it cannot be kept.
    pub fn profit_at(self, price: Price) -> Result<Amount, MoneyError> {
        let value = price.times(self.quantity)?;
        match self.side {
            Side::Long => value.minus(self.cost),
            Side::Short => self.cost.minus(value),
        }
    }

    fn cost_of(self, closed: Quantity) -> Result<Amount, MoneyError> {
        if closed == self.quantity {
            return Ok(self.cost);
        }
        let share = (self.cost.fraction() * closed.fraction()).over(&self.quantity.fraction());
        Amount::new(share.ok_or(MoneyError::NotANumber)?.floor_to(UNIT)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    /// Trades as `+quantity@price` of a buy and `-` of a sell; gives what is held, and what was paid out in all.
    fn after(trades: &[&str]) -> (Contracts, Amount) {
        let one = |(held, paid): (Contracts, Amount), trade: &&str| {
            let (quantity, price) = trade.trim_start_matches(['+', '-']).split_once('@').unwrap();
            let direction = if trade.starts_with('+') { Direction::Buy } else { Direction::Sell };
            let (held, more) = held.traded(direction, price.parse().unwrap(), quantity.parse().unwrap()).unwrap();
            (held, paid.plus(more).unwrap())
        };
        trades.iter().fold((Contracts::NONE, Amount::ZERO), one)
    }

    #[test]
    fn a_long_and_a_short_pay_out_what_they_have_gained() {
        assert_eq!(after(&["+2@100", "-1@110"]).1, amount("10"));
        assert_eq!(after(&["-2@100", "+1@110"]).1, amount("-10"));
        assert_eq!(after(&["-2@100", "+2@90"]), (Contracts { side: Side::Short, ..Contracts::NONE }, amount("20")));
    }

    #[test]
    fn parts_add_up_to_the_whole_whatever_their_shares_are() {
        let (held, paid) = after(&["+3@100", "+4@101", "-1@102", "-2@103", "-4@99"]);
        assert_eq!((held.quantity, held.cost), (Quantity::ZERO, Amount::ZERO));
        assert_eq!(paid, amount("0"));
        assert_eq!(after(&["+3@100", "+4@101", "-7@100"]).1, amount("-4"));
    }

    #[test]
    fn more_than_is_held_opens_the_other_side() {
        let (held, paid) = after(&["+1@100", "-3@110"]);
        assert_eq!((held.side, held.quantity, held.cost), (Side::Short, "2".parse().unwrap(), amount("220")));
        assert_eq!(paid, amount("10"));
    }

    #[test]
    fn a_margin_is_never_too_small() {
        let (held, _) = after(&["-1@100"]);
        assert_eq!(held.margin(Leverage::ONE).unwrap(), amount("100"));
        assert_eq!(held.margin(Leverage::new(3).unwrap()).unwrap(), amount("33.33333334"));
        assert_eq!(held.profit_at("90".parse().unwrap()).unwrap(), amount("10"));
    }
}
