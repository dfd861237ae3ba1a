//! The days of candles.

use strategies::Candle;

/// A day in milliseconds.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// The day of a candle in UTC, counted from 1970-01-01.
pub(crate) fn day(candle: &Candle) -> i64 {
    candle.time_ms.div_euclid(DAY_MS)
}
