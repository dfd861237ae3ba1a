use crate::atr::true_range;
use crate::batch::{BandLines, MacdLines};
use crate::block::{BLOCK, scratch};
use crate::pair::Chain;
use crate::pass::{self, BACK, CHAINED};
use crate::period::BadPeriod;
use crate::rooms::Rooms;
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

    /// In the order of [`pass::fill`].
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
        self.go_through(bars, Rooms::behind(lines));
    }

    /// Takes all of the next bars, and puts a value of each line in the place of those that are there: who looks at many series, or at one in parts,
    /// gives the same lines each time, and nothing is cleared or moved.
    pub fn fill(&mut self, bars: Bars<'_>, lines: &mut StandardLines) {
        for line in lines.each() {
            line.truncate(bars.len());
            line.reserve(bars.len() - line.len());
        }
        self.go_through(bars, Rooms::over(lines));
    }

    fn go_through(&mut self, bars: Bars<'_>, mut rooms: Rooms<'_>) {
        let early = self.ema_200.average().missing().max(BACK - CHAINED).min(bars.len());
        self.fill_each(bars.between(0, early), &mut rooms);
        if early + CHAINED + LAST > bars.len() || !self.has_begun() {
            let rest = bars.between(early, bars.len());
            rest.parts(BLOCK).for_each(|part| self.fill_each(part, &mut rooms));
            return;
        }
        let mut chains = self.averages().map(|average| Chain::new(average.weight()));
        for bar in bars.between(early, early + CHAINED).each() {
            let before = self.rsi.parts().0.unwrap_or(bar.close());
            rooms.push(self.update(&bar).each());
            self.follow(before, &bar, &mut chains);
        }
        let ends = pass::fill(bars, early + CHAINED, chains, &mut rooms);
        let count = (bars.len() - early - CHAINED) / 4 * 4;
        self.go_on(bars.between(0, early + CHAINED + count), count, ends);
        self.fill_each(bars.between(early + CHAINED + count, bars.len()), &mut rooms);
    }

    /// Each indicator by itself, a block at most.
    fn fill_each(&mut self, bars: Bars<'_>, rooms: &mut Rooms<'_>) {
        let (close, mut scratch) = (bars.close().values(), scratch());
        let [rsi, line, signal, histogram, ema_50, ema_200, upper, middle, lower, atr, volume] = rooms.next(bars.len());
        self.rsi.fill(close, rsi, &mut scratch);
        self.macd.fill(close, [line, signal, histogram], &mut scratch);
        self.ema_50.fill(close, ema_50);
        self.ema_200.fill(close, ema_200);
        self.bollinger.fill(close, [upper, middle, lower], &mut scratch);
        self.atr.fill(bars, atr, &mut scratch);
        self.volume.fill(bars.volume().values(), volume, &mut scratch);
    }

    /// After all these bars, the last so many of which somebody else has gone through: averages ended like this.
    fn go_on(&mut self, bars: Bars<'_>, count: usize, ends: [f64; 8]) {
        for (average, end) in self.averages().into_iter().zip(ends) {
            average.go_on_from(end);
        }
        let last = bars.between(bars.len() - LAST, bars.len());
        let close = last.close().values();
        self.bollinger.go_on(count, close);
        self.volume.go_on(count, last.volume().values());
        (*self.rsi.parts().0, *self.atr.parts().0) = (close.last().copied(), close.last().copied());
    }

    /// How the averages went on with a bar.
    fn follow(&mut self, close_before: f64, bar: &Bar, chains: &mut [Chain; 8]) {
        let (close, (gain, loss)) = (bar.close(), split(bar.close() - close_before));
        let averages = self.averages().map(|average| average.now());
        let [fast, slow, ..] = averages;
        let range = true_range(bar.high(), bar.low(), close_before);
        let values = [close, close, close, close, loss, gain, range, fast - slow];
        for ((chain, value), average) in chains.iter_mut().zip(values).zip(averages) {
            chain.push(value, average);
        }
    }

    /// Whether all lines are there.
    fn has_begun(&mut self) -> bool {
        self.averages().into_iter().all(|average| average.has_begun())
    }

    /// In the order of [`pass::fill`].
    fn averages(&mut self) -> [&mut Smoothing; 8] {
        let ([fast, slow, signal], (_, [gain, loss])) = (self.macd.averages(), self.rsi.parts());
        [fast, slow, self.ema_50.average(), self.ema_200.average(), loss, gain, self.atr.parts().1, signal]
    }
}

impl StandardValues {
    /// In the order of [`StandardLines::each`].
    fn each(&self) -> [Option<f64>; 11] {
        let (macd, bands) = (self.macd, self.bollinger);
        let [line, signal, histogram] = [macd.map(|at| at.line), macd.map(|at| at.signal), macd.map(|at| at.histogram)];
        let [upper, middle, lower] = [bands.map(|at| at.upper), bands.map(|at| at.middle), bands.map(|at| at.lower)];
        let (ema_50, ema_200, volume) = (self.ema_50, self.ema_200, self.volume_sma_20);
        [self.rsi_14, line, signal, histogram, ema_50, ema_200, upper, middle, lower, self.atr_14, volume]
    }

    /// The mean of the last 20 closes, which is the middle of Bollinger's bands.
    #[must_use]
    pub fn sma_20(&self) -> Option<f64> {
        self.bollinger.map(|bands| bands.middle)
    }
}

snapshots!("standard", Standard, [], [rsi, macd, ema_50, ema_200, bollinger, atr, volume]);
