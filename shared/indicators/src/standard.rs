use crate::atr::true_range;
use crate::batch::{BandLines, MacdLines};
use crate::block::behind;
use crate::pass::{self, BACK, Chain};
use crate::period::BadPeriod;
use crate::rsi::split;
use crate::smoothing::Smoothing;
use crate::snapshot::snapshots;
use crate::{Atr, Bands, Bar, Bars, Bollinger, Ema, Macd, MacdValue, Rsi, Sma, Width};

/// How many of the last bars windows need to go on from: two of the longest. No fewer are gone through at once.
const LAST: usize = 2 * BACK;

/// What the specification keeps beside each candle (`spec/000`, module 6), in one pass: the averages and oscillators with their usual periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Standard {
    rsi: Rsi,
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
        let values = [at.rsi_14, line, signal, histogram, at.ema_50, at.ema_200, upper, middle, lower];
        let values = values.into_iter().chain([at.atr_14, at.volume_sma_20]);
        self.each().into_iter().zip(values).for_each(|(line, value)| line.push(value.unwrap_or(f64::NAN)));
    }

    /// In the order of [`pass::extend`].
    pub(crate) fn each(&mut self) -> [&mut Vec<f64>; 11] {
        let Self { rsi_14, macd, ema_50, ema_200, bollinger, atr_14, volume_sma_20 } = self;
        let MacdLines { line, signal, histogram } = macd;
        let BandLines { upper, middle, lower } = bollinger;
        [rsi_14, line, signal, histogram, ema_50, ema_200, upper, middle, lower, atr_14, volume_sma_20]
    }
}

impl Standard {
    /// # Errors
    /// None: the periods are the specification's, and good.
    pub fn new() -> Result<Self, BadPeriod> {
        Ok(Self {
            rsi: Rsi::new(14)?,
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
        let mut chains = self.averages().map(|average| Chain::new(average.weight()));
        let (mut early, mut head) = (0, 0);
        for bar in bars.each() {
            if head >= BACK && early + BACK <= bars.len() {
                return self.extend_from(early, bars, chains, lines);
            }
            let before = self.close_before();
            lines.push(&self.update(&bar));
            early += 1;
            if let Some(before) = before
                && (head > 0 || self.has_begun())
            {
                self.follow(before, &bar, &mut chains);
                head += 1;
            }
        }
    }

    /// All bars behind the early ones, of both at least [`BACK`].
    fn extend_from(&mut self, early: usize, bars: Bars<'_>, chains: [Chain; 8], lines: &mut StandardLines) {
        let ends = pass::extend(bars, early, chains, lines);
        for (average, end) in self.averages().into_iter().zip(ends) {
            average.go_on_from(end);
        }
        let (count, close) = (bars.len() - early, bars.close().values());
        let last = behind(close, bars.len() - LAST);
        self.bollinger.go_on(count, last);
        self.volume.go_on(count, behind(bars.volume().values(), bars.len() - LAST));
        (*self.rsi.parts().0, *self.atr.parts().0) = (last.last().copied(), last.last().copied());
    }

    /// How the averages went on with a bar.
    fn follow(&mut self, close_before: f64, bar: &Bar, chains: &mut [Chain; 8]) {
        let (close, (gain, loss)) = (bar.close(), split(bar.close() - close_before));
        let averages = self.averages().map(|average| average.now());
        let [fast, slow, ..] = averages;
        let range = true_range(bar.high(), bar.low(), close_before);
        let values = [close, close, close, close, gain, loss, range, fast - slow];
        for ((chain, value), average) in chains.iter_mut().zip(values).zip(averages) {
            chain.push(value, average);
        }
    }

    fn close_before(&mut self) -> Option<f64> {
        *self.rsi.parts().0
    }

    /// Whether all lines are there.
    fn has_begun(&mut self) -> bool {
        self.averages().into_iter().all(|average| average.has_begun())
    }

    /// In the order of [`pass::extend`].
    fn averages(&mut self) -> [&mut Smoothing; 8] {
        let ([fast, slow, signal], (_, [gain, loss])) = (self.macd.averages(), self.rsi.parts());
        [fast, slow, self.ema_50.average(), self.ema_200.average(), gain, loss, self.atr.parts().1, signal]
    }
}

impl StandardValues {
    /// The mean of the last 20 closes, which is the middle of Bollinger's bands.
    #[must_use]
    pub fn sma_20(&self) -> Option<f64> {
        self.bollinger.map(|bands| bands.middle)
    }
}

snapshots!("standard", Standard, [], [rsi, macd, ema_50, ema_200, bollinger, atr, volume]);
