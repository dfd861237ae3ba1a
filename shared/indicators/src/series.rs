//! Values that were looked at once, so that whole slices are reckoned with without looking at each again.

use crate::bar::{VALUE_MAX, is_usable};
use std::error::Error;
use std::fmt;

/// Values from oldest to newest, all of them finite and at most [`VALUE_MAX`] away from zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Series<'a>(&'a [f64]);

/// The first value that does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadSeries {
    /// Where it stands, counted from 0.
    pub at: usize,
}

impl<'a> Series<'a> {
    /// # Errors
    /// Where a value is not a number, infinite, or too large.
    pub fn new(values: &'a [f64]) -> Result<Self, BadSeries> {
        // No early end: so it is done several at a time.
        let all = values.iter().fold(true, |all, value| all & is_usable(*value));
        let first = || values.iter().position(|value| !is_usable(*value)).unwrap_or_default();
        if all { Ok(Self(values)) } else { Err(BadSeries { at: first() }) }
    }

    /// Values that were looked at elsewhere.
    pub(crate) fn trusted(values: &'a [f64]) -> Self {
        Self(values)
    }

    #[must_use]
    pub fn values(self) -> &'a [f64] {
        self.0
    }
}

impl fmt::Display for BadSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "value {} must be a number from -{VALUE_MAX:e} to {VALUE_MAX:e}", self.at)
    }
}

impl Error for BadSeries {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_that_is_no_number_is_named() {
        let check =
            |values: &[f64], expected| assert_eq!(Series::new(values).map(|_| ()).map_err(|bad| bad.at), expected);
        check(&[], Ok(()));
        check(&[1.0, -2.0, 0.0, 1e100], Ok(()));
        check(&[1.0, f64::NAN, f64::INFINITY], Err(1));
        check(&[f64::NEG_INFINITY], Err(0));
        check(&[0.0, 1.1e100], Err(1));
    }
}
