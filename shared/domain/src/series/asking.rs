//! When a series is looked at, and what its venue is asked for.

use crate::clock::Timestamp;
use crate::limits::{
    CANDLE_TOLD_AFTER, CANDLES_OF_SILENCE, CANDLES_OF_SILENCE_LEFT, SERIES_BEGIN_WITH, SERIES_DUE_FOR,
    SERIES_LOOK_EVERY,
};
use crate::market::{CandleSpan, Interval};

/// Whether a run of the planner has a series looked at that is wanted since then: one of whose candles has closed lately, one that is
/// new, and at times every one.
pub fn is_due(interval: Interval, wanted_since: Timestamp, now: Timestamp) -> bool {
    let told = now.minus(CANDLE_TOLD_AFTER);
    let closed_lately = told.since(interval.told_to(now)) < SERIES_DUE_FOR;
    closed_lately || now.since(wanted_since) < SERIES_DUE_FOR || looks_at_all(now)
}

/// Whether a run of the planner has all series looked at, and holes looked for.
pub fn looks_at_all(now: Timestamp) -> bool {
    let minute = Interval::OneMinute.length().get();
    let of_them = SERIES_LOOK_EVERY.get().checked_div(minute);
    of_them.and_then(|every| now.millis().div_euclid(minute).checked_rem_euclid(every)) == Some(0)
}

/// How far a series is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    /// When the newest candle opens that is kept.
    pub newest: Option<Timestamp>,
    /// All before was asked for, and answered whole.
    pub asked_to: Option<Timestamp>,
}

impl Heard {
    /// Up to when it is known.
    fn to(&self, interval: Interval) -> Option<Timestamp> {
        self.newest.map(|newest| newest.plus(interval.length())).max(self.asked_to)
    }

    /// What its venue is asked for: what has closed since, and so many before once more, for what was corrected late. None where
    /// nothing has closed.
    pub fn next(&self, interval: Interval, again: u32, now: Timestamp) -> Option<CandleSpan> {
        let end = interval.told_to(now);
        let from = match self.to(interval) {
            Some(to) if to >= end => return None,
            Some(to) => to.minus(interval.times(again)),
            None => end.minus(interval.times(SERIES_BEGIN_WITH)),
        };
        Some(CandleSpan::between(interval, from.max(interval.kept_since(now)), end))
    }

    /// Up to when it is to be remembered that it was asked for, where that was answered whole up to then and nobody had traded for long:
    /// else the same long time would be asked for again and again.
    pub fn silent_to(&self, interval: Interval, answered_to: Timestamp) -> Option<Timestamp> {
        let silence = self.to(interval).map(|to| answered_to.since(to));
        let left = answered_to.minus(interval.times(CANDLES_OF_SILENCE_LEFT));
        silence.is_none_or(|silence| silence > interval.times(CANDLES_OF_SILENCE)).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;

    /// 22:10:00 on a day in November: a round of all.
    const ROUND: i64 = 1_699_999_800_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(ROUND + seconds * 1_000)
    }

    #[test]
    fn a_series_is_due_once_its_candle_may_be_told_and_at_each_fifth_minute() {
        let check = |interval: Interval, now: i64, due: bool| {
            assert_eq!(is_due(interval, at(-99_999), at(now)), due, "{interval} {now}");
        };
        for second in [60, 64, 65, 119] {
            check(Interval::OneMinute, second, true);
        }
        check(Interval::FiveMinutes, 4, true);
        check(Interval::FiveMinutes, 65, true);
        check(Interval::FiveMinutes, 134, true);
        check(Interval::FiveMinutes, 140, false);
        check(Interval::FiveMinutes, 299, false);
        // 22:15 closes a quarter of an hour; an hour closes at 23:00.
        check(Interval::FifteenMinutes, 300 + 66, true);
        check(Interval::OneHour, 66, false);
        check(Interval::OneHour, 3_000 + 66, true);
        check(Interval::OneDay, 1, true);
        check(Interval::OneDay, 299, false);
        check(Interval::OneDay, 300, true);
        assert!(is_due(Interval::OneDay, at(60), at(90)), "somebody wants it since half a minute");
        assert!(!is_due(Interval::OneDay, at(60), at(240)));
    }

    fn next(newest: Option<i64>, asked_to: Option<i64>, now: i64) -> Option<(i64, i64)> {
        let minute = |number: i64| at(number * 60);
        let heard = Heard { newest: newest.map(minute), asked_to: asked_to.map(minute) };
        let span = heard.next(Interval::OneMinute, 2, at(now))?;
        let number = |at: Timestamp| (at.millis() - ROUND) / 60_000;
        Some((number(span.first()), number(span.end())))
    }

    #[test]
    fn what_has_closed_since_is_asked_for_with_the_last_two_before() {
        assert_eq!(next(Some(0), None, 119), None, "the next one has not closed");
        assert_eq!(next(Some(0), None, 124), None, "it may not be told yet");
        assert_eq!(next(Some(0), None, 125), Some((-1, 2)));
        assert_eq!(next(Some(0), None, 620), Some((-1, 10)));
        assert_eq!(next(Some(0), Some(9), 620), Some((7, 10)));
        assert_eq!(next(Some(8), Some(3), 620), Some((7, 10)));
        assert_eq!(next(Some(0), Some(10), 620), None);
    }

    #[test]
    fn a_new_series_begins_with_some_and_none_is_older_than_what_is_kept() {
        assert_eq!(next(None, None, 0), Some((-1 - i64::from(SERIES_BEGIN_WITH), -1)));
        let kept = 90 * 1_440;
        assert_eq!(next(Some(-2 * kept), None, 5), Some((-kept, 0)));
        let days = Heard::default().next(Interval::OneDay, 2, at(0)).unwrap();
        assert_eq!(days.count(), SERIES_BEGIN_WITH);
    }

    #[test]
    fn a_long_silence_is_remembered_and_a_short_one_asked_for_again() {
        let heard = Heard { newest: Some(at(-60)), asked_to: None };
        let silent = |minutes: i64| heard.silent_to(Interval::OneMinute, at(minutes * 60));
        assert_eq!(silent(60), None);
        assert_eq!(silent(61), Some(at(51 * 60)));
        let asked = Heard { asked_to: Some(at(51 * 60)), ..heard };
        assert_eq!(asked.silent_to(Interval::OneMinute, at(100 * 60)), None);
        let never = Heard::default().silent_to(Interval::OneMinute, at(0));
        assert_eq!(never, Some(at(-600)), "there was never a candle");
        assert!(SERIES_LOOK_EVERY.get() % 60_000 == 0 && SERIES_DUE_FOR > Millis::seconds(120));
    }
}
