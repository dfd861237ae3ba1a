//! When a series is looked at, and what its venue is asked for.

use crate::clock::{Millis, Timestamp};
use crate::limits::{
    CANDLE_TOLD_AFTER, CANDLES_OF_SILENCE, CANDLES_OF_SILENCE_LEFT, CANDLES_PER_ANSWER, LIST_TIMEOUT, LOOKS_AT_A_HOLE,
    SERIES_BEGIN_WITH, SERIES_CATCH_UP_MAX, SERIES_DUE_FOR, SERIES_LOOK_EVERY, SILENT_AFTER, SUBMIT_TIMEOUT,
};
use crate::market::{CandleSpan, Interval};

/// Whether a run of the planner has a series looked at that is wanted since then: one of whose candles has closed lately, one that is
/// new, and at times every one.
pub fn is_due(interval: Interval, wanted_since: Timestamp, now: Timestamp) -> bool {
    let told = now.minus(CANDLE_TOLD_AFTER);
    let closed_lately = told.since(interval.told_to(now)) < SERIES_DUE_FOR;
    closed_lately || now.since(wanted_since) < SERIES_DUE_FOR || looks_at_all(now)
}

/// Whether a run of the planner has all series looked at, and holes looked for. It is begun once a minute, a little before it or after:
/// what counts is the minute that is nearest, so that no round is left out.
pub fn looks_at_all(now: Timestamp) -> bool {
    rounds(now).1 == Some(0)
}

/// Which turn it is, so that each run begins with others: those that look at all are counted by themselves.
pub fn turn(now: Timestamp) -> u64 {
    let (minute, rest) = rounds(now);
    let round = minute.checked_div(of_them()).filter(|_| rest == Some(0));
    round.unwrap_or(minute).unsigned_abs()
}

/// The nearest minute, and how many lie between it and the round before.
fn rounds(now: Timestamp) -> (i64, Option<i64>) {
    let length = Interval::OneMinute.length().get();
    let minute = now.millis().saturating_add(length.div_euclid(2)).div_euclid(length);
    (minute, minute.checked_rem_euclid(of_them()))
}

/// Minutes from one round to the next.
fn of_them() -> i64 {
    SERIES_LOOK_EVERY.get().div_euclid(Interval::OneMinute.length().get())
}

