//! What one order may be at most: a quantity above it is cut where something is sold, and refused where it is bought.

use super::{FilterFailure, Filters};
use crate::money::{Decimal, MoneyError, Price, Quantity};
use crate::preset::OrderKind;

/// What one order may be at most, as far as the venue tells; none is no maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Maxima {
    /// Base units of a limit order.
    pub limit: Option<Quantity>,
    /// Base units of an order that is carried out at the market; a stop's too.
    pub market: Option<Quantity>,
    /// Quote units: price × quantity of a limit order, without fees.
    pub notional: Option<Quantity>,
}

impl Maxima {
    /// As a venue's list tells them: zero is no maximum, and what holds for a limit order holds at the market too.
    #[must_use]
    pub fn told(limit: Option<Quantity>, market: Option<Quantity>, notional: Option<Quantity>) -> Self {
        let is_one = |most: &Quantity| !most.is_zero();
        let (limit, notional) = (limit.filter(is_one), notional.filter(is_one));
        let market = market.filter(is_one).into_iter().chain(limit).min();
        Self { limit, market, notional }
    }

    pub(super) fn stricter(self, other: Self) -> Self {
        let least = |one: Option<Quantity>, other: Option<Quantity>| one.into_iter().chain(other).min();
        Self {
            limit: least(self.limit, other.limit),
            market: least(self.market, other.market),
            notional: least(self.notional, other.notional),
        }
    }
}

impl Filters {
    /// Of what is to be sold in all, what the next order sells. More than one order may have is sold in as few orders as
    /// can be, all of about the same size: what is left for the last is never too little.
    ///
    /// # Errors
    /// `Inexact` where a quantity cannot be kept.
    pub fn portion(&self, quantity: Quantity, kind: OrderKind) -> Result<Quantity, MoneyError> {
        let Some(most) = self.most(kind)?.filter(|most| quantity > *most) else { return Ok(quantity) };
        let orders = quantity.fraction().over(&most.fraction()).ok_or(MoneyError::NotANumber)?.ceil_to(Decimal::ONE)?;
        let even = quantity.fraction().over(&orders.into()).ok_or(MoneyError::NotANumber)?;
        let even = Quantity::new(even.max(self.quantity_min.fraction()).ceil_to(self.quantity_step.get())?)?;
        Ok(even.min(most))
    }

    /// Whether one order may be so large; the first failing rule otherwise. `price` is that of a limit order.
    ///
    /// # Errors
    /// The rule that fails first: maximum quantity, maximum notional.
    pub fn check_most(&self, quantity: Quantity, price: Price, at_market: bool) -> Result<(), FilterFailure> {
        let most = if at_market { self.most.market } else { self.most.limit };
        if most.is_some_and(|most| quantity > most) {
            return Err(FilterFailure::AboveQuantityMax);
        }
        let worth = price.fraction() * quantity.fraction();
        if !at_market && self.most.notional.is_some_and(|most| worth > most.fraction()) {
            return Err(FilterFailure::AboveNotionalMax);
        }
        Ok(())
    }

