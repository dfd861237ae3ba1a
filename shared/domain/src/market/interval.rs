//! How long candles are.
//!
//! All of them open on the clock, in UTC: a candle of four hours at 00:00, 04:00 and so on.

use crate::clock::{Millis, Timestamp};
use std::fmt;
use std::str::FromStr;

/// How long a candle is. A [`super::Timeframe`] is the name of somebody's chart, whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interval {
    OneMinute,
    FiveMinutes,
    FifteenMinutes,
    OneHour,
    FourHours,
    OneDay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1m, 5m, 15m, 1h, 4h or 1d")]
pub struct UnknownInterval;

impl Interval {
    /// Shortest first.
    pub const ALL: [Self; 6] =
        [Self::OneMinute, Self::FiveMinutes, Self::FifteenMinutes, Self::OneHour, Self::FourHours, Self::OneDay];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneMinute => "1m",
            Self::FiveMinutes => "5m",
            Self::FifteenMinutes => "15m",
            Self::OneHour => "1h",
            Self::FourHours => "4h",
            Self::OneDay => "1d",
        }
    }

    pub const fn minutes(self) -> i64 {
        match self {
            Self::OneMinute => 1,
            Self::FiveMinutes => 5,
            Self::FifteenMinutes => 15,
            Self::OneHour => 60,
            Self::FourHours => 240,
            Self::OneDay => 1_440,
        }
    }

    pub const fn length(self) -> Millis {
        Millis::seconds(self.minutes().saturating_mul(60))
    }

    /// When the candle opens in which `at` is.
    pub fn opening(self, at: Timestamp) -> Timestamp {
        at.minus(Millis::new(at.millis().rem_euclid(self.length().get())))
    }

    /// So many of them.
    pub fn times(self, count: u32) -> Millis {
        Millis::new(self.length().get().saturating_mul(count.into()))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Interval {
    type Err = UnknownInterval;

    fn from_str(text: &str) -> Result<Self, UnknownInterval> {
        Self::ALL.into_iter().find(|interval| interval.as_str() == text).ok_or(UnknownInterval)
    }
}
