//! One type for each meaning a decimal can have, so that a price is never added to a quantity.

use super::{Fraction, MoneyError, exact};
use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;

/// Bounds on what is taken from outside: fifteen digits before the point, twelve after it.
const VALUE_MAX: Decimal = Decimal::from_parts(0xA4C6_7FFF, 0x0003_8D7E, 0, false, 0);
const SCALE_MAX: u32 = 12;
/// No digits that can be kept come within these bounds by a larger exponent.
const EXPONENT_MAX: i32 = 43;

macro_rules! value {
    ($(#[$doc:meta])* $name:ident, $allowed:literal, $test:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Decimal);

        impl $name {
            /// # Errors
            /// `OutOfRange` (with what is allowed) for a value that this meaning cannot have.
            pub fn new(value: Decimal) -> Result<Self, MoneyError> {
                let test: fn(&Decimal) -> bool = $test;
                if test(&value) { Ok(Self(value.normalize())) } else { Err(MoneyError::OutOfRange($allowed)) }
            }

            pub fn get(self) -> Decimal {
                self.0
            }

            pub fn fraction(self) -> Fraction {
                Fraction::from(self.0)
            }
        }

        impl FromStr for $name {
            type Err = MoneyError;
            /// Plain decimals only (`12`, `0.5`, `-3`, `1e-8`), each digit as it is written, within what can be kept exactly.
            fn from_str(text: &str) -> Result<Self, MoneyError> {
                Self::new(parse(text)?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

value! {
    /// Quote units for one base unit; above zero.
    Price, "a price above 0", |v| *v > Decimal::ZERO
}
value! {
    /// Base units; zero or more.
    Quantity, "a quantity of 0 or more", |v| *v >= Decimal::ZERO
}
value! {
    /// Money in a named asset; negative where something is owed or lost.
    Amount, "an amount", |_| true
}
value! {
    /// Hundredths: `1.5` is 1.5 %; from 0 to 1,000.
    Percent, "a percentage from 0 to 1000", |v| *v >= Decimal::ZERO && *v <= Decimal::ONE_THOUSAND
}
value! {
    /// A share as a fraction, for fees: `0.001` is 0.1 %; from 0 to below 1.
    Rate, "a rate from 0 to below 1", |v| *v >= Decimal::ZERO && *v < Decimal::ONE
}

fn parse(text: &str) -> Result<Decimal, MoneyError> {
    let parsed = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => scientific(digits, exponent),
        None => Decimal::from_str_exact(text).ok(),
    };
    let beyond = MoneyError::OutOfRange("at most 999999999999999 with 12 decimals");
    let Some(value) = parsed else {
        return Err(if is_number(text) { beyond } else { MoneyError::NotANumber });
    };
    let value = value.normalize();
    if value.abs() > VALUE_MAX || value.scale() > SCALE_MAX { Err(beyond) } else { Ok(value) }
}

/// Whether it is written as a number, however large: `12`, `-0.5`, `1e400`.
pub fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = |text: &str| text.strip_prefix(['-', '+']).unwrap_or(text).to_owned();
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    digits(&unsigned(number).replacen('.', "", 1)) && digits(&unsigned(exponent))
}

/// The value as it is written, every digit of it; none where it has more than can be kept.
fn scientific(digits: &str, exponent: &str) -> Option<Decimal> {
    let digits = Decimal::from_str_exact(digits).ok()?;
    let exponent: i32 = exponent.parse().ok().filter(|exponent| (-EXPONENT_MAX..=EXPONENT_MAX).contains(exponent))?;
    let scale = i32::try_from(digits.scale()).ok()?.checked_sub(exponent)?;
    match u32::try_from(scale) {
        Ok(scale) => exact::decimal(digits.mantissa(), scale).ok(),
        Err(_) => {
            let ten = 10_i128.checked_pow(scale.unsigned_abs())?;
            exact::decimal(digits.mantissa().checked_mul(ten)?, 0).ok()
        }
    }
}

impl Price {
    /// What `quantity` costs at this price, in quote, without fees.
    ///
    /// # Errors
    /// `Inexact` where the product has more digits than can be kept.
    pub fn times(self, quantity: Quantity) -> Result<Amount, MoneyError> {
        exact::mul(self.0, quantity.0).map(Amount)
    }
}

impl Default for Quantity {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Quantity {
    pub const ZERO: Self = Self(Decimal::ZERO);

    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// # Errors
    /// `Inexact` where the sum has more digits than can be kept.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        exact::add(self.0, other.0).map(Self)
    }

    /// What remains after taking `other` away; never below zero.
    ///
    /// # Errors
    /// `Inexact` where the difference has more digits than can be kept.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        exact::sub(self.0, other.0).map(|rest| Self(rest.max(Decimal::ZERO)))
    }
}

impl Amount {
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// The most that is taken from outside.
    pub const MAX: Self = Self(VALUE_MAX);

    pub fn is_negative(self) -> bool {
        self.0 < Decimal::ZERO
    }

    /// # Errors
    /// `Inexact` where the sum has more digits than can be kept.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        exact::add(self.0, other.0).map(Self)
    }

    /// # Errors
    /// `Inexact` where the difference has more digits than can be kept.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        exact::sub(self.0, other.0).map(Self)
    }

    /// This amount with its sign turned.
    #[must_use]
    pub fn negated(self) -> Self {
        let mut value = self.0;
        value.set_sign_positive(self.is_negative() || value.is_zero());
        Self(value)
    }
}

impl Percent {
    pub const ZERO: Self = Self(Decimal::ZERO);
    pub const HUNDRED: Self = Self(Decimal::ONE_HUNDRED);

    /// `self` over 100.
    pub fn share(self) -> Fraction {
        hundredths(self.fraction())
    }

    /// `100 + self`, over 100: what a price is multiplied by to gain this much.
    pub fn gain(self) -> Fraction {
        hundredths(Fraction::whole(100) + self.fraction())
    }

    /// `100 − self`, over 100: what a price is multiplied by to lose this much.
    pub fn loss(self) -> Fraction {
        hundredths(Fraction::whole(100) - self.fraction())
    }
}

impl Rate {
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// `1 + rate`: a cost with its fee on top.
    pub fn on_top(self) -> Fraction {
        Fraction::whole(1) + self.fraction()
    }

    /// `1 − rate`: what is left of proceeds after the fee.
    pub fn after(self) -> Fraction {
        Fraction::whole(1) - self.fraction()
    }
}

fn hundredths(value: Fraction) -> Fraction {
    value * Fraction::from(Decimal::from_parts(1, 0, 0, false, 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_that_cannot_be_kept_are_refused_in_either_writing() {
        let beyond = Err(MoneyError::OutOfRange("at most 999999999999999 with 12 decimals"));
        let zeros = "0".repeat(27);
        for digits in [format!("1.{zeros}14"), format!("1.{zeros}999"), format!("1.{zeros}000"), "9".repeat(40)] {
            assert_eq!(parse(&digits), beyond, "{digits}");
            assert_eq!(parse(&format!("-{digits}e2")), beyond, "{digits}e2");
        }
        for huge in ["1e400", "-1E+400", "0e-2147483648", "1e99999999999", "1e15", "1e-13"] {
            assert_eq!(parse(huge), beyond, "{huge}");
        }
        for wrong in ["", "-", ".", "e2", "1e", "1e2.5", "1e1e1", "1.2.3", "12a", "NaN", "inf", "1,5"] {
            assert_eq!(parse(wrong), Err(MoneyError::NotANumber), "{wrong}");
        }
    }

    #[test]
    fn an_exponent_moves_the_point() {
        let check = |text: &str, value: &str| {
            assert_eq!(parse(text).map(|value| value.to_string()), Ok(value.to_owned()), "{text}");
        };
        check("1e-8", "0.00000001");
        check("-1.5E+3", "-1500");
        check("1234567890123456789e-9", "1234567890.123456789");
        check("0.0000000000000000000000000001e28", "1");
        check("10000000000000000000000000000e-40", "0.000000000001");
        check("0e0", "0");
    }

    proptest! {
        #[test]
        fn both_writings_of_a_number_are_one_value(mantissa in -999_999_999_999_i64..=999_999_999_999, scale in 0_u32..=12) {
            let plain = Decimal::try_from_i128_with_scale(mantissa.into(), scale).unwrap();
            prop_assert_eq!(parse(&format!("{mantissa}e-{scale}")), Ok(plain.normalize()));
            prop_assert_eq!(parse(&plain.to_string()), Ok(plain.normalize()));
        }
    }
}
