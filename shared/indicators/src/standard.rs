use crate::atr::true_ranges;
use crate::batch::{BandLines, MacdLines};
use crate::block::{BLOCK_MAX, Outs, Scratch, first, grown, scratch};
use crate::macd::{fill_differences, take_away};
use crate::period::BadPeriod;
use crate::rsi::{changes, fill_shares};
use crate::smoothing::fill_all;
use crate::snapshot::snapshots;
use crate::{Atr, Bands, Bar, Bars, Bollinger, Ema, Macd, MacdValue, Rsi, SimpleRsi, Sma, Width};

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

/// What [`StandardValues`] are at each bar, NaN before the first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StandardLines {
    pub rsi_14: Vec<f64>,
    pub rsi_14_simple: Vec<f64>,
    pub macd: MacdLines,
    pub ema_50: Vec<f64>,
    pub ema_200: Vec<f64>,
    /// Its middle is the mean of the last 20 closes.
    pub bollinger: BandLines,
    pub atr_14: Vec<f64>,
    pub volume_sma_20: Vec<f64>,
}

impl StandardLines {
    /// Takes all values out, and keeps the memory.
    pub fn clear(&mut self) {
        self.each().into_iter().for_each(Vec::clear);
    }

    fn reserve(&mut self, bars: usize) {
        self.each().into_iter().for_each(|line| line.reserve(bars));
    }

    fn push(&mut self, at: &StandardValues) {
        let (macd, bands) = (at.macd, at.bollinger);
        let macd = [macd.map(|at| at.line), macd.map(|at| at.signal), macd.map(|at| at.histogram)];
        let bands = [bands.map(|at| at.upper), bands.map(|at| at.middle), bands.map(|at| at.lower)];
        let ([line, signal, histogram], [upper, middle, lower]) = (macd, bands);
        let values =
            [at.rsi_14, at.rsi_14_simple, line, signal, histogram, at.ema_50, at.ema_200, upper, middle, lower];
        let values = values.into_iter().chain([at.atr_14, at.volume_sma_20]);
        self.each().into_iter().zip(values).for_each(|(line, value)| line.push(value.unwrap_or(f64::NAN)));
    }

    fn each(&mut self) -> [&mut Vec<f64>; 12] {
        let Self { rsi_14, rsi_14_simple, macd, ema_50, ema_200, bollinger, atr_14, volume_sma_20 } = self;
        let MacdLines { line, signal, histogram } = macd;
        let BandLines { upper, middle, lower } = bollinger;
        [rsi_14, rsi_14_simple, line, signal, histogram, ema_50, ema_200, upper, middle, lower, atr_14, volume_sma_20]
    }
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

    /// Takes all of the next bars, and puts a value of each line behind those that are there; NaN where there is none. A line that was cleared
    /// keeps its memory.
    pub fn extend(&mut self, bars: Bars<'_>, lines: &mut StandardLines) {
        lines.reserve(bars.len());
        let mut early = 0;
        for bar in bars.each() {
            if self.has_begun() {
                break;
            }
            lines.push(&self.update(&bar));
            early += 1;
        }
        let mut scratch = scratch();
        for block in bars.from(early).parts(BLOCK_MAX) {
            self.fill(block, grown(lines.each(), block.len()), &mut scratch);
        }
    }

    /// Whether all lines are there from the next bar on.
    fn has_begun(&mut self) -> bool {
        let averages = [self.ema_50.average(), self.ema_200.average()];
        averages.into_iter().all(|average| average.has_begun()) && self.macd.has_begun()
    }

    /// As one update after the other, for a block, once all has begun. Averages beside each other wait less than one after the other.
    fn fill(&mut self, bars: Bars<'_>, out: Outs<'_, 12>, scratch: &mut Scratch) {
        let close = bars.close().values();
        let [rsi, simple, line, signal, histogram, ema_50, ema_200, upper, middle, lower, atr, volume] = out;
        self.simple_rsi.fill(close, simple, scratch);
        self.bollinger.fill(close, [upper, middle, lower], scratch);
        self.volume.fill(bars.volume().values(), volume, scratch);
        let [gains, losses, ranges, gain, loss, slow] = scratch.each_mut().map(|scratch| first(scratch, bars.len()));
        let [of_fast, of_slow, of_signal] = self.macd.averages();
        let averages = [of_fast, of_slow, self.ema_50.average(), self.ema_200.average()];
        fill_all(averages, [close; 4], [line, slow, ema_50, ema_200]);
        take_away(line, slow);
        let ((before, [of_gain, of_loss]), (close_before, of_range)) = (self.rsi.parts(), self.atr.parts());
        changes(before, close, [gains, losses]);
        true_ranges(close_before, bars, ranges);
        fill_all([of_gain, of_loss, of_range, of_signal], [gains, losses, ranges, line], [gain, loss, atr, signal]);
        fill_shares(gain, loss, rsi);
        fill_differences(line, signal, histogram);
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
