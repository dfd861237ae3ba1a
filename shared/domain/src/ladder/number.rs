//! Decimals and ratios of any length. Nothing is rounded but where a step or a number of digits is asked for.

use super::whole::Whole;
use crate::money::{Decimal, Fraction, MoneyError, exact};
use num_bigint::BigInt;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// Decimals that are written out; what follows is cut off. Only powers of scales have as many.
const DECIMALS_WRITTEN_MAX: usize = 512;
/// Digits of a ratio that are written out, the last one cut off.
const RATIO_DIGITS: u32 = 28;

/// An exact decimal.
#[derive(Debug, Clone)]
pub struct Number {
    mantissa: Whole,
    scale: u32,
}

impl Number {
    pub const ZERO: Self = Self { mantissa: Whole::ZERO, scale: 0 };
    pub(super) const ONE: Self = Self::whole(1);
    pub(super) const HUNDRED: Self = Self::whole(100);

    pub(super) const fn whole(value: i128) -> Self {
        Self { mantissa: Whole::Small(value), scale: 0 }
    }

    pub(super) fn ten_to(power: u32) -> Self {
        Self { mantissa: Whole::ten_to(power).into_owned(), scale: 0 }
    }

    pub(super) fn is_positive(&self) -> bool {
        self.mantissa.signum() > 0
    }

    pub(super) fn is_zero(&self) -> bool {
        self.mantissa.signum() == 0
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        if self.scale == other.scale {
            return Self { mantissa: self.mantissa.plus(&other.mantissa), scale: self.scale };
        }
        let (a, b, scale) = self.aligned(other);
        Self { mantissa: a.plus(&b), scale }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        let (a, b, scale) = self.aligned(other);
        Self { mantissa: a.minus(&b), scale }
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        Self { mantissa: self.mantissa.times(&other.mantissa), scale: self.scale.saturating_add(other.scale) }
    }

    /// A hundredth.
    pub(super) fn percent(self) -> Self {
        Self { scale: self.scale.saturating_add(2), ..self }
    }

    pub(super) fn over(self, divisor: Positive) -> Ratio {
        Ratio { over: self, under: divisor }
    }

    /// With no more decimals than these; what follows is cut off.
    pub(super) fn shortened(self, decimals: u32) -> Self {
        match self.scale.checked_sub(decimals) {
            None | Some(0) => self,
            Some(more) => Self { mantissa: self.mantissa.floor_over(&Whole::Small(1), more), scale: decimals },
        }
    }

    /// The same as a decimal of 28 digits.
    ///
    /// # Errors
    /// `Inexact` where it has more.
    pub(crate) fn decimal(&self) -> Result<Decimal, MoneyError> {
        exact::decimal(self.mantissa.small().ok_or(MoneyError::Inexact)?, self.scale)
    }

    fn aligned<'a>(&'a self, other: &'a Self) -> (Cow<'a, Whole>, Cow<'a, Whole>, u32) {
        let scale = self.scale.max(other.scale);
        (self.at(scale), other.at(scale), scale)
    }

    /// The mantissa with `scale` decimals, which are no fewer than there are.
    fn at(&self, scale: u32) -> Cow<'_, Whole> {
        match scale.saturating_sub(self.scale) {
            0 => Cow::Borrowed(&self.mantissa),
            more => Cow::Owned(self.mantissa.times(&Whole::ten_to(more))),
        }
    }
}

impl From<Decimal> for Number {
    fn from(value: Decimal) -> Self {
        Self { mantissa: Whole::Small(value.mantissa()), scale: value.scale() }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b, _) = self.aligned(other);
        Whole::cmp(&a, &b)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    /// Plain digits without trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::try_from(self.scale).unwrap_or(usize::MAX);
        let digits = self.mantissa.digits();
        let digits = format!("{digits:0>width$}", width = scale.saturating_add(1));
        let (whole, decimals) = digits.split_at_checked(digits.len().saturating_sub(scale)).unwrap_or((&digits, ""));
        let decimals = decimals.get(..DECIMALS_WRITTEN_MAX).unwrap_or(decimals).trim_end_matches('0');
        let sign = if self.mantissa.signum() < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}")?;
        if decimals.is_empty() { Ok(()) } else { write!(f, ".{decimals}") }
    }
}

/// What can be divided by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Positive(Number);

impl Positive {
    pub(super) const ONE: Self = Self(Number::ONE);

    pub(super) fn of(value: Number) -> Option<Self> {
        value.is_positive().then_some(Self(value))
    }

    pub(super) fn number(&self) -> &Number {
        &self.0
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        Self(self.0.times(&other.0))
    }
}

/// Which way a value that is off the grid goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rounding {
    Down,
    Up,
}

/// An exact quotient: the one division of a formula, which is carried out on a grid.
#[derive(Debug, Clone)]
pub struct Ratio {
    over: Number,
    under: Positive,
}

impl Ratio {
    /// The multiple of `step` next to it, or itself where it stands on the grid.
    pub(super) fn rounded(&self, step: &Positive, rounding: Rounding) -> Number {
        let (numerator, Positive(denominator)) = (&self.over, self.under.times(step));
        let tens = numerator.scale.saturating_sub(denominator.scale);
        let numerator = numerator.at(numerator.scale.max(denominator.scale));
        let count = match rounding {
            Rounding::Down => numerator.floor_over(&denominator.mantissa, tens),
            Rounding::Up => numerator.ceil_over(&denominator.mantissa, tens),
        };
        let step = step.number();
        Number { mantissa: count.times(&step.mantissa), scale: step.scale }
    }

    pub(super) fn times(&self, factor: &Number) -> Self {
        Self { over: self.over.times(factor), under: self.under.clone() }
    }

    pub(super) fn numerator(&self) -> &Number {
        &self.over
    }

    pub(super) fn divisor(&self) -> &Positive {
        &self.under
    }

    pub(super) fn into_numerator(self) -> Number {
        self.over
    }

    /// The first 28 significant digits.
    pub fn approximate(&self) -> Number {
        let length = |number: &Number| u32::try_from(number.mantissa.digits().len()).unwrap_or(u32::MAX);
        let Positive(under) = &self.under;
        let more = RATIO_DIGITS.saturating_add(length(under)).saturating_sub(length(&self.over));
        let scale = more.saturating_add(self.over.scale);
        let quotient = self.over.mantissa.times(&Whole::ten_to(more)).floor_over(&under.mantissa, 0);
        let shifted = quotient.times(&Whole::ten_to(under.scale.saturating_sub(scale)));
        let number = Number { mantissa: shifted, scale: scale.saturating_sub(under.scale) };
        // One digit too many, where the first digits of the two make it longer.
        let extra = length(&number).saturating_sub(RATIO_DIGITS).min(number.scale);
        let decimals = number.scale.saturating_sub(extra);
        number.shortened(decimals)
    }
}

impl From<Number> for Ratio {
    fn from(value: Number) -> Self {
        value.over(Positive::ONE)
    }
}

impl From<&Fraction> for Ratio {
    fn from(value: &Fraction) -> Self {
        let (over, under) = value.parts();
        let whole = |of: &BigInt| Number { mantissa: Whole::of(of.clone()), scale: 0 };
        Self { over: whole(over), under: Positive(whole(under)) }
    }
}

impl fmt::Display for Ratio {
    /// Exactly where it is a decimal of its own, else its first digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.under == Positive::ONE { self.over.fmt(f) } else { self.approximate().fmt(f) }
    }
}
