//! Decimals of up to 38 digits, reckoned with exactly or not at all.
//!
//! Money's own decimals have 28 digits: too few for a price as a program prints it, times a size, times a fee.

use domain::money::Decimal;
use num_traits::ToPrimitive;
use std::cmp::Ordering;

/// Whole numbers up to here are exact as a float.
const WHOLE_MAX: u128 = 1 << 53;
/// Powers of ten up to this one are exact as a float.
const TENS_MAX: u32 = 22;
/// Decimals with which a float is tried before it is written out.
const DECIMALS_TRIED: u32 = 8;

/// `mantissa / 10^scale`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exact {
    mantissa: i128,
    scale: u32,
}

/// A number that has more digits than can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("has more digits than can be reckoned with exactly")]
pub struct Inexact;

impl Exact {
    pub(crate) const ZERO: Self = Self { mantissa: 0, scale: 0 };
    pub(crate) const ONE: Self = Self { mantissa: 1, scale: 0 };

    /// The shortest decimal that reads back as this float.
    pub(crate) fn of(value: f64) -> Result<Self, Inexact> {
        (0..=DECIMALS_TRIED)
            .find_map(|scale| with_decimals(value, scale))
            .map_or_else(|| Self::parse(&value.to_string()), Ok)
    }

    /// Plain digits, as a decimal writes itself.
    pub(crate) fn parse(text: &str) -> Result<Self, Inexact> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let mantissa = format!("{whole}{decimals}").parse().map_err(|_| Inexact)?;
        Ok(Self { mantissa, scale: u32::try_from(decimals.len()).map_err(|_| Inexact)? })
    }

    pub(crate) fn whole(value: u32) -> Self {
        Self { mantissa: value.into(), scale: 0 }
    }

    pub(crate) fn plus(self, other: Self) -> Result<Self, Inexact> {
        let scale = self.scale.max(other.scale);
        let mantissa = self.at(scale)?.checked_add(other.at(scale)?).ok_or(Inexact)?;
        Ok(Self { mantissa, scale })
    }

    pub(crate) fn minus(self, other: Self) -> Result<Self, Inexact> {
        self.plus(Self { mantissa: other.mantissa.checked_neg().ok_or(Inexact)?, scale: other.scale })
    }

    pub(crate) fn times(self, other: Self) -> Result<Self, Inexact> {
        let mantissa = self.mantissa.checked_mul(other.mantissa).ok_or(Inexact)?;
        Ok(Self { mantissa, scale: self.scale.saturating_add(other.scale) })
    }

    /// How many times `part` fits into this; never negative. None where `part` is nothing.
    pub(crate) fn whole_times(self, part: Self) -> Result<Self, Inexact> {
        let scale = self.scale.max(part.scale);
        let times = self.at(scale)?.checked_div(part.at(scale)?).ok_or(Inexact)?;
        Ok(Self { mantissa: times.max(0), scale: 0 })
    }

    /// The multiple of `step` that is not above this, or not below it.
    pub(crate) fn on_grid(self, step: Self, up: bool) -> Result<Self, Inexact> {
        let down = self.whole_times(step)?.times(step)?;
        if up && down < self { down.plus(step) } else { Ok(down) }
    }

    pub(crate) fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// The smaller of the two.
    pub(crate) fn least(self, other: Self) -> Self {
        if other < self { other } else { self }
    }

    /// The same as money's own decimal.
    pub(crate) fn decimal(self) -> Result<Decimal, Inexact> {
        let (mut mantissa, mut scale) = (self.mantissa, self.scale);
        while scale > 0 && mantissa.checked_rem(10) == Some(0) {
            (mantissa, scale) = (mantissa.checked_div(10).ok_or(Inexact)?, scale.saturating_sub(1));
        }
        Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| Inexact)
    }

    /// The float next to it.
    pub(crate) fn float(self) -> f64 {
        let whole = self.mantissa.to_f64().filter(|_| self.mantissa.unsigned_abs() <= WHOLE_MAX);
        match whole.zip(ten_to(self.scale)) {
            // One division of two exact numbers, which rounds once.
            Some((whole, tens)) => whole / tens,
            None => format!("{}e-{}", self.mantissa, self.scale).parse().unwrap_or(f64::NAN),
        }
    }

    fn at(self, scale: u32) -> Result<i128, Inexact> {
        let more = scale.saturating_sub(self.scale);
        10_i128.checked_pow(more).and_then(|tens| self.mantissa.checked_mul(tens)).ok_or(Inexact)
    }
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Self { mantissa: value.mantissa(), scale: value.scale() }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        Some(self.at(scale).ok()?.cmp(&other.at(scale).ok()?))
    }
}

