use crate::batch::{BandLines, MacdLines};
use crate::block::{BLOCK, Outs, first};
use crate::period::BadPeriod;
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
        for block in bars.blocks() {
            self.extend_block(block, lines);
        }
    }

    fn extend_block(&mut self, bars: Bars<'_>, lines: &mut StandardLines) {
        let (mut scratch, close) = ([[0.0; BLOCK]; 3], bars.close().values());
        let [a, b, c] = scratch.each_mut().map(|scratch| first(scratch, bars.len()));
        self.rsi.fill(close, a);
        self.simple_rsi.fill(close, b);
        self.atr.fill(bars, c);
        put([a, b, c], [&mut lines.rsi_14, &mut lines.rsi_14_simple, &mut lines.atr_14]);
        self.fill_averages(close, [a, b, c]);
        put([b, c], [&mut lines.ema_50, &mut lines.ema_200]);
        self.macd.fill_signal([a, b, c]);
        put([a, b, c], [&mut lines.macd.line, &mut lines.macd.signal, &mut lines.macd.histogram]);
        self.bollinger.fill(close, [a, b, c]);
        put([a, b, c], [&mut lines.bollinger.upper, &mut lines.bollinger.middle, &mut lines.bollinger.lower]);
        self.volume.fill(bars.volume().values(), a);
        put([a], [&mut lines.volume_sma_20]);
    }

    /// The line of MACD and both averages: four averages beside each other, which wait less than four one after the other.
    fn fill_averages(&mut self, close: &[f64], [line, ema_50, ema_200]: Outs<'_, 3>) {
        let Some([fast, slow]) = self.macd.averages() else {
            self.macd.fill_line(close, line);
            self.ema_50.fill(close, ema_50);
            return self.ema_200.fill(close, ema_200);
        };
        let mut averages = [[0.0; 4]; BLOCK];
        let averages = first(&mut averages, close.len());
        fill_all([fast, slow, self.ema_50.average(), self.ema_200.average()], close, |close| [close; 4], averages);
        for (((line, ema_50), ema_200), [fast, slow, of_50, of_200]) in
            line.iter_mut().zip(ema_50).zip(ema_200).zip(averages)
        {
            (*line, *ema_50, *ema_200) = (*fast - *slow, *of_50, *of_200);
        }
    }
}

fn put<const N: usize>(from: [&[f64]; N], lines: [&mut Vec<f64>; N]) {
    lines.into_iter().zip(from).for_each(|(line, from)| line.extend_from_slice(from));
}

impl StandardValues {
    /// The mean of the last 20 closes, which is the middle of Bollinger's bands.
    #[must_use]
    pub fn sma_20(&self) -> Option<f64> {
        self.bollinger.map(|bands| bands.middle)
    }
}

snapshots!("standard", Standard, [], [rsi, simple_rsi, macd, ema_50, ema_200, bollinger, atr, volume]);
