//! Indicators over whole slices: as many values as were given, NaN before the first.
//!
//! The functions are named as the indicators are, and take what their `new` takes. Where several lines come to be, they are fields of
//! vectors, named as the fields of one value.

use crate::block::{BLOCK, Outs, Scratch, lines};
use crate::cci::index as cci_of;
use crate::{
    Adx, Atr, BadPeriod, Bars, Bollinger, Cci, Donchian, Ema, Ichimoku, Keltner, Macd, Mfi, Obv, Rsi, Series,
    SimpleRsi, Sma, Standard, StandardLines, Stochastic, Supertrend, Vwap, Width, WilliamsR,
};

/// What [`crate::Bands`] are at each bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BandLines {
    pub upper: Vec<f64>,
    pub middle: Vec<f64>,
    pub lower: Vec<f64>,
}

/// What [`crate::MacdValue`] is at each bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MacdLines {
    pub line: Vec<f64>,
    pub signal: Vec<f64>,
    pub histogram: Vec<f64>,
}

/// What [`crate::StochasticValue`] is at each bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StochasticLines {
    pub k: Vec<f64>,
    pub d: Vec<f64>,
}

/// What [`crate::AdxValue`] is at each bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AdxLines {
    pub plus: Vec<f64>,
    pub minus: Vec<f64>,
    pub adx: Vec<f64>,
}

/// What [`crate::SupertrendValue`] is at each bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SupertrendLines {
    pub line: Vec<f64>,
    /// No before the first line.
    pub is_up: Vec<bool>,
}

/// What [`crate::IchimokuValue`] is at each bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IchimokuLines {
    pub conversion: Vec<f64>,
    pub base: Vec<f64>,
    pub leading_a: Vec<f64>,
    pub leading_b: Vec<f64>,
}

/// [`crate::Standard`] of each bar, in one pass.
///
/// # Errors
/// As [`crate::Standard::new`].
pub fn standard(bars: Bars<'_>) -> Result<StandardLines, BadPeriod> {
    let mut lines = StandardLines::default();
    Standard::new()?.extend(bars, &mut lines);
    Ok(lines)
}

/// [`Sma`] of each value.
///
/// # Errors
/// As [`Sma::new`].
pub fn sma(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut sma = Sma::new(period)?;
    Ok(one_of_values(values, |values, out, scratch| sma.fill(values, out, scratch)))
}

/// [`Ema`] of each value.
///
/// # Errors
/// As [`Ema::new`].
pub fn ema(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut ema = Ema::new(period)?;
    Ok(one_of_values(values, |values, out, _| ema.fill(values, out)))
}

/// [`Rsi`] of each value.
///
/// # Errors
/// As [`Rsi::new`].
pub fn rsi(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut rsi = Rsi::new(period)?;
    Ok(one_of_values(values, |values, out, scratch| rsi.fill(values, out, scratch)))
}

/// [`SimpleRsi`] of each value.
///
/// # Errors
/// As [`SimpleRsi::new`].
pub fn simple_rsi(values: Series<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut rsi = SimpleRsi::new(period)?;
    Ok(one_of_values(values, |values, out, scratch| rsi.fill(values, out, scratch)))
}

/// [`Macd`] of each value.
///
/// # Errors
/// As [`Macd::new`].
pub fn macd(values: Series<'_>, fast: u32, slow: u32, signal: u32) -> Result<MacdLines, BadPeriod> {
    let mut macd = Macd::new(fast, slow, signal)?;
    let [line, signal, histogram] = of_values(values, |values, out, scratch| macd.fill(values, out, scratch));
    Ok(MacdLines { line, signal, histogram })
}

/// [`Bollinger`] of each value.
///
/// # Errors
/// As [`Bollinger::new`].
pub fn bollinger(values: Series<'_>, period: u32, width: Width) -> Result<BandLines, BadPeriod> {
    let mut bollinger = Bollinger::new(period, width)?;
    Ok(band_lines(of_values(values, |values, out, scratch| bollinger.fill(values, out, scratch))))
}

/// [`Atr`] of each bar.
///
/// # Errors
/// As [`Atr::new`].
pub fn atr(bars: Bars<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut atr = Atr::new(period)?;
    Ok(one_of_bars(bars, |bars, out, scratch| atr.fill(bars, out, scratch)))
}

/// [`Stochastic`] of each bar.
///
/// # Errors
/// As [`Stochastic::new`].
pub fn stochastic(bars: Bars<'_>, period: u32, k: u32, d: u32) -> Result<StochasticLines, BadPeriod> {
    let mut stochastic = Stochastic::new(period, k, d)?;
    let [k, d] = of_bars(bars, |bars, out, _| stochastic.fill(bars, out));
    Ok(StochasticLines { k, d })
}

