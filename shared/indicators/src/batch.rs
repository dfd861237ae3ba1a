//! Indicators over whole slices: as many values as were given, NaN before the first.
//!
//! The functions are named as the indicators are, and take what their `new` takes. Where several lines come to be, they are fields of
//! vectors, named as the fields of one value.

use crate::{
    Adx, Atr, BadPeriod, Bands, Bar, Bars, Bollinger, Cci, Donchian, Ema, Ichimoku, Keltner, Macd, Mfi, Obv, Rsi,
    Series, SimpleRsi, Sma, Stochastic, Supertrend, Vwap, Width, WilliamsR,
};

/// What [`crate::Bands`] are at each bar.
#[derive(Debug, Clone, PartialEq)]
pub struct BandLines {
    pub upper: Vec<f64>,
    pub middle: Vec<f64>,
    pub lower: Vec<f64>,
}

/// What [`crate::MacdValue`] is at each bar.
#[derive(Debug, Clone, PartialEq)]
pub struct MacdLines {
    pub line: Vec<f64>,
    pub signal: Vec<f64>,
    pub histogram: Vec<f64>,
}

/// What [`crate::StochasticValue`] is at each bar.
#[derive(Debug, Clone, PartialEq)]
pub struct StochasticLines {
    pub k: Vec<f64>,
    pub d: Vec<f64>,
}

/// What [`crate::AdxValue`] is at each bar.
#[derive(Debug, Clone, PartialEq)]
pub struct AdxLines {
    pub plus: Vec<f64>,
    pub minus: Vec<f64>,
    pub adx: Vec<f64>,
}

/// What [`crate::SupertrendValue`] is at each bar.
#[derive(Debug, Clone, PartialEq)]
pub struct SupertrendLines {
    pub line: Vec<f64>,
    /// No before the first line.
    pub is_up: Vec<bool>,
}

/// What [`crate::IchimokuValue`] is at each bar.
#[derive(Debug, Clone, PartialEq)]
pub struct IchimokuLines {
    pub conversion: Vec<f64>,
    pub base: Vec<f64>,
    pub leading_a: Vec<f64>,
    pub leading_b: Vec<f64>,
}

/// [`Sma`] of each value.
///
/// # Errors
/// As [`Sma::new`].
pub fn sma(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut sma = Sma::new(period)?;
    Ok(each(values, |value| sma.update(value)))
}

/// [`Ema`] of each value.
///
/// # Errors
/// As [`Ema::new`].
pub fn ema(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut ema = Ema::new(period)?;
    Ok(each(values, |value| ema.update(value)))
}

/// [`Rsi`] of each value.
///
/// # Errors
/// As [`Rsi::new`].
pub fn rsi(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut rsi = Rsi::new(period)?;
    Ok(each(values, |value| rsi.update(value)))
}

/// [`SimpleRsi`] of each value.
///
/// # Errors
/// As [`SimpleRsi::new`].
pub fn simple_rsi(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut rsi = SimpleRsi::new(period)?;
    Ok(each(values, |value| rsi.update(value)))
}

/// [`Macd`] of each value.
///
/// # Errors
/// As [`Macd::new`].
pub fn macd(values: Series<'_>, fast: u32, slow: u32, signal: u32) -> Result<MacdLines, BadPeriod> {
    let mut macd = Macd::new(fast, slow, signal)?;
    let rows = values.values().iter().map(|value| macd.update(*value).map(|at| [at.line, at.signal, at.histogram]));
    let [line, signal, histogram] = lines(rows);
    Ok(MacdLines { line, signal, histogram })
}

/// [`Bollinger`] of each value.
///
/// # Errors
/// As [`Bollinger::new`].
pub fn bollinger(values: Series<'_>, period: u32, width: Width) -> Result<BandLines, BadPeriod> {
    let mut bollinger = Bollinger::new(period, width)?;
    Ok(band_lines(values.values().iter().map(|value| bollinger.update(*value))))
}

/// [`Atr`] of each bar.
///
/// # Errors
/// As [`Atr::new`].
pub fn atr(bars: Bars<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut atr = Atr::new(period)?;
    Ok(each_bar(bars, |bar| atr.update(bar)))
}

/// [`Stochastic`] of each bar.
///
/// # Errors
/// As [`Stochastic::new`].
pub fn stochastic(bars: Bars<'_>, period: u32, k: u32, d: u32) -> Result<StochasticLines, BadPeriod> {
    let mut stochastic = Stochastic::new(period, k, d)?;
    let [k, d] = lines(bars.each().map(|bar| stochastic.update(&bar).map(|at| [at.k, at.d])));
    Ok(StochasticLines { k, d })
}

