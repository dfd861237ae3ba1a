//! How many bars an indicator looks at.

use std::error::Error;
use std::fmt;

/// The longest period, as TA-Lib has it, in bars.
pub const PERIOD_MAX: u32 = 100_000;

/// A period that is too short or too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadPeriod {
    /// What was given, in bars.
    pub period: u32,
    /// The shortest that the indicator takes.
    pub min: u32,
}

impl fmt::Display for BadPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the period must be a whole number from {} to {PERIOD_MAX}", self.min)
    }
}

impl Error for BadPeriod {}

/// The period, where it is from `min` to [`PERIOD_MAX`].
pub(crate) fn at_least(min: u32, period: u32) -> Result<u32, BadPeriod> {
    if (min..=PERIOD_MAX).contains(&period) { Ok(period) } else { Err(BadPeriod { period, min }) }
}
