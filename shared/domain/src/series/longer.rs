//! Candles that a venue does not tell, made of shorter ones that are kept.

use super::{Hole, holes};
use crate::clock::Timestamp;
use crate::market::{BadCandles, Bar, Candle, CandleSpan, Interval};

/// The candles of a span as shorter ones make them, oldest first: those alone of whose time everything is known that there is. Of shorter
/// ones nothing is known before the first, which is the first of these where they have not `begun` before, and all that is `settled`.
///
/// # Errors
/// Where their volume has more digits than can be kept.
pub fn aggregate(
    span: &CandleSpan,
    shorter: Interval,
    parts: &[Candle],
    settled: Settled,
    begun: Option<Timestamp>,
) -> Result<Vec<Candle>, BadCandles> {
    let opens = |candle: &Candle| candle.bar.opens_at;
    let inside: Vec<Candle> = parts.iter().filter(|part| span.first() <= opens(part)).copied().collect();
    let joined = Candle::joined(span.interval(), &inside, span.end())?;
    let begun = [begun, inside.first().map(opens)].into_iter().flatten().min();
    let is_whole = |candle: &Candle| {
        let Bar { opens_at, closes_at, .. } = candle.bar;
        begun.is_some_and(|begun| begun <= opens_at)
            && known_to(opens_at, closes_at, shorter, &inside, settled) >= closes_at
    };
    Ok(joined.into_iter().filter(|candle| candle.bar.closes_at <= span.end() && is_whole(candle)).collect())
}

/// Of which time of a series it is known whether there is a candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settled {
    /// Of all before.
    pub to: Option<Timestamp>,
    /// But for what is in this part of it.
    pub but: Option<(Timestamp, Timestamp)>,
}

impl Settled {
    /// When the first part begins of a time without candles of which it is not known.
    pub fn open_in(&self, hole: &Hole) -> Option<Timestamp> {
        let behind = self.to.map_or(hole.first, |to| to.max(hole.first));
        let within = self.but.map(|(from, to)| (from.max(hole.first), to.min(hole.end)));
        let parts = [Some((behind, hole.end)), within];
        parts.into_iter().flatten().filter(|(from, to)| from < to).map(|(from, _)| from).min()
    }
}

/// Up to when it is known of a time which of its shorter candles there are: up to the first that is missing and not settled.
pub fn known_to(from: Timestamp, to: Timestamp, shorter: Interval, parts: &[Candle], settled: Settled) -> Timestamp {
    let missing = holes(&CandleSpan::between(shorter, from, to), parts.iter().map(|part| part.bar.opens_at));
    missing.iter().find_map(|hole| settled.open_in(hole)).unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: i64 = 1_699_999_200_000;

    fn minute(number: i64) -> Timestamp {
        Timestamp::from_millis(FIRST + number * 60_000)
    }

    fn candle(number: i64, price: &str) -> Candle {
        let price = price.parse().unwrap();
        let (opens_at, closes_at) = (minute(number), minute(number + 1));
        let bar = Bar { opens_at, closes_at, open: price, high: price, low: price, close: price };
        Candle { bar, volume: "2".parse().unwrap(), is_closed: true }
    }

    fn made(numbers: &[i64], settled_to: Option<i64>) -> Vec<(i64, String, String)> {
        made_since(numbers, settled_to, None)
    }

    fn made_since(numbers: &[i64], settled_to: Option<i64>, begun: Option<i64>) -> Vec<(i64, String, String)> {
        let parts: Vec<_> = numbers.iter().map(|number| candle(*number, &(number + 10).to_string())).collect();
        let span = CandleSpan::between(Interval::FiveMinutes, minute(0), minute(10));
        let settled = Settled { to: settled_to.map(minute), but: None };
        let made = aggregate(&span, Interval::OneMinute, &parts, settled, begun.map(minute)).unwrap();
        assert!(made.iter().all(|candle| candle.is_closed));
        let opens = |candle: &Candle| (candle.bar.opens_at.millis() - FIRST) / 60_000;
        made.iter().map(|one| (opens(one), one.bar.close.to_string(), one.volume.to_string())).collect()
    }

    #[test]
    fn what_is_brought_later_is_open_by_itself() {
        let hole = |first: i64, end: i64| Hole { first: minute(first), end: minute(end) };
        let open = |settled: Settled, of: Hole| settled.open_in(&of).map(|at| (at.millis() - FIRST) / 60_000);
        let some = Settled { to: Some(minute(10)), but: Some((minute(2), minute(4))) };
        assert_eq!([open(some, hole(0, 2)), open(some, hole(4, 10))], [None; 2]);
        assert_eq!([open(some, hole(0, 3)), open(some, hole(3, 9))], [Some(2), Some(3)]);
        assert_eq!([open(some, hole(9, 12)), open(some, hole(12, 14))], [Some(10), Some(12)]);
        assert_eq!(open(Settled::default(), hole(1, 2)), Some(1), "nothing is known yet");
    }

    #[test]
    fn a_longer_candle_is_made_of_all_its_parts_or_not_at_all() {
        let one = |at: i64, close: &str, volume: &str| (at, close.to_owned(), volume.to_owned());
        assert_eq!(made(&[0, 1, 2, 3, 4], None), [one(0, "14", "10")]);
        assert_eq!(made(&[0, 1, 3, 4, 5, 6, 7, 8, 9], None), [one(5, "19", "10")]);
        assert_eq!(made(&[0, 1, 3, 4, 5, 6], Some(5)), [one(0, "14", "8")], "of the third nobody has traded");
        assert_eq!(made(&[0, 1, 3, 4], Some(3)), [one(0, "14", "8")], "all is there behind what is settled");
        assert_eq!(made(&[0, 1, 3], Some(3)), []);
        assert_eq!(made(&[2, 3, 4, 5, 6], Some(10)), [one(5, "16", "4")], "before the third nothing is known");
        let both = [one(0, "14", "6"), one(5, "16", "4")];
        assert_eq!(made_since(&[2, 3, 4, 5, 6], Some(10), Some(-9)), both, "nobody traded in the first two");
        assert_eq!(made_since(&[2, 3, 4], None, Some(-9)), []);
        assert_eq!(made(&[-1, 0, 1, 2, 3], None), []);
        assert_eq!(made(&[], Some(10)), []);
    }
}
