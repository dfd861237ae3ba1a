//! Looks at holes: how often one must be left out before it is believed that nobody traded.

use super::{Hole, settled};
use crate::clock::Timestamp;
use crate::limits::LOOKS_AT_A_HOLE;
use crate::market::CandleSpan;

/// How often holes were asked for again, and left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looks {
    pub count: u32,
    /// Up to where all of these looks went: what is behind was looked at less often.
    pub to: Option<Timestamp>,
}

impl Looks {
    /// Up to when a series is settled once these holes of a span were left out again, and how often what is behind was looked at. What was
    /// left out often enough and closed a while ago has never been; a hole that came later is counted from its own first look.
    pub fn after(self, answered: &CandleSpan, left: &[Hole], now: Timestamp) -> (Timestamp, Self) {
        let end = answered.end();
        let Some(first) = left.first() else { return (end, Self::default()) };
        // None of those is left that were looked at: the count begins anew.
        let looked_to = self.to.filter(|to| first.first < *to);
        let count = looked_to.map_or(1, |_| self.count.saturating_add(1));
        let to = looked_to.map_or(end, |to| to.min(end));
        if count < LOOKS_AT_A_HOLE {
            return (first.first, Self { count, to: Some(to) });
        }
        let settled_to = settled(&CandleSpan::between(answered.interval(), answered.first(), to), left, now);
        if settled_to < to {
            return (settled_to, Self { count, to: Some(to) });
        }
        let behind = left.iter().find(|hole| hole.end > to);
        behind.map_or((end, Self::default()), |hole| (hole.first.max(to), Self { count: 1, to: Some(end) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Interval;

    const FIRST: i64 = 1_699_999_800_000;

    fn minute(number: i64) -> Timestamp {
        Timestamp::from_millis(FIRST + number * 60_000)
    }

    /// The minute when it is made, the one up to which it goes, and what is missing then.
    type Look<'a> = (i64, i64, &'a [(i64, i64)]);

    /// What is remembered after each look.
    fn after(looks: &[Look<'_>]) -> Vec<(i64, u32)> {
        let (mut settled_to, mut remembered) = (minute(0), Looks::default());
        let one = |(now, end, missing): &Look<'_>| {
            let span = CandleSpan::between(Interval::OneMinute, settled_to, minute(*end));
            let hole = |(first, end): &(i64, i64)| Hole { first: minute(*first).max(settled_to), end: minute(*end) };
            let left: Vec<_> = missing.iter().map(hole).filter(|hole| hole.first < hole.end).collect();
            (settled_to, remembered) = remembered.after(&span, &left, minute(*now));
            ((settled_to.millis() - FIRST) / 60_000, remembered.count)
        };
        looks.iter().map(one).collect()
    }

    #[test]
    fn a_hole_is_believed_after_three_looks_and_a_while() {
        assert_eq!(after(&[(5, 5, &[])]), [(5, 0)]);
        let silent: &[(i64, i64)] = &[(1, 2)];
        assert_eq!(after(&[(30, 30, silent), (35, 35, silent), (40, 40, silent)]), [(1, 1), (1, 2), (40, 0)]);
        let young = [(2, 2, silent), (7, 7, silent), (12, 12, silent), (17, 17, silent)];
        assert_eq!(after(&young), [(1, 1), (1, 2), (1, 3), (17, 0)]);
        assert_eq!(after(&[(30, 30, silent), (35, 35, &[])]), [(1, 1), (35, 0)], "it came after all");
    }

    #[test]
    fn a_hole_that_came_later_has_looks_of_its_own() {
        let (silent, both): (&[_], &[_]) = (&[(1, 2)], &[(1, 2), (30, 60)]);
        let looks = [(30, 30, silent), (35, 30, silent), (90, 65, both), (95, 65, both), (100, 70, both)];
        assert_eq!(after(&looks), [(1, 1), (1, 2), (30, 1), (30, 2), (70, 0)]);
        let wider: &[_] = &[(1, 2), (28, 60)];
        let looks = [(35, 30, &[(1, 2), (28, 30)][..]), (40, 30, &[(1, 2), (28, 30)]), (90, 65, wider)];
        assert_eq!(after(&looks), [(1, 1), (1, 2), (30, 1)], "it goes on behind what was looked at");
        let gone = [(30, 30, silent), (35, 35, silent), (90, 90, &[(50, 51)][..])];
        assert_eq!(after(&gone), [(1, 1), (1, 2), (50, 1)], "the first one came, and another is missing");
    }
}
