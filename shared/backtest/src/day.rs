//! The days of candles.

/// A day in milliseconds.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// The day in UTC, counted from 1970-01-01.
pub(crate) fn day(time_ms: i64) -> i64 {
    time_ms.div_euclid(DAY_MS)
}