fn ten_to(power: u32) -> Option<f64> {
    const TENS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ];
    TENS.get(usize::try_from(power).ok()?).copied().filter(|_| power <= TENS_MAX)
}

/// The float as a whole number over a power of ten, where that division gives the float back: it rounds once, as reading
/// the decimal does.
fn with_decimals(value: f64, scale: u32) -> Option<Exact> {
    let tens = ten_to(scale)?;
    let mantissa = (value * tens).round();
    let whole = mantissa.to_i128().filter(|whole| whole.unsigned_abs() <= WHOLE_MAX)?;
    (mantissa / tens == value).then_some(Exact { mantissa: whole, scale })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(text: &str) -> Exact {
        Exact::from(text.parse::<Decimal>().unwrap())
    }

    #[test]
    fn a_float_is_the_decimal_that_it_was_read_from() {
        for text in ["2505.56", "0.1", "-0.00001234", "10123.456789012345", "0.30000000000000004", "7", "1e21", "0"] {
            let float: f64 = text.parse().unwrap();
            let read = Exact::of(float).unwrap();
            assert_eq!(read.float().to_bits(), float.to_bits(), "{text}");
        }
        assert_eq!(Exact::of(2505.56).unwrap(), exact("2505.56"));
        assert_eq!(Exact::of(10123.456789012345).unwrap(), exact("10123.456789012345"));
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        assert_eq!(Exact::of(1e300), Err(Inexact));
        assert_eq!(Exact::of(f64::NAN), Err(Inexact));
        assert_eq!(Exact::of(f64::INFINITY), Err(Inexact));
        let long = exact("1234567890.123456789012345678");
        assert_eq!(long.times(long), Err(Inexact));
        assert_eq!(long.whole_times(Exact::ZERO), Err(Inexact));
    }

    #[test]
    fn a_step_fits_as_often_as_in_decimals() {
        for (value, part, times) in
            [("0.3", "0.1", "3"), ("0.29999", "0.1", "2"), ("-1", "0.1", "0"), ("1e2", "3", "33")]
        {
            let value = if value == "1e2" { exact("100") } else { exact(value) };
            assert_eq!(value.whole_times(exact(part)).unwrap(), exact(times), "{part}");
        }
    }

    proptest! {
        #[test]
        fn every_float_of_a_market_reads_back(mantissa in -9_007_199_254_740_992_i64..=9_007_199_254_740_992, scale in 0_u32..16) {
            let float: f64 = format!("{mantissa}e-{scale}").parse().unwrap();
            prop_assert_eq!(Exact::of(float).unwrap().float(), float);
        }

        #[test]
        fn any_float_between_reads_back(float in 1e-9_f64..1e15) {
            prop_assert_eq!(Exact::of(float).unwrap().float(), float);
        }

        #[test]
        fn sums_and_products_are_those_of_whole_numbers(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000, up in 0_u32..9, down in 0_u32..9) {
            let number = |mantissa: i64, scale| Exact { mantissa: i128::from(mantissa), scale };
            let (one, other) = (number(a, up), number(b, down));
            prop_assert_eq!(one.plus(other).unwrap().minus(other).unwrap(), one);
            let product = Exact { mantissa: i128::from(a) * i128::from(b), scale: up + down };
            prop_assert_eq!(one.times(other).unwrap(), product);
        }
    }
}
