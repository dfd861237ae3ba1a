//! How sure a signal is.

use crate::money::Decimal;
use std::fmt;
use std::str::FromStr;

/// From 0 to 1, in ten-thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Confidence(Decimal);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a number from 0 to 1 with at most four decimals")]
pub struct BadConfidence;

const DIGITS: u32 = 4;

impl Confidence {
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// What is no number is as unsure as can be; what is beyond the bounds is at them.
    pub fn of(value: f64) -> Self {
        let bounded = if value > 0.0 { value.min(1.0) } else { 0.0 };
        let rounded = Decimal::from_str_exact(&format!("{bounded:.4}")).unwrap_or(Decimal::ZERO);
        Self(rounded.normalize())
    }

    /// Whether an entry that is so sure is followed where entries must be at least so sure.
    pub fn suffices(self, least: Self) -> bool {
        self >= least
    }
}

impl FromStr for Confidence {
    type Err = BadConfidence;

    fn from_str(text: &str) -> Result<Self, BadConfidence> {
        let value = Decimal::from_str_exact(text).map_err(|_| BadConfidence)?.normalize();
        let fits = value >= Decimal::ZERO && value <= Decimal::ONE && value.scale() <= DIGITS;
        if fits { Ok(Self(value)) } else { Err(BadConfidence) }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_is_from_nothing_to_one_in_ten_thousandths() {
        let of = |value: f64| Confidence::of(value).to_string();
        assert_eq!([of(0.5), of(0.123_45), of(2.0), of(-1.0), of(f64::NAN)], ["0.5", "0.1235", "1", "0", "0"]);
        for good in ["0", "1", "0.65", "0.70", "1.0000"] {
            assert!(good.parse::<Confidence>().is_ok(), "{good}");
        }
        for bad in ["", "-0.1", "1.0001", "0.12345", "half", "NaN", "65"] {
            assert_eq!(bad.parse::<Confidence>(), Err(BadConfidence), "{bad}");
        }
        assert!(Confidence::of(0.65) >= "0.65".parse().unwrap());
    }
}