    /// The largest quantity on the grid that one order may have; none where there is no maximum, or none on the grid.
    fn most(&self, kind: OrderKind) -> Result<Option<Quantity>, MoneyError> {
        let (quantity, worth) = match kind {
            OrderKind::Market => (self.most.market, None),
            OrderKind::Limit(price) => {
                (self.most.limit, self.most.notional.and_then(|most| most.fraction().over(&price.fraction())))
            }
        };
        let most = quantity.map(Quantity::fraction).into_iter().chain(worth).min();
        let most = most.map(|most| self.quantity_down(&most)).transpose()?;
        Ok(most.filter(|most| !most.is_zero()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Fraction;
    use proptest::prelude::*;

    fn quantity(text: &str) -> Quantity {
        text.parse().unwrap()
    }

    fn filters(most: Maxima) -> Filters {
        Filters {
            price_tick: "0.01".parse().unwrap(),
            quantity_step: quantity("0.001"),
            quantity_min: quantity("0.01"),
            notional_min: quantity("5"),
            most,
        }
    }

    /// What each order sells until all is sold.
    fn sold(filters: &Filters, mut left: Quantity, kind: OrderKind) -> Vec<Quantity> {
        let mut orders = Vec::new();
        while !left.is_zero() {
            let portion = filters.portion(left, kind).unwrap();
            assert!(!portion.is_zero(), "{left} of {filters:?}");
            left = left.minus(portion).unwrap();
            orders.push(portion);
        }
        orders
    }

    #[test]
    fn zero_is_no_maximum_and_the_stricter_of_two_holds_at_the_market() {
        let told = |limit: &str, market: &str| Maxima::told(Some(quantity(limit)), Some(quantity(market)), None);
        assert_eq!(told("0", "0"), Maxima::default());
        assert_eq!((told("9", "0").limit, told("9", "0").market), (Some(quantity("9")), Some(quantity("9"))));
        assert_eq!((told("9", "2").limit, told("9", "2").market), (Some(quantity("9")), Some(quantity("2"))));
        assert_eq!(told("9", "12").market, Some(quantity("9")));
        assert_eq!(told("0", "2"), Maxima { market: Some(quantity("2")), ..Maxima::default() });
    }

    #[test]
    fn what_is_too_much_for_one_order_is_sold_in_as_few_as_can_be_and_none_is_too_little() {
        let most =
            Maxima { limit: Some(quantity("2")), market: Some(quantity("1.0005")), notional: Some(quantity("150")) };
        let check = |of: &str, kind, expected: &[&str]| {
            let expected: Vec<_> = expected.iter().map(|text| quantity(text)).collect();
            assert_eq!(sold(&filters(most), quantity(of), kind), expected, "{of} {kind:?}");
        };
        let limit = |price: &str| OrderKind::Limit(price.parse().unwrap());
        check("1", OrderKind::Market, &["1"]);
        check("1.001", OrderKind::Market, &["0.501", "0.5"]);
        check("2.5", OrderKind::Market, &["0.834", "0.833", "0.833"]);
        check("2.5", limit("1"), &["1.25", "1.25"]);
        check("2.5", limit("100"), &["1.25", "1.25"]);
        check("2.5", limit("160"), &["0.834", "0.833", "0.833"]);
    }

    #[test]
    fn nothing_is_cut_where_there_is_no_maximum_or_none_on_the_grid() {
        let tiny = Maxima { market: Some(quantity("0.0001")), ..Maxima::default() };
        for most in [Maxima::default(), tiny] {
            assert_eq!(sold(&filters(most), quantity("12"), OrderKind::Market), [quantity("12")]);
        }
    }

    #[test]
    fn an_order_above_a_maximum_is_refused_for_the_first_rule_that_it_breaks() {
        let most = Maxima { limit: Some(quantity("2")), market: Some(quantity("1")), notional: Some(quantity("150")) };
        let check = |of: &str, price: &str, at_market| {
            filters(most).check_most(quantity(of), price.parse().unwrap(), at_market)
        };
        assert_eq!(check("2", "75", false), Ok(()));
        assert_eq!(check("2.001", "75", false), Err(FilterFailure::AboveQuantityMax));
        assert_eq!(check("2", "75.01", false), Err(FilterFailure::AboveNotionalMax));
        assert_eq!(check("1", "1000", true), Ok(()));
        assert_eq!(check("1.001", "1", true), Err(FilterFailure::AboveQuantityMax));
    }

    proptest! {
        #[test]
        fn what_is_sold_in_all_is_what_is_held_and_no_order_is_above_the_maximum(
            held in 1_i64..2_000_000,
            most in 20_i64..300_000,
        ) {
            let thousandths = |value| Quantity::new(Decimal::new(value, 3)).unwrap();
            let (held, most) = (thousandths(held), thousandths(most));
            prop_assume!(held.get() / most.get() < Decimal::from(500));
            let filters = filters(Maxima { market: Some(most), ..Maxima::default() });
            let orders = sold(&filters, held, OrderKind::Market);
            let sum = orders.iter().try_fold(Quantity::ZERO, |sum, one| sum.plus(*one)).unwrap();
            prop_assert_eq!(sum, held);
            prop_assert!(orders.iter().all(|order| *order <= most), "{:?}", orders);
            let fewest = Fraction::from(held.get()).over(&most.fraction()).unwrap().ceil_to(Decimal::ONE).unwrap();
            prop_assert_eq!(Decimal::from(orders.len()), fewest);
            prop_assert!(orders.len() == 1 || orders.iter().all(|order| *order >= filters.quantity_min), "{:?}", orders);
        }
    }
}
