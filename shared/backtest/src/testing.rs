//! What tests play: candles of given prices, and a strategy that says what it was told to.

use crate::Terms;
use crate::plain::Trade;
use domain::money::{Quantity, Rate};
use strategies::{Action, Bar, Candle, Signal, Strategy, Why};

/// An hour a bar from a Saturday's midnight on, each from its price to one above it.
pub(crate) fn candles(prices: &[f64]) -> Vec<Candle> {
    let bar = |price: f64| Bar::new(price, price + 1.0, price, price + 1.0, 1.0).unwrap();
    let times = (0_i64..).map(|hour| 1_498_867_200_000 + hour * 3_600_000);
    prices.iter().zip(times).map(|(price, time_ms)| Candle { time_ms, bar: bar(*price) }).collect()
}

/// That has made so much, in the first two bars.
pub(crate) fn trade(pnl: f64, fees: f64) -> Trade {
    Trade { entry_bar: 0, exit_bar: 1, entry_price: 1.0, exit_price: 1.0, size: 1.0, fees, pnl }
}

pub(crate) fn terms(cash: &str, fee: &str, quantity_step: &str) -> Terms {
    let [cash, fee, quantity_step] = [cash, fee, quantity_step];
    Terms {
        cash: cash.parse().unwrap(),
        fee: fee.parse().unwrap(),
        quantity_step: quantity_step.parse().unwrap(),
        price_tick: None,
        quantity_min: Quantity::ZERO,
        quantity_max: None,
        notional_min: Quantity::ZERO,
        slippage: Rate::ZERO,
        latency: 0,
        limits: None,
    }
}

/// Says one thing a bar, and holds after the last.
#[derive(Debug, Clone)]
pub(crate) struct Scripted(std::vec::IntoIter<Action>);

impl Scripted {
    pub(crate) fn new(said: &[Action]) -> Self {
        Self(Vec::from(said).into_iter())
    }
}

impl Strategy for Scripted {
    fn warm_up(&self) -> usize {
        0
    }

    fn update(&mut self, _: &Candle) -> Signal {
        Signal { action: self.0.next().unwrap_or(Action::Hold), why: Why::WarmingUp { seen: 0, needed: 0 } }
    }
}
