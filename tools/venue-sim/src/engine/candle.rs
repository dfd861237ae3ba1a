//! Candles: of what was recorded before, then of the prices since.

use super::{Market, Millis, Tick};
use domain::money::{Decimal, Price, Quantity};
use std::collections::BTreeMap;

/// At most this many are made for one question.
const CANDLES_MAX: usize = 1500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candle {
    pub at: Millis,
    pub open: Price,
    pub high: Price,
    pub low: Price,
    pub close: Price,
    pub volume: Quantity,
}

impl Candle {
    fn flat(at: Millis, price: Price) -> Self {
        Self { at, open: price, high: price, low: price, close: price, volume: Quantity::ZERO }
    }

    /// Of one trade. As many are told as there were prices, each of one coin.
    fn of_trade(tick: &Tick) -> Self {
        let volume = Quantity::new(Decimal::ONE).unwrap_or(Quantity::ZERO);
        Self { volume, ..Self::flat(tick.at, tick.price) }
    }

    pub fn has_trades(&self) -> bool {
        !self.volume.is_zero()
    }

    /// The four prices in the order a replay goes through them.
    pub(super) fn way(&self) -> [Price; 4] {
        if self.close >= self.open {
            [self.open, self.low, self.high, self.close]
        } else {
            [self.open, self.high, self.low, self.close]
        }
    }

    fn joined(self, next: &Self) -> Self {
        let volume = self.volume.plus(next.volume).unwrap_or(self.volume);
        let (high, low) = (self.high.max(next.high), self.low.min(next.low));
        Self { high, low, close: next.close, volume, ..self }
    }
}

/// Where nothing was traded a candle is flat at the close before, so that there are no gaps.
pub(super) fn candles(market: &Market, length: Millis, from: Millis, to: Millis) -> Vec<Candle> {
    let length = length.max(1);
    let traded = traded(market, length);
    let first = floor(from, length).max(floor(to, length).saturating_sub(length.saturating_mul(count_max())));
    let mut close = before(&traded, first).unwrap_or_else(|| opening(market));
    let mut at = first;
    let mut all = Vec::new();
    while at <= to && all.len() < CANDLES_MAX {
        let candle = traded.get(&at).copied().unwrap_or_else(|| Candle::flat(at, close));
        close = candle.close;
        all.push(candle);
        at = at.saturating_add(length);
    }
    all
}

fn count_max() -> Millis {
    Millis::try_from(CANDLES_MAX).unwrap_or(Millis::MAX).saturating_sub(1)
}

fn before(traded: &BTreeMap<Millis, Candle>, at: Millis) -> Option<Price> {
    traded.range(..at).next_back().map(|(_, candle)| candle.close)
}

fn opening(market: &Market) -> Price {
    let recorded = market.history.first().map(|candle| candle.open);
    recorded.or_else(|| market.ticks.front().map(|tick| tick.price)).unwrap_or(market.last)
}

fn traded(market: &Market, length: Millis) -> BTreeMap<Millis, Candle> {
    let ticks = market.ticks.iter().map(Candle::of_trade);
    let mut all: BTreeMap<Millis, Candle> = BTreeMap::new();
    for part in market.history.iter().copied().chain(ticks) {
        let at = floor(part.at, length);
        let joined = all.get(&at).map_or(Candle { at, ..part }, |candle| candle.joined(&part));
        all.insert(at, joined);
    }
    all
}

fn floor(at: Millis, length: Millis) -> Millis {
    at.saturating_sub(at.rem_euclid(length))
}
