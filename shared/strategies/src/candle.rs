use indicators::Bar;

/// A bar and the moment at which it began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candle {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub time_ms: i64,
    pub bar: Bar,
}
