//! Candles that a file lacks, by the distance that most of its candles have from each other.

use crate::table::time;
use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use domain::clock::Timestamp;
use serde::Serialize;
use std::collections::HashMap;
use wire::view;

/// Places that are named to people.
const SHOWN: usize = 3;
const DAY_MS: i64 = 86_400_000;
/// Days from 1970-01-01, a Thursday, to the first Saturday.
const FIRST_SATURDAY: i64 = 2;

/// What a file lacks.
#[derive(Debug, Default)]
pub(crate) struct Holes(Vec<Hole>);

/// Candles that are missing in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Hole {
    /// When the candle behind them opens.
    before_ms: i64,
    /// How many they are.
    candles: i64,
    /// How long each is.
    candle_ms: i64,
}

/// What is told to programs, and beside it what is missing where anything is.
#[derive(Debug, Serialize)]
pub(crate) struct Beside<T> {
    #[serde(flatten)]
    told: T,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Hole>,
}

impl Holes {
    /// Between candles that open then, oldest first. A market that is closed on Saturdays lacks nothing there.
    pub(crate) fn between(times_ms: &[i64]) -> Self {
        let pairs = || times_ms.iter().zip(times_ms.iter().skip(1));
        let Some(candle_ms) = usual(pairs().map(|(one, next)| next - one)) else { return Self::default() };
        let closes = closes_on_saturdays(times_ms);
        let hole = |(one, next): (&i64, &i64)| {
            let candles = (next - one + candle_ms / 2) / candle_ms - 1;
            let is_one = candles > 0 && !(closes && is_weekend(*one, *next));
            is_one.then_some(Hole { before_ms: *next, candles, candle_ms })
        };
        Self(pairs().filter_map(hole).collect())
    }

    pub(crate) fn beside<T>(&self, told: T) -> Beside<T> {
        Beside { told, missing: self.0.clone() }
    }

    /// Says so on standard error, in one line.
    pub(crate) fn warn(&self) {
        if let Some(text) = self.text() {
            let yellow = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
            eprintln!("{yellow}warning:{yellow:#} {text}");
        }
    }

    fn text(&self) -> Option<String> {
        let place = |hole: &Hole| {
            let at = time(view::time(Timestamp::from_millis(hole.before_ms)));
            format!("before {} ({at})", hole.before_ms)
        };
        let first = self.0.first()?;
        let (all, each) = (self.0.iter().map(|hole| hole.candles).sum::<i64>(), length(first.candle_ms));
        let are = if all == 1 { format!("1 candle of {each} is") } else { format!("{all} candles of {each} are") };
        if self.0.len() == 1 {
            return Some(format!("{are} missing {}", place(first)));
        }
        let counted = |hole: &Hole| format!("{} {}", hole.candles, place(hole));
        let places: Vec<String> = self.0.iter().take(SHOWN).map(counted).collect();
        let more = if self.0.len() > SHOWN { ", …" } else { "" };
        Some(format!("{are} missing in {} places: {}{more}", self.0.len(), places.join(", ")))
    }
}

/// The distance that there is most often; of several the shortest.
fn usual(apart: impl Iterator<Item = i64>) -> Option<i64> {
    let mut counts = HashMap::<i64, usize>::new();
    apart.for_each(|apart| *counts.entry(apart).or_default() += 1);
    counts.into_iter().max_by_key(|(apart, count)| (*count, -apart)).map(|(apart, _)| apart)
}

/// The first Saturday that begins then or later, in days since 1970.
fn saturday(from_ms: i64) -> i64 {
    let day = (from_ms + DAY_MS - 1).div_euclid(DAY_MS);
    day + (FIRST_SATURDAY - day).rem_euclid(7)
}

/// Whether there are two Saturdays between the first candle and the last, and no candle opens on one.
fn closes_on_saturdays(times_ms: &[i64]) -> bool {
    let (Some(first), Some(last)) = (times_ms.first(), times_ms.last()) else { return false };
    let is_of_one = |time: &i64| (time.div_euclid(DAY_MS) - FIRST_SATURDAY).rem_euclid(7) == 0;
    (saturday(*first) + 8) * DAY_MS <= *last && !times_ms.iter().any(is_of_one)
}

/// Whether a Saturday is between both, and they are no further apart than a weekend with a holiday.
fn is_weekend(one: i64, next: i64) -> bool {
    (saturday(one) + 1) * DAY_MS <= next && next - one <= 4 * DAY_MS
}

/// `15m`, as timeframes are named.
fn length(span_ms: i64) -> String {
    let units = [(DAY_MS, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, " ms")];
    let whole = units.iter().find(|(unit, _)| span_ms % unit == 0);
    whole.map_or_else(|| span_ms.to_string(), |(unit, name)| format!("{}{name}", span_ms / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn text(hours: impl IntoIterator<Item = i64>) -> Option<String> {
        // From a Saturday's midnight on.
        let times: Vec<i64> = hours.into_iter().map(|hour| 1_498_867_200_000 + hour * HOUR).collect();
        Holes::between(&times).text()
    }

    #[test]
    fn what_is_missing_is_told_with_its_place() {
        assert_eq!(text([]), None);
        assert_eq!(text([0]), None);
        assert_eq!(text(0..500), None);
        assert_eq!(
            text((0..9).chain(10..20)).unwrap(),
            "1 candle of 1h is missing before 1498903200000 (2017-07-01 10:00:00)"
        );
        assert_eq!(
            text((0..5).chain(7..9).chain(30..40)).unwrap(),
            "23 candles of 1h are missing in 2 places: 2 before 1498892400000 (2017-07-01 07:00:00), 21 before 1498975200000 (2017-07-02 06:00:00)"
        );
        let often = text((0..100).filter(|hour| hour % 10 > 0)).unwrap();
        assert!(
            often.starts_with("9 candles of 1h are missing in 9 places: 1 before ") && often.ends_with(", …"),
            "{often}"
        );
    }

    #[test]
    fn months_are_not_all_as_long() {
        let months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let begins = |without: usize| {
            let all = months.iter().scan(0, |at, days| Some(std::mem::replace(at, *at + days * 24)));
            all.enumerate().filter(move |(month, _)| *month != without).map(|(_, at)| at)
        };
        assert_eq!(text(begins(99)), None);
        assert!(text(begins(4)).unwrap().starts_with("1 candle of 31d is missing before "));
    }

    #[test]
    fn a_market_that_is_closed_on_saturdays_lacks_nothing_there() {
        let weeks = || (0..4 * 7 * 24).filter(|hour| (46..166).contains(&(hour % 168)));
        assert_eq!(text(weeks()), None);
        let days = || (0..28).filter(|day| day % 7 > 1).map(|day| day * 24);
        assert_eq!(text(days()), None);
        assert!(text(days().filter(|hour| *hour != 10 * 24)).unwrap().starts_with("1 candle of 1d is missing before "));
        assert!(text(weeks().filter(|hour| *hour != 200 + 46)).is_some());
        // A day without candles is one where there are Saturdays with some, or too few to know.
        assert!(text((0..336).filter(|hour| !(168..192).contains(hour))).is_some());
        assert!(text((24..300).filter(|hour| !(168..192).contains(hour))).is_some());
    }
}
