//! How late candles come.

use super::KeptCandle;
use crate::clock::Millis;
use crate::limits::SILENT_AFTER;

/// How long after their end candles were kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// How many candles it says.
    pub candles: u32,
    pub median: Millis,
    /// Nineteen in twenty came no later.
    pub p95: Millis,
    pub max: Millis,
}

/// Of candles as they were fetched: what was caught up with long after its end says nothing of it. None where there are no others.
///
/// Percentiles are those of nearest rank: the smallest value that so many are not above.
pub fn freshness(kept: &[KeptCandle]) -> Option<Freshness> {
    let mut ages: Vec<_> = kept.iter().map(KeptCandle::age).filter(|age| *age < SILENT_AFTER).collect();
    ages.sort_unstable();
    let ranked = |percent: usize| ages.get(ages.len().saturating_mul(percent).div_ceil(100).saturating_sub(1)).copied();
    let candles = u32::try_from(ages.len()).unwrap_or(u32::MAX);
    Some(Freshness { candles, median: ranked(50)?, p95: ranked(95)?, max: ranked(100)? })
}

/// How many were kept later than that: after an outage, or since somebody asked for the past.
pub fn caught_up(kept: &[KeptCandle]) -> u32 {
    u32::try_from(kept.iter().filter(|kept| kept.age() >= SILENT_AFTER).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::market::{Bar, Candle};

    /// Kept so many seconds after its end.
    fn kept(after: i64) -> KeptCandle {
        let (opens_at, closes_at) = (Timestamp::from_millis(0), Timestamp::from_millis(60_000));
        let price = "1".parse().unwrap();
        let bar = Bar { opens_at, closes_at, open: price, high: price, low: price, close: price };
        let candle = Candle { bar, volume: "1".parse().unwrap(), is_closed: true };
        KeptCandle { candle, kept_at: closes_at.plus(Millis::seconds(after)) }
    }

    fn of(ages: impl IntoIterator<Item = i64>) -> Option<(u32, i64, i64, i64)> {
        let kept: Vec<_> = ages.into_iter().map(kept).collect();
        let seconds = |millis: Millis| millis.get() / 1_000;
        freshness(&kept).map(|of| (of.candles, seconds(of.median), seconds(of.p95), seconds(of.max)))
    }

    #[test]
    fn percentiles_are_of_nearest_rank() {
        assert_eq!(of([7]), Some((1, 7, 7, 7)));
        assert_eq!(of([9, 7]), Some((2, 7, 9, 9)));
        assert_eq!(of((1..=100).rev()), Some((100, 50, 95, 100)));
        assert_eq!(of((1..=20).chain([800])), Some((21, 11, 20, 800)));
    }

    #[test]
    fn what_was_caught_up_with_is_none_of_them() {
        assert_eq!(of([]), None);
        assert_eq!(of([900, 86_400]), None);
        assert_eq!(of([8, 900, 86_400]), Some((1, 8, 8, 8)));
        assert_eq!(of([-3]), Some((1, 0, 0, 0)), "clocks differ");
        assert_eq!(caught_up(&[kept(8), kept(899), kept(900), kept(86_400)]), 2, "they are counted by themselves");
    }
}