/// [`Adx`] of each bar.
///
/// # Errors
/// As [`Adx::new`].
pub fn adx(bars: Bars<'_>, period: u32) -> Result<AdxLines, BadPeriod> {
    let mut adx = Adx::new(period)?;
    let [plus, minus, adx] = of_bars(bars, |bars, out, _| adx.fill(bars, out));
    Ok(AdxLines { plus, minus, adx })
}

/// [`Obv`] of each bar.
#[must_use]
pub fn obv(bars: Bars<'_>) -> Vec<f64> {
    let mut obv = Obv::new();
    one_of_bars(bars, |bars, out, _| obv.fill(bars, out))
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
    Ok(band_lines(of_bars(bars, |bars, out, scratch| donchian.fill(bars, out, scratch))))
}

/// [`Supertrend`] of each bar.
///
/// # Errors
/// As [`Supertrend::new`].
pub fn supertrend(bars: Bars<'_>, period: u32, width: Width) -> Result<SupertrendLines, BadPeriod> {
    let mut supertrend = Supertrend::new(period, width)?;
    let [line, direction] = of_bars(bars, |bars, out, _| supertrend.fill(bars, out));
    let is_up = direction.into_iter().map(|direction| direction > 0.0).collect();
    Ok(SupertrendLines { line, is_up })
}

/// [`Ichimoku`] of each bar.
///
/// # Errors
/// As [`Ichimoku::new`].
pub fn ichimoku(bars: Bars<'_>, conversion: u32, base: u32, leading: u32) -> Result<IchimokuLines, BadPeriod> {
    let mut ichimoku = Ichimoku::new(conversion, base, leading)?;
    let [conversion, base, leading_a, leading_b] =
        of_bars(bars, |bars, out, scratch| ichimoku.fill(bars, out, scratch));
    Ok(IchimokuLines { conversion, base, leading_a, leading_b })
}

/// [`Cci`] of each bar.
///
/// # Errors
/// As [`Cci::new`].
pub fn cci(bars: Bars<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    Cci::new(period)?;
    let typical: Vec<f64> = bars.each().map(|bar| bar.typical()).collect();
    let none = usize::try_from(period - 1).unwrap_or(usize::MAX).min(typical.len());
    let windows = typical.windows(none + 1).map(|window| cci_of(window, f64::from(period)));
    Ok(std::iter::repeat_n(f64::NAN, none).chain(windows).collect())
}

/// [`Mfi`] of each bar.
///
/// # Errors
/// As [`Mfi::new`].
pub fn mfi(bars: Bars<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut mfi = Mfi::new(period)?;
    Ok(one_of_bars(bars, |bars, out, scratch| mfi.fill(bars, out, scratch)))
}

/// [`WilliamsR`] of each bar.
///
/// # Errors
/// As [`WilliamsR::new`].
pub fn williams_r(bars: Bars<'_>, period: u32) -> Result<Vec<f64>, BadPeriod> {
    let mut williams = WilliamsR::new(period)?;
    Ok(one_of_bars(bars, |bars, out, scratch| williams.fill(bars, out, scratch)))
}

/// [`Keltner`] of each bar.
///
/// # Errors
/// As [`Keltner::new`].
pub fn keltner(bars: Bars<'_>, period: u32, ranges: u32, width: Width) -> Result<BandLines, BadPeriod> {
    let mut keltner = Keltner::new(period, ranges, width)?;
    Ok(band_lines(of_bars(bars, |bars, out, _| keltner.fill(bars, out))))
}

fn one_of_bars(bars: Bars<'_>, mut fill: impl FnMut(Bars<'_>, &mut [f64], &mut Scratch)) -> Vec<f64> {
    let [line] = of_bars(bars, |bars, [out], scratch| fill(bars, out, scratch));
    line
}

fn of_bars<const N: usize>(bars: Bars<'_>, fill: impl FnMut(Bars<'_>, Outs<'_, N>, &mut Scratch)) -> [Vec<f64>; N] {
    lines(bars.len(), bars.blocks(), fill)
}

fn one_of_values(values: Series<'_>, mut fill: impl FnMut(&[f64], &mut [f64], &mut Scratch)) -> Vec<f64> {
    let [line] = of_values(values, |values, [out], scratch| fill(values, out, scratch));
    line
}

fn of_values<const N: usize>(values: Series<'_>, fill: impl FnMut(&[f64], Outs<'_, N>, &mut Scratch)) -> [Vec<f64>; N] {
    let values = values.values();
    lines(values.len(), values.chunks(BLOCK), fill)
}

fn band_lines([upper, middle, lower]: [Vec<f64>; 3]) -> BandLines {
    BandLines { upper, middle, lower }
}
