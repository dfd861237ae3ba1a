//! The time that candles are asked for.
//!
//! It is counted in candles, and has them all or not: where nobody traded there may be none, and that stays a gap. So the next page
//! of a series begins where this one ends, however many candles it had.

use super::{BadCandles, Candle, Interval, Told};
use crate::clock::{Millis, Timestamp};

/// So many candles in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CandleSpan {
    interval: Interval,
    first: Timestamp,
    count: u32,
}

impl CandleSpan {
    /// From the first candle that opens at `since` or later; where that is not said, up to the one that is open `now`. None of it is
    /// in the future.
    pub fn asked(interval: Interval, since: Option<Timestamp>, limit: u32, now: Timestamp) -> Self {
        let open = interval.opening(now);
        let newest = || open.minus(interval.times(limit.saturating_sub(1)));
        let next = |since: Timestamp| interval.opening(since.plus(interval.length()).minus(Millis::new(1)));
        let first = since.map_or_else(newest, next);
        let begun = open.plus(interval.length()).since(first).get().div_euclid(interval.length().get());
        Self { interval, first, count: u32::try_from(begun.max(0)).map_or(limit, |begun| begun.min(limit)) }
    }

    /// Every candle that opens at `first` or later and closes at `end` at the latest.
    pub fn between(interval: Interval, first: Timestamp, end: Timestamp) -> Self {
        let first = interval.opening(first.plus(interval.length()).minus(Millis::new(1)));
        let count = end.since(first).get().max(0).div_euclid(interval.length().get());
        Self { interval, first, count: u32::try_from(count).unwrap_or(u32::MAX) }
    }

    /// The one candle in which `at` is.
    pub fn around(interval: Interval, at: Timestamp) -> Self {
        Self { interval, first: interval.opening(at), count: 1 }
    }

    /// The same time in candles of another length, which this one's are made of.
    #[must_use]
    pub fn in_shorter(&self, interval: Interval) -> Self {
        let each = self.interval.minutes().div_euclid(interval.minutes());
        Self { interval, count: self.count.saturating_mul(u32::try_from(each).unwrap_or(1)), ..*self }
    }

    /// Its candles, made of those that were told of it [`Self::in_shorter`]: where these are as long, they themselves.
    ///
    /// # Errors
    /// Where their volume has more digits than can be kept.
    pub fn of_shorter(&self, told: Vec<Candle>, until: Timestamp) -> Result<Vec<Candle>, BadCandles> {
        let is_one = |candle: &Candle| candle.bar.closes_at.since(candle.bar.opens_at) == self.interval.length();
        if told.iter().all(is_one) { Ok(told) } else { Candle::joined(self.interval, &told, until) }
    }

    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// When its first candle opens.
    pub fn first(&self) -> Timestamp {
        self.first
    }

    /// When its last candle closes, which is not of it any more.
    pub fn end(&self) -> Timestamp {
        self.first.plus(self.interval.times(self.count))
    }

    /// How many candles it has at the most.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// When each of its candles opens, oldest first.
    pub fn opens(self) -> impl Iterator<Item = Timestamp> {
        (0..self.count).map(move |number| self.first.plus(self.interval.times(number)))
    }

    /// The same in parts of at most so many candles, oldest first.
    pub fn pages(self, most: u32) -> impl Iterator<Item = Self> {
        let most = most.max(1);
        (0..self.count.div_ceil(most)).map(move |page| {
            let before = page.saturating_mul(most);
            let first = self.first.plus(self.interval.times(before));
            Self { first, count: self.count.saturating_sub(before).min(most), ..self }
        })
    }

    /// Its candles among those that were told `until` then, oldest first: a venue may tell of more time than was asked for. One that cannot
    /// be, or is off the clock, is left out: it stays a gap, as where nobody traded, and is asked for again as one.
    ///
    /// # Errors
    /// Where they do not stand in their order, more of several are left out than can be, or all of them are later than what was asked for:
    /// then nothing is known of the span either.
    pub fn read(
        &self,
        told: impl IntoIterator<Item = impl Into<Told>>,
        until: Timestamp,
    ) -> Result<Vec<Candle>, BadCandles> {
        let (mut candles, mut last): (Vec<Candle>, Option<Timestamp>) = (Vec::new(), None);
        let (mut sound, mut left_out): (usize, Vec<BadCandles>) = (0, Vec::new());
        for told in told {
            let (opens_at, candle) = match told.into() {
                Told::Candle(told) => (told.opens_at, Candle::of(self.interval, &told, until)),
                Told::None(opens_at) => (opens_at, None),
            };
            self.follows(last, opens_at)?;
            last = Some(opens_at);
            match self.sound(opens_at, candle) {
                Ok(candle) => {
                    sound = sound.saturating_add(1);
                    candles.extend(Some(candle).filter(|_| self.first <= opens_at && opens_at < self.end()));
                }
                Err(bad) => left_out.push(bad),
            }
        }
        match left_out.as_slice() {
            [first, _, ..] if left_out.len() > sound => Err(first.clone()),
            _ => Ok(candles),
        }
    }

