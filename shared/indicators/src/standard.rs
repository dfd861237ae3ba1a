use crate::period::BadPeriod;
use crate::snapshot::snapshots;
use crate::{Atr, Bands, Bar, Bollinger, Ema, Macd, MacdValue, Rsi, SimpleRsi, Sma, Width};

/// What the specification keeps beside each candle (`spec/000`, module 6), in one pass: the averages and oscillators with their usual periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Standard {
    rsi: Rsi,
    simple_rsi: SimpleRsi,
    macd: Macd,
    ema_50: Ema,
    ema_200: Ema,
    bollinger: Bollinger,
    atr: Atr,
    volume: Sma,
}

/// What stands at one bar; each is there from its own first bar on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardValues {
    /// [`Rsi`] of 14 changes of the close.
    pub rsi_14: Option<f64>,
    /// [`SimpleRsi`] of 14 changes of the close.
    pub rsi_14_simple: Option<f64>,
    /// [`Macd`] of 12, 26 and 9 closes.
    pub macd: Option<MacdValue>,
    /// [`Ema`] of 50 closes.
    pub ema_50: Option<f64>,
    /// [`Ema`] of 200 closes.
    pub ema_200: Option<f64>,
    /// [`Bollinger`] of 20 closes, two deviations wide; its middle is [`Sma`] of 20 closes.
    pub bollinger: Option<Bands>,
    /// [`Atr`] of 14 true ranges.
    pub atr_14: Option<f64>,
    /// [`Sma`] of 20 volumes.
    pub volume_sma_20: Option<f64>,
}

impl Standard {
    /// # Errors
    /// None: the periods are the specification's, and good.
    pub fn new() -> Result<Self, BadPeriod> {
        Ok(Self {
            rsi: Rsi::new(14)?,
            simple_rsi: SimpleRsi::new(14)?,
            macd: Macd::new(12, 26, 9)?,
            ema_50: Ema::new(50)?,
            ema_200: Ema::new(200)?,
            bollinger: Bollinger::new(20, Width::TWO)?,
            atr: Atr::new(14)?,
            volume: Sma::new(20)?,
        })
    }

    /// Takes the next bar.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> StandardValues {
        StandardValues {
            rsi_14: self.rsi.update(bar.close()),
            rsi_14_simple: self.simple_rsi.update(bar.close()),
            macd: self.macd.update(bar.close()),
            ema_50: self.ema_50.update(bar.close()),
            ema_200: self.ema_200.update(bar.close()),
            bollinger: self.bollinger.update(bar.close()),
            atr_14: self.atr.update(bar),
            volume_sma_20: self.volume.update(bar.volume()),
        }
    }
}

impl StandardValues {
    /// The mean of the last 20 closes, which is the middle of Bollinger's bands.
    #[must_use]
    pub fn sma_20(&self) -> Option<f64> {
        self.bollinger.map(|bands| bands.middle)
    }
}

snapshots!("standard", Standard, [], [rsi, simple_rsi, macd, ema_50, ema_200, bollinger, atr, volume]);
