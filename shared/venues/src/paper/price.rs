//! Price points: the only moments at which the paper venue's prices change.

use domain::clock::Timestamp;
use domain::market::{Bar, MarketKey};
use domain::money::Price;

/// A market's price from `at` until its next point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) at: Timestamp,
    pub(super) market: MarketKey,
    pub(super) price: Price,
}

/// The path through the bars of one market, oldest point first.
pub(super) fn points(market: &MarketKey, bars: &[Bar]) -> impl Iterator<Item = Point> {
    bars.iter().flat_map(Bar::path).map(|(at, price)| Point { at, market: market.clone(), price })
}

/// The last point at or before `now`.
pub(super) fn current(market: &MarketKey, bars: &[Bar], now: Timestamp) -> Option<Point> {
    points(market, bars).filter(|point| point.at <= now).last()
}
