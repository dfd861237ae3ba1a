//! Exact fractions, for the one division at the end of a formula.

use super::{MoneyError, exact};
use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::{BigRational, Ratio};
use num_traits::{Signed, ToPrimitive, Zero};
use rust_decimal::Decimal;
use std::ops::{Add, Mul, Sub};

const APPROXIMATE_SCALE: u32 = 18;

/// An exact ratio of two whole numbers. Rounding to a step is done on it, never on a rounded quotient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fraction(BigRational);

impl Fraction {
    pub fn whole(value: i64) -> Self {
        Self(BigRational::from_integer(BigInt::from(value)))
    }

    /// So many whole units, of which ten to the power of `decimals` are one.
    pub fn of_units(count: u128, decimals: u32) -> Self {
        Self(BigRational::new(BigInt::from(count), BigInt::from(10).pow(decimals)))
    }

    /// `self / divisor`, or `None` when the divisor is zero.
    pub fn over(self, divisor: &Self) -> Option<Self> {
        let (over, under) = (self.0.numer() * divisor.0.denom(), self.0.denom() * divisor.0.numer());
        // Cancelled once; its own operators do so three times.
        (!under.is_zero()).then(|| Self(BigRational::new(over, under)))
    }

    /// The largest multiple of `step` that is not above this value. A value on the grid stays.
    ///
    /// # Errors
    /// `OutOfRange` for a step that is not positive, `Inexact` where the result does not fit.
    pub fn floor_to(&self, step: Decimal) -> Result<Decimal, MoneyError> {
        let (over, under) = self.steps(step)?;
        times(&over.div_floor(&under), step)
    }

    /// The smallest multiple of `step` that is not below this value. A value on the grid stays.
    ///
    /// # Errors
    /// As [`Fraction::floor_to`].
    pub fn ceil_to(&self, step: Decimal) -> Result<Decimal, MoneyError> {
        let (over, under) = self.steps(step)?;
        times(&over.div_ceil(&under), step)
    }

    /// For people and statistics: 18 decimals, or as many as there is room for behind a large number, and the rest cut off. The
    /// largest of its sign where there is no room for the number itself.
    pub fn approximate(&self) -> Decimal {
        let largest = if self.0.is_negative() { Decimal::MIN } else { Decimal::MAX };
        (0..=APPROXIMATE_SCALE).rev().find_map(|scale| self.cut_to(scale)).unwrap_or(largest)
    }

    fn cut_to(&self, scale: u32) -> Option<Decimal> {
        let scaled = self.0.numer() * BigInt::from(10).pow(scale);
        let (quotient, _) = scaled.div_rem(self.0.denom());
        quotient.to_i128().and_then(|mantissa| exact::decimal(mantissa, scale).ok())
    }

    /// Numerator and denominator, the latter above zero.
    pub(crate) fn parts(&self) -> (&BigInt, &BigInt) {
        (self.0.numer(), self.0.denom())
    }

    /// How many steps this value is: two whole numbers, of which nothing is cancelled.
    fn steps(&self, step: Decimal) -> Result<(BigInt, BigInt), MoneyError> {
        if step <= Decimal::ZERO {
            return Err(MoneyError::OutOfRange("a positive step"));
        }
        Ok((self.0.numer() * power_of_ten(step.scale()), self.0.denom() * step.mantissa()))
    }
}

fn times(count: &BigInt, step: Decimal) -> Result<Decimal, MoneyError> {
    let count = count.to_i128().ok_or(MoneyError::Inexact)?;
    let count = Decimal::try_from_i128_with_scale(count, 0).map_err(|_| MoneyError::Inexact)?;
    exact::mul(count, step)
}

/// As many digits as a decimal has behind its point, 28 at most, fit.
fn power_of_ten(digits: u32) -> i128 {
    10_i128.saturating_pow(digits)
}

impl From<Decimal> for Fraction {
    fn from(value: Decimal) -> Self {
        let (over, under) = Ratio::new(value.mantissa(), power_of_ten(value.scale())).into_raw();
        Self(BigRational::new_raw(over.into(), under.into()))
    }
}

impl Add for Fraction {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Fraction {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul for Fraction {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self(BigRational::new(self.0.numer() * other.0.numer(), self.0.denom() * other.0.denom()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approximation_has_the_decimals_there_is_room_for() {
        let check = |over: &str, under: i64, shown: &str| {
            let over = Fraction::from(over.parse::<Decimal>().unwrap());
            assert_eq!(
                over.clone().over(&Fraction::whole(under)).unwrap().approximate().to_string(),
                shown,
                "{over:?}"
            );
        };
        check("1", 3, "0.333333333333333333");
        check("-2", 3, "-0.666666666666666666");
        check("64250.5", 2, "32125.25");
        check("100000000000", 3, "33333333333.333333333333333333");
        check("79000000000", 1, "79000000000");
        check("1000000000000000", 3, "333333333333333.33333333333333");
        check("10000000000000000000000000000", 3, "3333333333333333333333333333.3");
        let huge = Fraction::from(Decimal::MAX);
        assert_eq!((huge.clone() * Fraction::whole(2)).approximate(), Decimal::MAX);
        assert_eq!((huge * Fraction::whole(-2)).approximate(), Decimal::MIN);
    }
}
