//! What a market trades: coins, or contracts on their price.

use crate::money::{Decimal, Fraction, MoneyError};
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

/// What is held after an order was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarketKind {
    /// Coins: what was bought can be sold, and nothing else.
    Spot,
    /// Perpetual contracts that are paid for, and pay, in quote: quantities are base, a position may be long or short, and
    /// its margin is its notional over its leverage.
    Linear {
        /// The highest that the venue lends.
        leverage_max: Leverage,
    },
}

/// How many times its margin a position may be worth: whole, from 1 to [`Leverage::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leverage(NonZeroU32);

impl MarketKind {
    pub fn is_linear(self) -> bool {
        matches!(self, Self::Linear { .. })
    }

    /// What a position may be worth at the most, over its margin; coins are paid for whole.
    pub fn leverage_max(self) -> Leverage {
        match self {
            Self::Spot => Leverage::ONE,
            Self::Linear { leverage_max } => leverage_max,
        }
    }
}

impl Leverage {
    pub const MAX: u32 = 125;
    /// Nothing is borrowed.
    pub const ONE: Self = Self(NonZeroU32::MIN);

    /// # Errors
    /// `OutOfRange` where it is not 1 to [`Leverage::MAX`].
    pub fn new(times: u32) -> Result<Self, MoneyError> {
        let fits = NonZeroU32::new(times).filter(|times| times.get() <= Self::MAX);
        fits.map(Self).ok_or(MoneyError::OutOfRange("a whole number from 1 to 125"))
    }

    pub fn get(self) -> u32 {
        self.0.get()
    }

    pub fn fraction(self) -> Fraction {
        Fraction::from(Decimal::from(self.get()))
    }
}

impl Default for Leverage {
    fn default() -> Self {
        Self::ONE
    }
}

impl fmt::Display for Leverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl FromStr for Leverage {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::new(text.parse().map_err(|_| MoneyError::OutOfRange("a whole number from 1 to 125"))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leverage_is_whole_and_bounded() {
        for (text, times) in [("1", Some(1)), ("125", Some(125)), ("0", None), ("126", None), ("1.5", None), ("", None)]
        {
            assert_eq!(text.parse::<Leverage>().ok().map(Leverage::get), times, "{text}");
        }
    }

    #[test]
    fn coins_are_paid_for_whole() {
        assert_eq!(MarketKind::Spot.leverage_max(), Leverage::ONE);
        let linear = MarketKind::Linear { leverage_max: Leverage::new(20).unwrap() };
        assert_eq!((linear.leverage_max().get(), linear.is_linear()), (20, true));
    }
}
