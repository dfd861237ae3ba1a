//! Series: the candles of one length of one market, as this deployment keeps them.
//!
//! 1. Closed candles alone are kept, oldest first: behind the newest one nothing was ever kept.
//! 2. What has to be asked for follows from what is kept, from how far was asked, and from the time ([`Heard::next`]).
//! 3. A candle that is missing is a hole until its venue, asked again a while after its end, leaves it out once more: then nobody has
//!    traded ([`settled`]).
//!
//! Where to begin: [`is_due`], [`Heard::next`], [`holes`], [`Looks::after`], [`aggregate`].

mod asking;
mod backfill;
mod freshness;
mod holes;
mod longer;
mod looks;
mod month;

pub use asking::{Heard, answered_within, is_due, looks_at_all, turn};
pub use backfill::{Backfill, BackfillState};
pub use freshness::{Freshness, caught_up, freshness};
pub use holes::{Hole, holes, settled};
pub use longer::{Settled, aggregate, known_to};
pub use looks::Looks;
pub use month::Month;

use crate::clock::{Millis, Timestamp};
use crate::limits::CANDLE_TOLD_AFTER;
use crate::market::{Candle, Interval, MarketKey};
use std::fmt;

/// The candles of one length of one market.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    pub market: MarketKey,
    pub interval: Interval,
}

/// A candle that has closed, and when it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptCandle {
    pub candle: Candle,
    pub kept_at: Timestamp,
}

impl KeptCandle {
    /// When it opens.
    pub fn opens_at(&self) -> Timestamp {
        self.candle.bar.opens_at
    }

    /// How long after its end it was kept; never below zero.
    pub fn age(&self) -> Millis {
        self.kept_at.since(self.candle.bar.closes_at).max(Millis::ZERO)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.market, self.interval)
    }
}

impl Interval {
    /// For how long such candles stay after their end; none is for ever.
    pub const fn kept_for(self) -> Option<Millis> {
        match self.minutes() {
            ..15 => Some(Millis::seconds(90 * 86_400)),
            15..1_440 => Some(Millis::seconds(2 * 365 * 86_400)),
            _ => None,
        }
    }

    /// When the candle that closed last has closed, of those that a venue may be asked for by now.
    pub fn told_to(self, now: Timestamp) -> Timestamp {
        self.opening(now.minus(CANDLE_TOLD_AFTER))
    }

    /// The first candle that is kept by now.
    pub fn kept_since(self, now: Timestamp) -> Timestamp {
        let oldest = |kept| self.opening(now.minus(kept)).max(Timestamp::from_millis(0));
        self.kept_for().map_or(Timestamp::from_millis(0), oldest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_candles_go_and_days_stay() {
        let days = |interval: Interval| interval.kept_for().map(|kept| kept.get() / Millis::DAY.get());
        let kept_for = |days_of: Option<i64>| {
            let those = Interval::ALL.into_iter().filter(|interval| days(*interval) == days_of);
            those.map(Interval::as_str).collect::<Vec<_>>()
        };
        assert_eq!(kept_for(Some(90)), ["1m", "2m", "3m", "5m", "10m"]);
        assert_eq!(kept_for(Some(730)), ["15m", "20m", "30m", "45m", "1h", "2h", "3h", "4h", "6h", "8h", "12h"]);
        assert_eq!(kept_for(None), ["1d"]);
        let now = Timestamp::from_millis(1_700_000_000_000);
        assert_eq!(Interval::OneDay.kept_since(now), Timestamp::from_millis(0));
        assert_eq!(now.since(Interval::OneMinute.kept_since(now)), Millis::seconds(90 * 86_400 + 20));
    }
}