/// How long such a span may be waited for: one answer as long as any, more of them as long as all together take.
pub fn answered_within(span: &CandleSpan) -> Millis {
    if span.count() <= CANDLES_PER_ANSWER { SUBMIT_TIMEOUT } else { LIST_TIMEOUT }
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

    /// From when on it begins anew, where it was left alone for so long that one run does not catch up with it: whoever looks at it wants
    /// the newest candles, and what lies between is brought behind them.
    pub fn begins_anew(&self, interval: Interval, now: Timestamp) -> Option<Timestamp> {
        let missing = self.newest.and_then(|_| self.next(interval, 0, now))?;
        let begins = missing.end().minus(interval.times(SERIES_BEGIN_WITH));
        (missing.count() > SERIES_CATCH_UP_MAX).then_some(begins)
    }

    /// What is asked for once more where nothing has closed since: so many of the last candles, as long as the newest one may still be
    /// corrected. Else one of a day would stay wrong until the next has closed.
    pub fn again(&self, interval: Interval, again: u32, now: Timestamp) -> Option<CandleSpan> {
        let end = self.newest?.plus(interval.length());
        let is_young = now.since(end) < SILENT_AFTER;
        is_young.then(|| CandleSpan::between(interval, end.minus(interval.times(again)), end))
    }

    /// Up to when it is to be remembered that it was asked for, where that was answered whole up to then and nobody had traded for long:
    /// else the same long time would be asked for again and again. Of a series of which there is nothing yet that is believed after
    /// some `looks` alone: it would never have what one empty answer has left out.
    pub fn silent_to(&self, interval: Interval, answered_to: Timestamp, looks: u32) -> Option<Timestamp> {
        let silence = self.to(interval).map(|to| answered_to.since(to));
        let is_silent =
            silence.map_or(looks >= LOOKS_AT_A_HOLE, |silence| silence > interval.times(CANDLES_OF_SILENCE));
        is_silent.then(|| answered_to.minus(interval.times(CANDLES_OF_SILENCE_LEFT)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        check(Interval::FiveMinutes, 269, false);
        // 22:15 closes a quarter of an hour; an hour closes at 23:00.
        check(Interval::FifteenMinutes, 300 + 66, true);
        check(Interval::OneHour, 66, false);
        check(Interval::OneHour, 3_000 + 66, true);
        check(Interval::OneDay, 1, true);
        check(Interval::OneDay, 269, false);
        check(Interval::OneDay, 300, true);
        assert!(is_due(Interval::OneDay, at(60), at(90)), "somebody wants it since half a minute");
        assert!(!is_due(Interval::OneDay, at(60), at(240)));
    }

    #[test]
    fn a_round_is_left_out_by_no_run_that_begins_a_little_early_or_late() {
        let rounds = |late: fn(i64) -> i64| {
            let runs = (-2..18).map(|minute| Timestamp::from_millis(ROUND + minute * 60_000 + late(minute)));
            runs.filter(|at| looks_at_all(*at)).count()
        };
        assert_eq!([rounds(|_| 0), rounds(|_| 59_900), rounds(|_| -100)], [4, 4, 4]);
        assert_eq!(rounds(|minute| if minute % 2 == 0 { 100 } else { -100 }), 4);
        assert_eq!(rounds(|minute| if minute % 2 == 0 { -100 } else { 100 }), 4);
    }

    #[test]
    fn runs_that_look_at_all_have_turns_of_their_own() {
        let turn = |minute: i64| turn(at(minute * 60)) - turn(at(0));
        let minute = |minute: i64| super::turn(at(minute * 60)) - super::turn(at(60));
        assert_eq!([turn(5), turn(10), turn(15)], [1, 2, 3]);
        assert_eq!([minute(2), minute(4), minute(6)], [1, 3, 5]);
    }

    #[test]
    fn one_answer_is_waited_for_as_any_and_many_as_long_as_all_take() {
        let within = |count: u32| {
            let span = CandleSpan::between(Interval::OneDay, at(0), at(0).plus(Interval::OneDay.times(count + 1)));
            answered_within(&span)
        };
        assert_eq!([within(1), within(90), within(91), within(1_000)].map(Millis::get), [5_000, 5_000, 25_000, 25_000]);
    }

    #[test]
    fn a_newest_one_that_is_young_is_asked_for_once_more_where_nothing_has_closed() {
        let day = Interval::OneDay.length().get();
        let opens = Timestamp::from_millis(ROUND - ROUND.rem_euclid(day));
        let heard = Heard { newest: Some(opens), asked_to: None };
        let again = |seconds: i64| {
            let now = opens.plus(Interval::OneDay.length()).plus(Millis::seconds(seconds));
            assert_eq!(heard.next(Interval::OneDay, 2, now), None);
            let span = heard.again(Interval::OneDay, 2, now)?;
            Some((span.end() == opens.plus(Interval::OneDay.length()), span.count()))
        };
        assert_eq!([again(300), again(899), again(900)], [Some((true, 2)), Some((true, 2)), None]);
        assert_eq!(Heard::default().again(Interval::OneDay, 2, at(0)), None);
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
    fn what_was_left_alone_for_long_begins_anew_and_what_never_began_does_not() {
        let anew = |newest: Option<i64>, asked_to: Option<i64>, minutes: i64| {
            let minute = |number: i64| at(number * 60);
            let heard = Heard { newest: newest.map(minute), asked_to: asked_to.map(minute) };
            let from = heard.begins_anew(Interval::OneMinute, at(minutes * 60 + 5))?;
            Some((from.millis() - ROUND) / 60_000)
        };
        assert_eq!([anew(Some(0), None, 4_001), anew(Some(0), None, 4_002)], [None, Some(2_002)]);
        assert_eq!(anew(Some(0), Some(3_000), 4_002), None, "nobody had traded");
        assert_eq!(anew(None, None, 9_000), None);
    }

    #[test]
    fn a_long_silence_is_remembered_and_a_short_one_asked_for_again() {
        let heard = Heard { newest: Some(at(-60)), asked_to: None };
        let silent = |minutes: i64| heard.silent_to(Interval::OneMinute, at(minutes * 60), 0);
        assert_eq!(silent(60), None);
        assert_eq!(silent(61), Some(at(51 * 60)));
        let asked = Heard { asked_to: Some(at(51 * 60)), ..heard };
        assert_eq!(asked.silent_to(Interval::OneMinute, at(100 * 60), 0), None);
        let never = |looks: u32| Heard::default().silent_to(Interval::OneMinute, at(0), looks);
        assert_eq!([never(1), never(2), never(3)], [None, None, Some(at(-600))], "there was never a candle");
        assert!(SERIES_LOOK_EVERY.get() % 60_000 == 0 && SERIES_DUE_FOR > Millis::seconds(120));
    }
}
