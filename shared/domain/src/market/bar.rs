//! Bars of a price series, and the path that a price is taken to have gone inside one.

use crate::clock::Timestamp;
use crate::money::Price;

/// One bar: a market's prices from `opens_at` (included) to `closes_at` (excluded).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    pub open: Price,
    pub high: Price,
    pub low: Price,
    pub close: Price,
}

impl Bar {
    /// Open, low, high, close when the bar rises, else open, high, low, close; a quarter of the bar each.
    pub fn path(&self) -> [(Timestamp, Price); 4] {
        let rises = self.close >= self.open;
        let (second, third) = if rises { (self.low, self.high) } else { (self.high, self.low) };
        let span = self.closes_at.since(self.opens_at).get();
        let at = |quarter: i64| {
            Timestamp::from_millis(self.opens_at.millis().saturating_add(span.saturating_mul(quarter) / 4))
        };
        [(at(0), self.open), (at(1), second), (at(2), third), (at(3), self.close)]
    }
}
