//! How wide a band is.

use std::error::Error;
use std::fmt;

/// The widest band, in deviations or average ranges to each side.
pub const WIDTH_MAX: f64 = 1000.0;

/// How many deviations or average ranges a band is wide to each side: from 0 to [`WIDTH_MAX`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Width(f64);

/// A width that is no number, negative or too large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BadWidth(pub f64);

impl Width {
    /// As usual of Bollinger's and Keltner's bands.
    pub const TWO: Self = Self(2.0);
    /// As usual of Supertrend.
    pub const THREE: Self = Self(3.0);

    /// # Errors
    /// What is not a number from 0 to [`WIDTH_MAX`].
    pub fn new(width: f64) -> Result<Self, BadWidth> {
        if (0.0..=WIDTH_MAX).contains(&width) { Ok(Self(width)) } else { Err(BadWidth(width)) }
    }

    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Display for BadWidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the width must be a number from 0 to {WIDTH_MAX}")
    }
}

impl Error for BadWidth {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_is_a_number_from_0_to_its_limit() {
        assert_eq!([0.0, 2.5, 1000.0].map(|width| Width::new(width).map(Width::get)), [Ok(0.0), Ok(2.5), Ok(1000.0)]);
        for width in [-0.1, 1000.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Width::new(width).unwrap_err().to_string(), "the width must be a number from 0 to 1000");
        }
    }
}
