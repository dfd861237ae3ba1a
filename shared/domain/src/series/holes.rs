//! Candles that are missing between others.

use crate::clock::Timestamp;
use crate::limits::SILENT_AFTER;
use crate::market::{CandleSpan, Interval};

/// A time without candles within a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// When the first one opens that is missing.
    pub first: Timestamp,
    /// When the last one closes.
    pub end: Timestamp,
}

/// What is missing of a span: when those open that are there, oldest first.
pub fn holes(span: &CandleSpan, there: impl IntoIterator<Item = Timestamp>) -> Vec<Hole> {
    let (mut holes, mut next) = (Vec::new(), span.first());
    let within = there.into_iter().filter(|at| span.first() <= *at && *at < span.end());
    for opens_at in within.chain([span.end()]) {
        if opens_at > next {
            holes.push(Hole { first: next, end: opens_at });
        }
        next = next.max(opens_at.plus(span.interval().length()));
    }
    holes
}

/// Up to when a span needs no more asking, once its venue was asked for its holes again and these are left: what closed a while ago
/// and was left out again has never been. What is younger may still come.
pub fn settled(span: &CandleSpan, left: &[Hole], now: Timestamp) -> Timestamp {
    let young_from = span.interval().opening(now.minus(SILENT_AFTER));
    let young = left.iter().find(|hole| hole.end > young_from);
    young.map_or(span.end(), |hole| hole.first.max(young_from).min(span.end()))
}

impl Hole {
    /// It as a span.
    pub fn span(&self, interval: Interval) -> CandleSpan {
        CandleSpan::between(interval, self.first, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: i64 = 1_699_999_800_000;

    fn minute(number: i64) -> Timestamp {
        Timestamp::from_millis(FIRST + number * 60_000)
    }

    fn span() -> CandleSpan {
        CandleSpan::between(Interval::OneMinute, minute(0), minute(6))
    }

    fn missing(there: &[i64]) -> Vec<(i64, i64)> {
        let number = |at: Timestamp| (at.millis() - FIRST) / 60_000;
        let holes = holes(&span(), there.iter().copied().map(minute));
        holes.into_iter().map(|hole| (number(hole.first), number(hole.end))).collect()
    }

    #[test]
    fn what_is_not_there_is_a_hole_at_the_beginning_between_and_at_the_end() {
        assert_eq!(missing(&[0, 1, 2, 3, 4, 5]), []);
        assert_eq!(missing(&[]), [(0, 6)]);
        assert_eq!(missing(&[2, 3]), [(0, 2), (4, 6)]);
        assert_eq!(missing(&[0, 3, 5]), [(1, 3), (4, 5)]);
        assert_eq!(missing(&[-3, 0, 1, 2, 3, 4, 5, 9]), []);
    }

    #[test]
    fn what_is_left_out_again_a_while_after_its_end_has_never_been() {
        let left = |from: i64, end: i64| Hole { first: minute(from), end: minute(end) };
        let check = |holes: &[Hole], now: i64, expected: i64| {
            assert_eq!(settled(&span(), holes, minute(now)), minute(expected), "{holes:?} {now}");
        };
        check(&[], 6, 6);
        check(&[left(1, 2)], 6, 1);
        check(&[left(1, 2)], 16, 1);
        check(&[left(1, 2)], 17, 6);
        check(&[left(1, 2), left(4, 5)], 18, 4);
        check(&[left(1, 5)], 18, 3);
    }
}
