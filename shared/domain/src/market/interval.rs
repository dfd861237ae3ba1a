//! How long candles are.
//!
//! All of them open on the clock, in UTC: a candle of four hours at 00:00, 04:00 and so on.

use crate::clock::{Millis, Timestamp};
use std::fmt;
use std::str::FromStr;

/// How long a candle is: a whole number of minutes of which a day is made. A [`super::Timeframe`] is the name of somebody's chart, whatever
/// it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interval {
    OneMinute,
    TwoMinutes,
    ThreeMinutes,
    FiveMinutes,
    TenMinutes,
    FifteenMinutes,
    TwentyMinutes,
    ThirtyMinutes,
    FortyFiveMinutes,
    OneHour,
    TwoHours,
    ThreeHours,
    FourHours,
    SixHours,
    EightHours,
    TwelveHours,
    OneDay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1m, 2m, 3m, 5m, 10m, 15m, 20m, 30m, 45m, 1h, 2h, 3h, 4h, 6h, 8h, 12h or 1d")]
pub struct UnknownInterval;

impl Interval {
    /// Shortest first.
    pub const ALL: [Self; 17] = [
        Self::OneMinute,
        Self::TwoMinutes,
        Self::ThreeMinutes,
        Self::FiveMinutes,
        Self::TenMinutes,
        Self::FifteenMinutes,
        Self::TwentyMinutes,
        Self::ThirtyMinutes,
        Self::FortyFiveMinutes,
        Self::OneHour,
        Self::TwoHours,
        Self::ThreeHours,
        Self::FourHours,
        Self::SixHours,
        Self::EightHours,
        Self::TwelveHours,
        Self::OneDay,
    ];

    pub const fn as_str(self) -> &'static str {
        self.told().0
    }

    pub const fn minutes(self) -> i64 {
        self.told().1
    }

    /// What it is called, and how many minutes it is long.
    const fn told(self) -> (&'static str, i64) {
        match self {
            Self::OneMinute => ("1m", 1),
            Self::TwoMinutes => ("2m", 2),
            Self::ThreeMinutes => ("3m", 3),
            Self::FiveMinutes => ("5m", 5),
            Self::TenMinutes => ("10m", 10),
            Self::FifteenMinutes => ("15m", 15),
            Self::TwentyMinutes => ("20m", 20),
            Self::ThirtyMinutes => ("30m", 30),
            Self::FortyFiveMinutes => ("45m", 45),
            Self::OneHour => ("1h", 60),
            Self::TwoHours => ("2h", 120),
            Self::ThreeHours => ("3h", 180),
            Self::FourHours => ("4h", 240),
            Self::SixHours => ("6h", 360),
            Self::EightHours => ("8h", 480),
            Self::TwelveHours => ("12h", 720),
            Self::OneDay => ("1d", 1_440),
        }
    }

    /// Whether candles of this length are made of whole ones of a shorter one.
    pub fn is_made_of(self, shorter: Self) -> bool {
        shorter < self && self.minutes().checked_rem(shorter.minutes()) == Some(0)
    }

    /// The longest that is told of those that make this one: itself, where it is told.
    pub fn longest_of(self, is_told: impl Fn(Self) -> bool) -> Option<Self> {
        let makes = |one: &Self| (*one == self || self.is_made_of(*one)) && is_told(*one);
        Self::ALL.into_iter().rev().find(makes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_made_of_whole_candles_of_every_length_and_each_has_its_own_name() {
        for interval in Interval::ALL {
            assert_eq!(1_440 % interval.minutes(), 0, "{interval}");
            assert_eq!(interval.as_str().parse(), Ok(interval));
            assert!(UnknownInterval.to_string().contains(interval.as_str()), "{interval}");
        }
        assert!(Interval::ALL.is_sorted_by_key(|interval| interval.minutes()));
        for unknown in ["4m", "60m", "24h", "1w", "1M", ""] {
            assert_eq!(unknown.parse::<Interval>(), Err(UnknownInterval), "{unknown}");
        }
    }

    #[test]
    fn a_length_that_is_not_told_is_made_of_the_longest_that_divides_it() {
        let check = |wanted: &str, told: &[&str], made_of: Option<&str>| {
            let interval: Interval = wanted.parse().unwrap();
            let found = interval.longest_of(|one| told.contains(&one.as_str()));
            assert_eq!(found.map(Interval::as_str), made_of, "{wanted} {told:?}");
        };
        check("4h", &["1m", "1h", "4h"], Some("4h"));
        check("4h", &["1m", "1h", "2h", "3h"], Some("2h"));
        check("45m", &["5m", "15m", "30m"], Some("15m"));
        check("3h", &["1h", "2h"], Some("1h"));
        check("20m", &["1m", "3m", "15m"], Some("1m"));
        check("1m", &["2m", "5m"], None);
        check("5m", &["2m", "3m"], None);
    }
}
