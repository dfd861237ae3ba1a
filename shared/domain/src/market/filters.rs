//! The venue's steps, minima and maxima. The only place where money is rounded.

use super::Maxima;
use crate::money::{Decimal, Fraction, MoneyError, Price, Quantity};
use crate::reason::Reason;

/// Steps, minima and maxima of a market. A step of zero is not allowed: a venue without one gets its finest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filters {
    /// Quote per base; prices are multiples of it.
    pub price_tick: Price,
    /// Base units; quantities are multiples of it.
    pub quantity_step: Quantity,
    pub quantity_min: Quantity,
    /// Quote units; price × quantity without fees is at least this.
    pub notional_min: Quantity,
    /// What one order may be at most.
    pub most: Maxima,
}

/// The first rule that an order breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.reason())]
pub enum FilterFailure {
    PriceNotPositive,
    QuantityZero,
    BelowQuantityMin,
    BelowNotionalMin,
    AboveQuantityMax,
    AboveNotionalMax,
    OffPriceTick,
    OffQuantityStep,
}

impl FilterFailure {
    pub fn reason(self) -> Reason {
        match self {
            Self::PriceNotPositive => Reason::PriceNotPositive,
            Self::QuantityZero => Reason::QuantityZero,
            Self::BelowQuantityMin => Reason::BelowQuantityMin,
            Self::BelowNotionalMin => Reason::BelowNotionalMin,
            Self::AboveQuantityMax => Reason::AboveQuantityMax,
            Self::AboveNotionalMax => Reason::AboveNotionalMax,
            Self::OffPriceTick => Reason::OffPriceTick,
            Self::OffQuantityStep => Reason::OffQuantityStep,
        }
    }

    /// Whether it is larger than one order may be.
    pub fn is_too_much(self) -> bool {
        matches!(self, Self::AboveQuantityMax | Self::AboveNotionalMax)
    }
}

impl Filters {
    /// Of both the stricter, rule by rule.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        Self {
            price_tick: self.price_tick.max(other.price_tick),
            quantity_step: self.quantity_step.max(other.quantity_step),
            quantity_min: self.quantity_min.max(other.quantity_min),
            notional_min: self.notional_min.max(other.notional_min),
            most: self.most.stricter(other.most),
        }
    }

    /// The highest price on the grid that is not above `value`.
    ///
    /// # Errors
    /// `OutOfRange` where that is not above zero.
    pub fn price_down(&self, value: &Fraction) -> Result<Price, MoneyError> {
        Price::new(value.floor_to(self.price_tick.get())?)
    }

    /// The lowest price on the grid that is not below `value`.
    ///
    /// # Errors
    /// `OutOfRange` where that is not above zero.
    pub fn price_up(&self, value: &Fraction) -> Result<Price, MoneyError> {
        Price::new(value.ceil_to(self.price_tick.get())?)
    }

    /// The largest quantity on the grid that is not above `value`.
    ///
    /// # Errors
    /// `OutOfRange` for a negative value.
    pub fn quantity_down(&self, value: &Fraction) -> Result<Quantity, MoneyError> {
        Quantity::new(value.floor_to(self.quantity_step.get())?)
    }

    /// Whether an order of `quantity` at about `price` would be large enough; the first failing rule otherwise.
    ///
    /// # Errors
    /// The rule that fails first: zero, minimum quantity, minimum notional.
    pub fn check(&self, quantity: Quantity, price: Price) -> Result<(), FilterFailure> {
        if quantity.is_zero() {
            return Err(FilterFailure::QuantityZero);
        }
        if quantity < self.quantity_min {
            return Err(FilterFailure::BelowQuantityMin);
        }
        if price.fraction() * quantity.fraction() < self.notional_min.fraction() {
            return Err(FilterFailure::BelowNotionalMin);
        }
        Ok(())
    }

    /// Whether price and quantity stand on the market's grid, as a venue tests it.
    ///
    /// # Errors
    /// The first of price tick and quantity step that is broken.
    pub fn on_grid(&self, quantity: Quantity, price: Option<Price>) -> Result<(), FilterFailure> {
        let on = |value: Fraction, step: Decimal| value.floor_to(step).is_ok_and(|v| Fraction::from(v) == value);
        if price.is_some_and(|price| !on(price.fraction(), self.price_tick.get())) {
            return Err(FilterFailure::OffPriceTick);
        }
        if !on(quantity.fraction(), self.quantity_step.get()) {
            return Err(FilterFailure::OffQuantityStep);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters() -> Filters {
        let quantity = |text: &str| text.parse().unwrap();
        Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: quantity("0.00001"),
            quantity_min: quantity("0.00001"),
            notional_min: quantity("5"),
            most: Maxima::default(),
        }
    }

    fn over(a: &str, b: &str) -> Fraction {
        let part = |text: &str| Fraction::from(text.parse::<Decimal>().unwrap());
        part(a).over(&part(b)).unwrap()
    }

    #[test]
    fn a_value_on_the_grid_stays_and_one_beside_it_goes_the_asked_way() {
        let cases =
            [("100.01", "1", "100.01", "100.01"), ("1", "3", "0.33", "0.34"), ("200.0200001", "2", "100.01", "100.02")];
        for (a, b, down, up) in cases {
            assert_eq!(filters().price_down(&over(a, b)).unwrap(), down.parse().unwrap(), "{a}/{b}");
            assert_eq!(filters().price_up(&over(a, b)).unwrap(), up.parse().unwrap(), "{a}/{b}");
        }
    }

    #[test]
    fn the_ceiling_is_taken_on_the_fraction_and_not_on_its_rounded_quotient() {
        // 1 + 10^-30 is 1 in 28 digits; its ceiling is one tick above.
        let tiny = Fraction::whole(1) + over("0.000000000000001", "1") * over("0.000000000000001", "1");
        assert_eq!(filters().price_up(&tiny).unwrap(), "1.01".parse().unwrap());
    }

    #[test]
    fn the_first_broken_rule_is_named() {
        let check = |quantity: &str, price: &str| filters().check(quantity.parse().unwrap(), price.parse().unwrap());
        assert_eq!(check("0", "100"), Err(FilterFailure::QuantityZero));
        assert_eq!(check("0.000001", "100"), Err(FilterFailure::BelowQuantityMin));
        assert_eq!(check("0.04999", "100"), Err(FilterFailure::BelowNotionalMin));
        assert_eq!(check("0.05", "100"), Ok(()));
    }
}
