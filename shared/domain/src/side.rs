//! What differs between a long and a short: which way orders, prices, fees and rounding go.

use crate::alert::Side;
use crate::market::Filters;
use crate::money::{Fraction, MoneyError, Percent, Price, Rate};
use crate::order::Direction;
use std::cmp::Ordering;

impl Side {
    /// What opens and grows a position.
    pub fn enters(self) -> Direction {
        match self {
            Self::Long => Direction::Buy,
            Self::Short => Direction::Sell,
        }
    }

    /// What makes it smaller and ends it.
    pub fn leaves(self) -> Direction {
        self.other().enters()
    }

    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Long => Self::Short,
            Self::Short => Self::Long,
        }
    }

    /// What a price is multiplied by where the position has gained so much.
    pub fn gained(self, percent: Percent) -> Fraction {
        match self {
            Self::Long => percent.gain(),
            Self::Short => percent.loss(),
        }
    }

    /// What a price is multiplied by where the position has lost so much.
    pub fn lost(self, percent: Percent) -> Fraction {
        self.other().gained(percent)
    }

    /// What the worth of an entry is multiplied by for its fee.
    pub fn entered(self, fee: Rate) -> Fraction {
        match self {
            Self::Long => fee.on_top(),
            Self::Short => fee.after(),
        }
    }

    /// What the worth of an exit is multiplied by for its fee.
    pub fn left(self, fee: Rate) -> Fraction {
        self.other().entered(fee)
    }

    /// The order in which a price that moves in favour of the position comes by these two.
    pub fn by_nearness<T: Ord>(self, one: &T, other: &T) -> Ordering {
        match self {
            Self::Long => one.cmp(other),
            Self::Short => other.cmp(one),
        }
    }

    /// Whether a price that moves in favour has come as far as this one.
    pub fn has_gained<T: Ord>(self, price: &T, target: &T) -> bool {
        self.by_nearness(price, target).is_ge()
    }

    /// Whether a price that moves against the position has come as far as this one.
    pub fn has_lost<T: Ord>(self, price: &T, stop: &T) -> bool {
        self.by_nearness(price, stop).is_le()
    }

    /// Of two, the one that is further in favour.
    #[must_use]
    pub fn better<T: Ord>(self, one: T, other: T) -> T {
        if self.has_gained(&one, &other) { one } else { other }
    }

    /// A take-profit's price on the grid: up for a long, down for a short.
    ///
    /// # Errors
    /// `OutOfRange` where that is not above zero.
    pub fn profit_price(self, filters: &Filters, value: &Fraction) -> Result<Price, MoneyError> {
        match self {
            Self::Long => filters.price_up(value),
            Self::Short => filters.price_down(value),
        }
    }

    /// An entry's price on the grid, and a stop's: down for a long, up for a short.
    ///
    /// # Errors
    /// As [`Side::profit_price`].
    pub fn entry_price(self, filters: &Filters, value: &Fraction) -> Result<Price, MoneyError> {
        self.other().profit_price(filters, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_is_a_long_in_a_mirror() {
        let percent: Percent = "10".parse().unwrap();
        assert_eq!((Side::Long.enters(), Side::Long.leaves()), (Direction::Buy, Direction::Sell));
        assert_eq!((Side::Short.enters(), Side::Short.leaves()), (Direction::Sell, Direction::Buy));
        assert_eq!(Side::Long.gained(percent), Side::Short.lost(percent));
        assert_eq!(Side::Short.gained(percent), percent.loss());
        let fee: Rate = "0.001".parse().unwrap();
        assert_eq!((Side::Short.entered(fee), Side::Short.left(fee)), (fee.after(), fee.on_top()));
        assert_eq!((Side::Long.better(1, 2), Side::Short.better(1, 2)), (2, 1));
        assert!(Side::Long.has_lost(&99, &100) && Side::Short.has_lost(&101, &100) && Side::Short.has_lost(&100, &100));
        assert!(Side::Short.has_gained(&99, &100) && !Side::Short.has_gained(&101, &100));
    }

    #[test]
    fn prices_are_rounded_in_favour_and_stops_away() {
        let filters = Filters {
            price_tick: "0.1".parse().unwrap(),
            quantity_step: "1".parse().unwrap(),
            quantity_min: "1".parse().unwrap(),
            notional_min: "1".parse().unwrap(),
            most: crate::market::Maxima::default(),
        };
        let value = "1.23".parse::<Price>().unwrap().fraction();
        let price = |text: &str| text.parse::<Price>().unwrap();
        assert_eq!(Side::Long.profit_price(&filters, &value).unwrap(), price("1.3"));
        assert_eq!(Side::Long.entry_price(&filters, &value).unwrap(), price("1.2"));
        assert_eq!(Side::Short.profit_price(&filters, &value).unwrap(), price("1.2"));
        assert_eq!(Side::Short.entry_price(&filters, &value).unwrap(), price("1.3"));
    }
}
