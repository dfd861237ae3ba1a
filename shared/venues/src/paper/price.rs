//! Price points: the only moments at which the paper venue's prices change.

use domain::clock::Timestamp;
use domain::market::{Bar, MarketKey};
use domain::money::Price;
use std::collections::BTreeMap;

/// A market's price from `at` until its next point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) at: Timestamp,
    pub(super) market: MarketKey,
    pub(super) price: Price,
}

/// The bars of all markets that a look needs.
#[derive(Debug, Default)]
pub(super) struct Tape(BTreeMap<MarketKey, Vec<Bar>>);

impl Tape {
    pub(super) fn add(&mut self, market: &MarketKey, bars: Vec<Bar>) {
        self.0.insert(market.clone(), bars);
    }

    /// The paths through all bars, in the order of time; points of one moment in that of their markets.
    pub(super) fn points(&self) -> Vec<Point> {
        let path = |(market, bars): (&MarketKey, &Vec<Bar>)| points(market, bars).collect::<Vec<_>>();
        let mut points: Vec<Point> = self.0.iter().flat_map(path).collect();
        points.sort_by_key(|point| point.at);
        points
    }

    /// The price in force at a moment: the last point of the bar that it falls into.
    pub(super) fn at(&self, market: &MarketKey, at: Timestamp) -> Option<Point> {
        points(market, self.bar(market, at)).filter(|point| point.at <= at).last()
    }

    /// Whether a price of the bar around `at` is one of those, looking at what comes later in it too.
    pub(super) fn meets(&self, market: &MarketKey, at: Timestamp, is_one: impl Fn(&Point) -> bool) -> bool {
        points(market, self.bar(market, at)).any(|point| is_one(&point))
    }

    fn bar(&self, market: &MarketKey, at: Timestamp) -> &[Bar] {
        let bars = self.0.get(market).map(Vec::as_slice).unwrap_or_default();
        let inside = bars.iter().position(|bar| bar.opens_at <= at && at < bar.closes_at);
        inside.and_then(|number| bars.get(number..=number)).unwrap_or_default()
    }
}

/// The path through the bars of one market, oldest point first.
fn points(market: &MarketKey, bars: &[Bar]) -> impl Iterator<Item = Point> {
    bars.iter().flat_map(Bar::path).map(|(at, price)| Point { at, market: market.clone(), price })
}
