//! Candles that leave their table are packed by the month before they do.
//!
//! 1. A month is packed once it is so old that nothing is written in it any more ([`Interval::packable_to`]).
//! 2. Its rows stay in their table for weeks after that, so that a night that fails loses none.

use crate::clock::{Millis, Timestamp};
use crate::limits::{CANDLES_PACKED_AFTER, CANDLES_STAY_PACKED};
use crate::market::Interval;
use std::fmt;

/// A month of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Months since January 1970.
    number: i64,
}

/// Days from 0000-03-01 to 1970-01-01, and in four hundred years.
const TO_1970: i64 = 719_468;
const ERA_DAYS: i64 = 146_097;

impl Month {
    /// That in which `at` is.
    pub fn of(at: Timestamp) -> Self {
        // The first of all that may be is near enough: a month has 31 days at the most.
        let mut month = Self { number: at.day().div_euclid(31) };
        while month.next().begins() <= at {
            month = month.next();
        }
        month
    }

    #[must_use]
    pub const fn next(self) -> Self {
        Self { number: self.number.saturating_add(1) }
    }

    pub const fn begins(self) -> Timestamp {
        let (year, month) = self.year_and_month();
        // Years that begin in March end with their leap day.
        let (year, of_march) =
            if month > 2 { (year, month.saturating_sub(3)) } else { (year.saturating_sub(1), month.saturating_add(9)) };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let before = of_march.saturating_mul(153).saturating_add(2).div_euclid(5);
        let leaps = of_era.div_euclid(4).saturating_sub(of_era.div_euclid(100));
        let day = of_era.saturating_mul(365).saturating_add(leaps).saturating_add(before);
        let day = era.saturating_mul(ERA_DAYS).saturating_add(day).saturating_sub(TO_1970);
        Timestamp::from_millis(day.saturating_mul(Millis::DAY.get()))
    }

    /// Each from this one on, up to one that is not of it any more.
    pub fn up_to(self, end: Self) -> impl Iterator<Item = Self> {
        (self.number..end.number).map(|number| Self { number })
    }

    const fn year_and_month(self) -> (i64, i64) {
        (self.number.div_euclid(12).saturating_add(1_970), self.number.rem_euclid(12).saturating_add(1))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = self.year_and_month();
        write!(f, "{year:04}-{month:02}")
    }
}

impl Interval {
    /// Whether such candles are packed before their rows go. Shorter ones are not kept for longer, and days are for good.
    pub const fn is_packed(self) -> bool {
        matches!(self.minutes(), 15..1_440)
    }

    /// The first month that may not be packed yet; all before may. None where none ever is.
    pub fn packable_to(self, now: Timestamp) -> Option<Month> {
        let kept = self.kept_for().filter(|_| self.is_packed())?;
        Some(Month::of(now.minus(kept).minus(CANDLES_PACKED_AFTER)))
    }

    /// No candle is written that opens before: its row would go at once, or its month be packed already.
    pub fn written_since(self, now: Timestamp) -> Timestamp {
        self.kept_since(now).minus(Millis::DAY)
    }

    /// How long after its last candle's end a row goes; none is never.
    pub fn goes_after(self) -> Option<Millis> {
        let margin = if self.is_packed() { CANDLES_STAY_PACKED } else { Millis::DAY };
        self.kept_for().map(|kept| kept.plus(margin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let check = |at: i64, name: &str, begins: i64| {
            let month = Month::of(Timestamp::from_millis(at * 1_000));
            assert_eq!((&*month.to_string(), month.begins().millis()), (name, begins * 1_000), "{at}");
        };
        check(0, "1970-01", 0);
        check(2_678_399, "1970-01", 0);
        check(2_678_400, "1970-02", 2_678_400);
        check(951_782_400, "2000-02", 949_363_200);
        check(951_868_800, "2000-03", 951_868_800);
        check(1_709_164_800, "2024-02", 1_706_745_600);
        check(1_709_251_199, "2024-02", 1_706_745_600);
        check(1_709_251_200, "2024-03", 1_709_251_200);
        check(4_107_542_400, "2100-03", 4_107_542_400);
        let year = Month::of(Timestamp::from_millis(1_706_745_600_000));
        let days: Vec<_> =
            year.up_to(Month { number: year.number + 12 }).map(|one| one.next().begins().since(one.begins())).collect();
        assert_eq!(days, [29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31].map(|days| Millis::seconds(days * 86_400)));
    }

    #[test]
    fn a_month_is_packed_long_before_its_first_row_goes_and_once_nothing_is_written_in_it() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        for interval in Interval::ALL.into_iter().filter(|interval| interval.is_packed()) {
            let next = interval.packable_to(now).unwrap();
            assert!(
                interval.written_since(now).since(next.begins())
                    > CANDLES_PACKED_AFTER.plus(Millis::seconds(-2 * 86_400)),
                "{interval}"
            );
            // The last moment at which the month before is not packed yet.
            let late = next.begins().plus(interval.kept_for().unwrap()).plus(CANDLES_PACKED_AFTER);
            let last = Month::of(next.begins().minus(Millis::new(1)));
            let goes = last.begins().plus(interval.length()).plus(interval.goes_after().unwrap());
            assert!(
                goes.since(late) > Millis::seconds(50 * 86_400),
                "{interval}: {} days",
                goes.since(late).get() / 86_400_000
            );
        }
        assert_eq!(["1m", "10m", "1d"].map(|text| text.parse::<Interval>().unwrap().packable_to(now)), [None; 3]);
        let goes = |text: &str| text.parse::<Interval>().unwrap().goes_after().map(|after| after.get() / 86_400_000);
        assert_eq!([goes("1m"), goes("15m"), goes("12h"), goes("1d")], [Some(91), Some(820), Some(820), None]);
    }
}