/// [`Adx`] of each bar.
///
/// # Errors
/// As [`Adx::new`].
pub fn adx(bars: Bars<'_>, period: u32) -> Result<AdxLines, BadPeriod> {
    let mut adx = Adx::new(period)?;
    let rows = bars.each().map(|bar| adx.update(&bar).map(|at| [at.plus, at.minus, at.adx.unwrap_or(f64::NAN)]));
    let [plus, minus, adx] = lines(rows);
    Ok(AdxLines { plus, minus, adx })
}

/// [`Obv`] of each bar.
#[must_use]
pub fn obv(bars: Bars<'_>) -> Vec<f64> {
    let mut obv = Obv::new();
    each_bar(bars, |bar| obv.update(bar))
}

/// [`Vwap`] of each bar, which opens at the time of the same place, in milliseconds since 1970; NaN, too, while nothing was traded on a day.
/// It ends with the shorter of both.
#[must_use]
pub fn vwap(times_ms: &[i64], bars: Bars<'_>) -> Vec<f64> {
    let mut vwap = Vwap::new();
    times_ms.iter().zip(bars.each()).map(|(time, bar)| vwap.update(*time, &bar).unwrap_or(f64::NAN)).collect()
}

/// [`Donchian`] of each bar.
///
/// # Errors
/// As [`Donchian::new`].
pub fn donchian(bars: Bars<'_>, period: u32) -> Result<BandLines, BadPeriod> {
    let mut donchian = Donchian::new(period)?;
    Ok(band_lines(bars.each().map(|bar| donchian.update(&bar))))
}

/// [`Supertrend`] of each bar.
///
/// # Errors
/// As [`Supertrend::new`].
pub fn supertrend(bars: Bars<'_>, period: u32, width: Width) -> Result<SupertrendLines, BadPeriod> {
    let mut supertrend = Supertrend::new(period, width)?;
    let rows = bars.each().map(|bar| supertrend.update(&bar).map_or((f64::NAN, false), |at| (at.line, at.is_up)));
    let (line, is_up) = rows.unzip();
    Ok(SupertrendLines { line, is_up })
}

/// [`Ichimoku`] of each bar.
///
/// # Errors
/// As [`Ichimoku::new`].
pub fn ichimoku(bars: Bars<'_>, conversion: u32, base: u32, leading: u32) -> Result<IchimokuLines, BadPeriod> {
    let mut ichimoku = Ichimoku::new(conversion, base, leading)?;
    let of = |bar: Bar| ichimoku.update(&bar).map(|at| [at.conversion, at.base, at.leading_a, at.leading_b]);
    let [conversion, base, leading_a, leading_b] = lines(bars.each().map(of));
    Ok(IchimokuLines { conversion, base, leading_a, leading_b })
}

/// [`Cci`] of each bar.
///
/// # Errors
/// As [`Cci::new`].
pub fn cci(bars: Bars<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut cci = Cci::new(period)?;
    Ok(each_bar(bars, |bar| cci.update(bar)))
}

/// [`Mfi`] of each bar.
///
/// # Errors
/// As [`Mfi::new`].
pub fn mfi(bars: Bars<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut mfi = Mfi::new(period)?;
    Ok(each_bar(bars, |bar| mfi.update(bar)))
}

/// [`WilliamsR`] of each bar.
///
/// # Errors
/// As [`WilliamsR::new`].
pub fn williams_r(bars: Bars<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut williams = WilliamsR::new(period)?;
    Ok(each_bar(bars, |bar| williams.update(bar)))
}

/// [`Keltner`] of each bar.
///
/// # Errors
/// As [`Keltner::new`].
pub fn keltner(bars: Bars<'_>, period: u32, ranges: u32, width: Width) -> Result<BandLines, BadPeriod> {
    let mut keltner = Keltner::new(period, ranges, width)?;
    Ok(band_lines(bars.each().map(|bar| keltner.update(&bar))))
}

fn each(values: Series<'_>, mut update: impl FnMut(f64) -> Option<f64>) -> Vec<f64> {
    values.values().iter().map(|value| update(*value).unwrap_or(f64::NAN)).collect()
}

fn each_bar(bars: Bars<'_>, mut update: impl FnMut(&Bar) -> Option<f64>) -> Vec<f64> {
    bars.each().map(|bar| update(&bar).unwrap_or(f64::NAN)).collect()
}

fn band_lines(bands: impl Iterator<Item = Option<Bands>>) -> BandLines {
    let [upper, middle, lower] = lines(bands.map(|at| at.map(|at| [at.upper, at.middle, at.lower])));
    BandLines { upper, middle, lower }
}

/// A vector for each line.
fn lines<const N: usize>(rows: impl Iterator<Item = Option<[f64; N]>>) -> [Vec<f64>; N] {
    let (least, _) = rows.size_hint();
    let mut lines = [(); N].map(|()| Vec::with_capacity(least));
    for row in rows {
        let row = row.unwrap_or([f64::NAN; N]);
        lines.iter_mut().zip(row).for_each(|(line, value)| line.push(value));
    }
    lines
}