    fn sound(&self, opens_at: Timestamp, candle: Option<Candle>) -> Result<Candle, BadCandles> {
        let interval = self.interval;
        if interval.opening(opens_at) != opens_at {
            return Err(BadCandles::OffTheClock { interval, at: opens_at });
        }
        candle.ok_or(BadCandles::Impossible(opens_at))
    }

    /// Whether a candle that opens then may stand behind the last one.
    fn follows(&self, last: Option<Timestamp>, opens_at: Timestamp) -> Result<(), BadCandles> {
        match last {
            None if opens_at > self.end() => Err(BadCandles::Later(opens_at)),
            Some(last) if opens_at <= last => Err(BadCandles::Order(opens_at)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{Bar, ToldCandle};
    use crate::money::{Price, Quantity};

    /// 22:13:20 on a day in November.
    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
    /// 22:13:00 on that day.
    const OPEN: i64 = 1_699_999_980_000;
    const MINUTE: i64 = 60_000;

    fn minute(number: i64) -> Timestamp {
        Timestamp::from_millis(OPEN + number * MINUTE)
    }

    fn told(number: i64, prices: [&str; 4]) -> ToldCandle {
        let prices = prices.map(|price| price.parse::<Price>().unwrap());
        ToldCandle { opens_at: minute(number), prices, volume: "1.5".parse().unwrap() }
    }

    fn plain(number: i64) -> ToldCandle {
        told(number, ["2", "4", "1", "3"])
    }

    /// The three minutes up to the one that is open now.
    fn span() -> CandleSpan {
        CandleSpan::asked(Interval::OneMinute, None, 3, NOW)
    }

    fn read(told: &[ToldCandle]) -> Result<Vec<(i64, bool)>, BadCandles> {
        let candles = span().read(told.iter().copied(), NOW)?;
        Ok(candles.iter().map(|one| ((one.bar.opens_at.millis() - OPEN) / MINUTE, one.is_closed)).collect())
    }

    #[test]
    fn a_span_is_counted_in_candles_and_never_in_the_future() {
        let check = |since: Option<i64>, limit: u32, first: i64, count: u32| {
            let span =
                CandleSpan::asked(Interval::OneMinute, since.map(|ms| Timestamp::from_millis(OPEN + ms)), limit, NOW);
            assert_eq!((span.first(), span.count()), (minute(first), count), "{since:?} {limit}");
            assert_eq!(span.end(), minute(first + i64::from(count)));
            assert_eq!(span.opens().count(), usize::try_from(count).unwrap());
        };
        check(None, 1, 0, 1);
        check(None, 100, -99, 100);
        check(Some(-5 * MINUTE), 3, -5, 3);
        check(Some(-5 * MINUTE), 100, -5, 6);
        check(Some(-5 * MINUTE + 1), 100, -4, 5);
        check(Some(-MINUTE + 1), 100, 0, 1);
        check(Some(1), 100, 1, 0);
        check(Some(90 * MINUTE), 100, 90, 0);
    }

    #[test]
    fn between_two_times_are_the_candles_that_are_wholly_there() {
        let check = |from: i64, to: i64, first: i64, count: u32| {
            let at = |ms: i64| Timestamp::from_millis(OPEN + ms);
            let span = CandleSpan::between(Interval::OneMinute, at(from), at(to));
            assert_eq!((span.first(), span.count()), (minute(first), count), "{from} {to}");
        };
        check(0, 2 * MINUTE, 0, 2);
        check(1, 3 * MINUTE, 1, 2);
        check(0, 3 * MINUTE - 1, 0, 2);
        check(0, 0, 0, 0);
        check(9 * MINUTE, 0, 9, 0);
    }

    #[test]
    fn candles_open_on_the_clock() {
        let opening = |interval: Interval| (NOW.millis() - interval.opening(NOW).millis()) / 1_000;
        use Interval::{
            FifteenMinutes, FiveMinutes, FortyFiveMinutes, FourHours, OneDay, OneHour, OneMinute, ThreeHours,
        };
        let some = [OneMinute, FiveMinutes, FifteenMinutes, FortyFiveMinutes, OneHour, ThreeHours, FourHours, OneDay];
        assert_eq!(some.map(opening), [20, 200, 800, 1_700, 800, 4_400, 8_000, 80_000]);
        for interval in Interval::ALL {
            assert_eq!(interval.length(), Millis::seconds(interval.minutes() * 60));
            assert_eq!(OneDay.opening(NOW), interval.opening(OneDay.opening(NOW)), "{interval}");
        }
    }

    #[test]
    fn pages_follow_each_other_without_a_gap() {
        let all = CandleSpan::asked(Interval::FourHours, None, 7, NOW).in_shorter(Interval::OneHour);
        assert_eq!((all.count(), all.first()), (28, Interval::FourHours.opening(NOW).minus(Millis::seconds(86_400))));
        let pages: Vec<CandleSpan> = all.pages(10).collect();
        assert_eq!(pages.iter().map(CandleSpan::count).collect::<Vec<_>>(), [10, 10, 8]);
        assert!(pages.windows(2).all(|pair| pair[0].end() == pair[1].first()));
        assert_eq!((pages[0].first(), pages[2].end()), (all.first(), all.end()));
        assert_eq!(CandleSpan::asked(Interval::OneDay, Some(NOW), 9, NOW).pages(10).count(), 0);
    }

    #[test]
    fn the_candle_that_is_open_is_marked() {
        assert_eq!(read(&[plain(-2), plain(-1), plain(0)]), Ok(vec![(-2, true), (-1, true), (0, false)]));
        let one = CandleSpan::around(Interval::OneMinute, NOW);
        let closed = |until| one.read([plain(0)], Timestamp::from_millis(until)).unwrap()[0].is_closed;
        assert!(!closed(OPEN + MINUTE - 1) && closed(OPEN + MINUTE));
    }

    #[test]
    fn a_gap_stays_a_gap_and_what_nobody_asked_for_is_left_out() {
        assert_eq!(read(&[plain(-2), plain(0)]), Ok(vec![(-2, true), (0, false)]));
        assert_eq!(read(&[plain(-9), plain(-3), plain(-1), plain(1)]), Ok(vec![(-1, true)]));
        assert_eq!(read(&[plain(-9)]), Ok(Vec::new()));
        assert_eq!(read(&[plain(1)]), Ok(Vec::new()));
        assert_eq!(read(&[]), Ok(Vec::new()));
    }

    #[test]
    fn candles_of_which_one_is_none_are_none() {
        assert_eq!(read(&[plain(-1), plain(-2)]), Err(BadCandles::Order(minute(-2))));
        assert_eq!(read(&[plain(-1), plain(-1)]), Err(BadCandles::Order(minute(-1))));
        assert_eq!(read(&[plain(2), plain(3)]), Err(BadCandles::Later(minute(2))));
        // Of five minutes where such of one were asked for: each stands where one of a minute would, and most of a minute do not.
        let fives = CandleSpan::asked(Interval::FiveMinutes, None, 3, NOW);
        assert!(matches!(fives.read([plain(-2), plain(-1)], NOW), Err(BadCandles::OffTheClock { .. })));
    }

    /// As in some of Binance's files (https://github.com/binance/binance-public-data/issues/14).
    #[test]
    fn one_that_is_off_the_clock_is_a_gap_and_the_others_are_believed() {
        let off = |number: i64, ms: i64| ToldCandle { opens_at: minute(number).plus(Millis::new(ms)), ..plain(number) };
        for ms in [1, 3_000, 59_999] {
            assert_eq!(read(&[plain(-2), off(-1, ms), plain(0)]), Ok(vec![(-2, true), (0, false)]), "{ms}");
            assert_eq!(read(&[off(-1, ms)]), Ok(Vec::new()), "asked for by itself");
            let first = BadCandles::OffTheClock { interval: Interval::OneMinute, at: off(-2, ms).opens_at };
            assert_eq!(read(&[off(-2, ms), off(-1, ms), plain(0)]), Err(first), "of another clock");
            let early = off(-2, ms);
            assert_eq!(read(&[plain(-1), early]), Err(BadCandles::Order(early.opens_at)), "its order counts");
        }
    }

    #[test]
    fn one_that_cannot_be_is_a_gap_and_where_most_cannot_be_none_is_believed() {
        for prices in [["2", "1", "1", "1"], ["2", "4", "3", "3"], ["2", "4", "1", "5"], ["2", "1", "4", "3"]] {
            let wrong = |number: i64| told(number, prices);
            assert_eq!(read(&[plain(-2), wrong(-1), plain(0)]), Ok(vec![(-2, true), (0, false)]), "{prices:?}");
            assert_eq!(read(&[wrong(-1)]), Ok(Vec::new()), "asked for by itself");
            assert_eq!(read(&[wrong(-2), wrong(-1), plain(0)]), Err(BadCandles::Impossible(minute(-2))), "{prices:?}");
            assert_eq!(read(&[wrong(-1), plain(-2)]), Err(BadCandles::Order(minute(-2))), "its order counts");
        }
        let told = [Told::from(plain(-2)), Told::None(minute(-1)), plain(0).into()];
        let opens = |candle: &Candle| candle.bar.opens_at;
        assert_eq!(span().read(told, NOW).unwrap().iter().map(opens).collect::<Vec<_>>(), [minute(-2), minute(0)]);
    }

    #[test]
    fn shorter_candles_make_a_longer_one_and_those_that_are_missing_change_nothing() {
        let hours = CandleSpan::asked(Interval::FourHours, None, 3, NOW).in_shorter(Interval::OneHour);
        let hour = |number: u32, prices: [&str; 4]| ToldCandle {
            opens_at: hours.first().plus(Interval::OneHour.times(number)),
            ..told(0, prices)
        };
        let told = [
            hour(0, ["10", "12", "9", "11"]),
            hour(2, ["11", "15", "11", "14"]),
            hour(3, ["14", "14", "8", "9"]),
            hour(9, ["9", "10", "9", "10"]),
        ];
        let candles = Candle::joined(Interval::FourHours, &hours.read(told, NOW).unwrap(), NOW).unwrap();
        let [first, open] = candles.as_slice() else { unreachable!("the four hours between have no trade") };
        let shown = [first.bar.open, first.bar.high, first.bar.low, first.bar.close].map(|price| price.to_string());
        assert_eq!((shown.join(" "), first.volume), ("10 15 8 9".to_owned(), "4.5".parse::<Quantity>().unwrap()));
        assert_eq!(
            (first.bar.opens_at, first.bar.closes_at),
            (hours.first(), hours.first().plus(Millis::seconds(14_400)))
        );
        assert!(first.is_closed && !open.is_closed);
        assert_eq!(open.bar.opens_at, hours.first().plus(Millis::seconds(28_800)), "it opens when such candles do");
    }

    #[test]
    fn of_a_price_that_stays_the_one_in_force_opens_the_candle() {
        let at = |seconds: i64, price: &str| (Timestamp::from_millis(OPEN + seconds * 1_000), price.parse().unwrap());
        let path = [at(-90, "7"), at(-30, "5"), at(10, "9"), at(20, "4"), at(30, "6"), at(60, "8")];
        let candle = |number: i64, until: i64| {
            let until = Timestamp::from_millis(OPEN + until * 1_000);
            let candle = Candle::of_path(Interval::OneMinute, minute(number), path, until)?;
            let Bar { open, high, low, close, .. } = candle.bar;
            Some(([open, high, low, close].map(|price| price.to_string()).join(" "), candle.is_closed))
        };
        assert_eq!(candle(0, 90), Some(("5 9 4 6".to_owned(), true)));
        assert_eq!(candle(0, 15), Some(("5 9 5 9".to_owned(), false)));
        assert_eq!(candle(-1, 90), Some(("7 7 5 5".to_owned(), true)));
        assert_eq!(candle(5, 999), Some(("8 8 8 8".to_owned(), true)));
        assert_eq!(candle(1, 59), None, "it has not begun");
        assert_eq!(candle(-2, 90), Some(("7 7 7 7".to_owned(), true)), "there was a price from its middle on");
        assert_eq!(candle(-3, 90), None);
    }
}
