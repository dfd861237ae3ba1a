//! Prices as a function of time: steps that a test sets, and bars made of them.

use super::{UNPRICED, World};
use crate::sim::Op;
use app::ports::{PricePath, ReadPrice, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, Candle, CandleSpan, MarketKey};
use domain::money::Price;
use std::collections::BTreeMap;

const BAR: Millis = Millis::seconds(10);

/// The price of each market from a moment on, until the next step.
#[derive(Debug)]
pub struct Prices {
    start: Timestamp,
    steps: BTreeMap<MarketKey, BTreeMap<Timestamp, Price>>,
}

impl Prices {
    pub fn from(start: Timestamp) -> Self {
        Self { start, steps: BTreeMap::new() }
    }

    pub fn set(&mut self, market: &MarketKey, from: Timestamp, price: Price) {
        self.steps.entry(market.clone()).or_default().insert(from, price);
    }

    pub fn at(&self, market: &MarketKey, time: Timestamp) -> Option<Price> {
        self.steps.get(market)?.range(..=time).next_back().map(|(_, price)| *price)
    }

    /// The bars that overlap the time from `from` (excluded) to `to` (included).
    pub fn bars(&self, market: &MarketKey, from: Timestamp, to: Timestamp) -> Vec<Bar> {
        let first = from.max(self.start).millis().div_euclid(BAR.get());
        let last = to.millis().div_euclid(BAR.get());
        (first..=last).filter_map(|number| self.bar(market, number)).collect()
    }

    /// As the steps have it.
    pub fn candles(&self, market: &MarketKey, span: &CandleSpan, until: Timestamp) -> Vec<Candle> {
        let path = || self.steps.get(market).into_iter().flatten().map(|(at, price)| (*at, *price));
        span.opens().filter_map(|opens_at| Candle::of_path(span.interval(), opens_at, path(), until)).collect()
    }

    fn bar(&self, market: &MarketKey, number: i64) -> Option<Bar> {
        let opens_at = Timestamp::from_millis(number * BAR.get());
        let closes_at = opens_at.plus(BAR);
        let steps = self.steps.get(market)?;
        let within = steps.range(opens_at..closes_at).map(|(_, price)| *price);
        let open = self.at(market, opens_at).or_else(|| within.clone().next())?;
        let close = within.clone().next_back().unwrap_or(open);
        let (low, high) = within.fold((open, open), |(low, high), price| (low.min(price), high.max(price)));
        Some(Bar { opens_at, closes_at, open, high, low, close })
    }
}

impl PricePath for World {
    async fn bars(&self, market: &MarketKey, from: Timestamp, to: Timestamp) -> Result<Vec<Bar>, StoreError> {
        self.call(Op::read("bars"), |world| world.prices().bars(market, from, to)).await
    }

    async fn candles(
        &self,
        market: &MarketKey,
        span: &CandleSpan,
        until: Timestamp,
    ) -> Result<Vec<Candle>, StoreError> {
        self.call(Op::read("candles"), |world| world.prices().candles(market, span, until)).await
    }
}

impl ReadPrice for World {
    async fn read_price(&self, market: &MarketKey, now: Timestamp) -> Result<Option<(Price, Timestamp)>, StoreError> {
        self.call(Op::read("read_price"), |world| {
            let kept = world.prices().at(market, now).filter(|_| !world.is_down(UNPRICED));
            kept.map(|price| (price, now))
        })
        .await
    }
}
