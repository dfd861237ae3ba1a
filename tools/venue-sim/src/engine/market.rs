//! A market: its rules, its price, and the prices it had.

use super::{Candle, Millis, Path, Side, candle};
use domain::money::{Decimal, Fraction, Price};
use std::collections::VecDeque;

/// How many prices of the past are kept.
const TICKS_MAX: usize = 20_000;

/// What an order has to keep to.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub tick: Decimal,
    pub step: Decimal,
    pub quantity_min: Decimal,
    pub quantity_max: Decimal,
    pub market_quantity_max: Decimal,
    pub notional_min: Decimal,
    pub notional_max: Decimal,
    /// A limit may be this many times the price, on either side.
    pub price_factor_max: Decimal,
    pub price_factor_min: Decimal,
    pub orders_max: usize,
    pub algo_orders_max: usize,
    /// Ticks from the bid to the ask.
    pub spread_ticks: u32,
}

/// One price of the path.
#[derive(Debug, Clone, Copy)]
pub struct Tick {
    pub at: Millis,
    pub price: Price,
}

#[derive(Debug)]
pub struct Market {
    pub base: String,
    pub quote: String,
    pub rules: Rules,
    /// The price of the last trade, which is also the bid.
    pub last: Price,
    pub is_trading: bool,
    pub ticks: VecDeque<Tick>,
    pub path: Path,
    /// What was traded before the simulator began, oldest first.
    pub history: Vec<Candle>,
}

impl Market {
    pub fn new(base: &str, quote: &str, rules: Rules, last: Price) -> Self {
        let (base, quote) = (base.to_owned(), quote.to_owned());
        let (ticks, path, history) = (VecDeque::new(), Path::default(), Vec::new());
        Self { base, quote, rules, last, is_trading: true, ticks, path, history }
    }

    pub fn bid(&self) -> Price {
        self.last
    }

    pub fn ask(&self) -> Price {
        self.away(i64::from(self.rules.spread_ticks)).unwrap_or(self.last)
    }

    /// The price this many ticks above the last one, or below; none where there are no prices left.
    pub fn away(&self, ticks: i64) -> Option<Price> {
        let moved = self.last.fraction() + Fraction::whole(ticks) * Fraction::from(self.rules.tick);
        moved.floor_to(self.rules.tick).ok().and_then(|price| Price::new(price).ok())
    }

    /// What somebody gets who takes.
    pub fn best_against(&self, side: Side) -> Price {
        match side {
            Side::Buy => self.ask(),
            Side::Sell => self.bid(),
        }
    }

    pub(super) fn tick(&mut self, price: Price, at: Millis) {
        self.last = price;
        self.ticks.push_back(Tick { at, price });
        if self.ticks.len() > TICKS_MAX {
            self.ticks.pop_front();
        }
    }

    /// Candles of this length, oldest first, that begin within these times.
    pub fn candles(&self, length: Millis, from: Millis, to: Millis) -> Vec<Candle> {
        candle::candles(self, length, from, to)
    }
}
