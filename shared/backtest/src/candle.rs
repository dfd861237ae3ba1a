//! Bars with their times.

use strategies::Bar;

/// A day in milliseconds.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// A bar and the moment at which it began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candle {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub time_ms: i64,
    pub bar: Bar,
}

impl Candle {
    /// The day in UTC, counted from 1970-01-01.
    pub(crate) fn day(&self) -> i64 {
        self.time_ms.div_euclid(DAY_MS)
    }
}
