//! Closes of days, from whatever candles are stored of a market.

use super::Open;
use crate::ports::StoreError;
use domain::clock::{Millis, Timestamp};
use domain::market::{CandleSpan, Interval, MarketKey};
use domain::money::Amount;
use domain::series::{KeptCandle, Series};
use std::collections::BTreeMap;
use store::{Engine, market};

/// Days that returns are taken from.
const DAYS: i64 = 60;
/// Which are looked for, in this order.
const INTERVALS: [&str; 3] = ["1d", "4h", "1h"];

/// What is stored of each market.
pub(super) struct Closes {
    now: Timestamp,
    read: BTreeMap<MarketKey, Told>,
}

#[derive(Default)]
struct Told {
    closes: BTreeMap<i64, f64>,
    /// Quote that was traded in the last 24 hours.
    volume: Option<Amount>,
}

impl Closes {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { now, read: BTreeMap::new() }
    }

    pub(super) async fn read<D: Engine>(&mut self, deps: &D, open: &[Open]) -> Result<(), StoreError> {
        for key in open.iter().map(|one| &one.position.group.market.key) {
            if !self.read.contains_key(key) {
                let told = self.told(deps, key).await?;
                self.read.insert(key.clone(), told);
            }
        }
        Ok(())
    }

    /// By the day that they end on.
    pub(super) fn of(&self, key: &MarketKey) -> BTreeMap<i64, f64> {
        self.read.get(key).map(|told| told.closes.clone()).unwrap_or_default()
    }

    pub(super) fn volume_of(&self, key: &MarketKey) -> Option<Amount> {
        self.read.get(key).and_then(|told| told.volume)
    }

    async fn told<D: Engine>(&self, deps: &D, key: &MarketKey) -> Result<Told, StoreError> {
        for interval in INTERVALS.into_iter().filter_map(|text| text.parse::<Interval>().ok()) {
            let series = Series { market: key.clone(), interval };
            let count = Millis::DAY.get().saturating_mul(DAYS).checked_div(interval.length().get()).unwrap_or(DAYS);
            let span = CandleSpan::asked(interval, None, u32::try_from(count).unwrap_or(u32::MAX), self.now);
            let candles = market::Market(deps).read_candles(&series, &span).await?;
            if !candles.is_empty() {
                return Ok(told(&candles, interval, self.now));
            }
        }
        Ok(Told::default())
    }
}

/// The last close of each day that is over, and what was traded in the last 24 hours as far as candles tell.
fn told(candles: &[KeptCandle], interval: Interval, now: Timestamp) -> Told {
    let (mut closes, mut volume) = (BTreeMap::new(), None);
    for kept in candles.iter().filter(|kept| kept.candle.is_closed) {
        let closed_at = kept.opens_at().plus(interval.length());
        let close = kept.candle.bar.close;
        if let Ok(close) = f64::try_from(close.get()) {
            closes.insert(closed_at.minus(Millis::new(1)).day(), close);
        }
        if now.since(kept.opens_at()) <= Millis::DAY.plus(interval.length()) {
            let traded = close.times(kept.candle.volume).ok();
            volume = traded.and_then(|traded| volume.unwrap_or(Amount::ZERO).plus(traded).ok()).or(volume);
        }
    }
    // A day that is not over has no close yet.
    closes.retain(|day, _| *day < now.day());
    Told { closes, volume: volume.filter(|volume| *volume > Amount::ZERO) }
}
