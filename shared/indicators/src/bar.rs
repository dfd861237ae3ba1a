//! One candle, checked where it is made.

use std::error::Error;
use std::fmt;

/// The largest value that comes in: a price, a volume, or what else is averaged. Products of two of them are still finite.
pub const VALUE_MAX: f64 = 1e100;
/// The largest price.
pub const PRICE_MAX: f64 = VALUE_MAX;
/// The smallest price. Nothing that is reckoned from larger ones vanishes.
pub const PRICE_MIN: f64 = 1e-100;

/// A candle: prices in quote per base, `volume` in base. All of it is finite, prices are from [`PRICE_MIN`] to [`PRICE_MAX`], `high` and `low`
/// hold open and close, and the volume is from 0 to [`VALUE_MAX`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    volume: f64,
}

/// A column of a candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    Open,
    High,
    Low,
    Close,
    Volume,
}

/// Why a candle is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BadBar {
    /// Not a number, infinite, or outside of what is allowed.
    Value(Field, f64),
    /// The highest price is below another.
    High,
    /// The lowest price is above another.
    Low,
}

impl Bar {
    /// # Errors
    /// Names the column that is no number, infinite, negative, too large, or (of prices) too small or zero, or the extreme that does not hold.
    pub fn new(open: f64, high: f64, low: f64, close: f64, volume: f64) -> Result<Self, BadBar> {
        for (field, price) in [(Field::Open, open), (Field::High, high), (Field::Low, low), (Field::Close, close)] {
            if !(PRICE_MIN..=PRICE_MAX).contains(&price) {
                return Err(BadBar::Value(field, price));
            }
        }
        if !(0.0..=VALUE_MAX).contains(&volume) {
            return Err(BadBar::Value(Field::Volume, volume));
        }
        if high < open.max(close).max(low) {
            return Err(BadBar::High);
        }
        if low > open.min(close) {
            return Err(BadBar::Low);
        }
        Ok(Self { open, high, low, close, volume })
    }

    /// Of columns that were looked at.
    pub(crate) fn of_columns(high: f64, low: f64, close: f64, volume: f64) -> Self {
        Self { open: close, high, low, close, volume }
    }

    #[must_use]
    pub fn open(&self) -> f64 {
        self.open
    }

    #[must_use]
    pub fn high(&self) -> f64 {
        self.high
    }

    #[must_use]
    pub fn low(&self) -> f64 {
        self.low
    }

    #[must_use]
    pub fn close(&self) -> f64 {
        self.close
    }

    #[must_use]
    pub fn volume(&self) -> f64 {
        self.volume
    }

    /// The mean of the highest, the lowest and the last price.
    #[must_use]
    pub fn typical(&self) -> f64 {
        (self.high + self.low + self.close) / 3.0
    }
}

impl Field {
    /// As the column of a CSV file is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::High => "high",
            Self::Low => "low",
            Self::Close => "close",
            Self::Volume => "volume",
        }
    }
}

impl fmt::Display for BadBar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(Field::Volume, _) => write!(f, "volume must be a number from 0 to {VALUE_MAX:e}"),
            Self::Value(field, _) => write!(f, "{} must be a number from {PRICE_MIN:e} to {PRICE_MAX:e}", field.name()),
            Self::High => f.write_str("high must be at least open, low and close"),
            Self::Low => f.write_str("low must be at most open, high and close"),
        }
    }
}

impl Error for BadBar {}

/// Whether a value may be reckoned with: no NaN, not infinite, not too large.
pub(crate) fn is_usable(value: f64) -> bool {
    value.abs() <= VALUE_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candle_holds_its_prices_or_is_none() {
        let check = |[open, high, low, close, volume]: [f64; 5], expected: &str| {
            let told = Bar::new(open, high, low, close, volume).map_or_else(|bad| bad.to_string(), |_| "ok".to_owned());
            assert_eq!(told, expected);
        };
        check([1.0, 3.0, 0.5, 2.0, 0.0], "ok");
        check([2.0, 2.0, 2.0, 2.0, -0.0], "ok");
        check([1e100, 1e100, 1e-100, 1.0, 1e100], "ok");
        check([1.0, 1.5, 0.5, 2.0, 1.0], "high must be at least open, low and close");
        check([1.0, 3.0, 1.5, 2.0, 1.0], "low must be at most open, high and close");
        check([1.0, 1.0, 3.0, 1.0, 1.0], "high must be at least open, low and close");
        check([f64::NAN, 3.0, 0.5, 2.0, 1.0], "open must be a number from 1e-100 to 1e100");
        check([1.0, f64::INFINITY, 0.5, 2.0, 1.0], "high must be a number from 1e-100 to 1e100");
        check([1.0, 3.0, 0.0, 2.0, 1.0], "low must be a number from 1e-100 to 1e100");
        check([1.0, 3.0, 0.5, -2.0, 1.0], "close must be a number from 1e-100 to 1e100");
        check([1.0, 3.0, 0.5, 2.0, -1.0], "volume must be a number from 0 to 1e100");
        check([1.0, 3.0, 0.5, 2.0, f64::NAN], "volume must be a number from 0 to 1e100");
    }
}
