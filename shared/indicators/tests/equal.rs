//! Bar by bar, over a slice, and after a snapshot the same comes to be; and values keep within their bounds.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use indicators::{
    Adx, Atr, Bands, Bar, Bars, Bollinger, Cci, Donchian, Ema, Ichimoku, Keltner, Macd, Mfi, Obv, Rsi, Series,
    SimpleRsi, Sma, Standard, StandardLines, Stochastic, Supertrend, Vwap, Width, WilliamsR, batch,
};
use proptest::prelude::*;

const DAY_MS: i64 = 86_400_000;

/// Candles as columns.
#[derive(Debug, Clone)]
struct Candles {
    times: Vec<i64>,
    columns: [Vec<f64>; 5],
}

impl Candles {
    fn bars(&self) -> Vec<Bar> {
        let [open, high, low, close, volume] = &self.columns;
        (0..close.len()).map(|at| Bar::new(open[at], high[at], low[at], close[at], volume[at]).unwrap()).collect()
    }

    fn columns(&self) -> Bars<'_> {
        let [open, high, low, close, volume] = &self.columns;
        Bars::new(open, high, low, close, volume).unwrap()
    }
}

/// Prices that rise, fall, stand still, and now and then are of another size altogether.
fn candles() -> impl Strategy<Value = Candles> {
    let bar =
        (prop_oneof![3 => -0.05..0.05_f64, 1 => Just(0.0)], 0.0..0.02_f64, 0.0..0.02_f64, 0.0..9.0_f64, 0..600_u32);
    let size = prop_oneof![3 => Just(100.0), 1 => Just(1e-8), 1 => Just(1e9)];
    (size.clone(), size, prop::collection::vec(bar, 0..90)).prop_map(|(first, then, bars)| {
        let mut candles = Candles { times: Vec::new(), columns: Default::default() };
        let (mut close, count) = (first, bars.len());
        for (at, (change, up, down, volume, minutes)) in bars.into_iter().enumerate() {
            let open = if 2 * at == count { then } else { close };
            close = open * (1.0 + change);
            let row = [
                open,
                open.max(close) * (1.0 + up),
                open.min(close) * (1.0 - down),
                close,
                (volume - 1.0_f64).max(0.0),
            ];
            candles.columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
            let before = candles.times.last().copied().unwrap_or(DAY_MS);
            candles.times.push(before + 1 + 60_000 * i64::from(minutes));
        }
        candles
    })
}

/// More than a block of them: a walk that stands still for a while, and is of another size afterwards.
fn many_candles() -> Candles {
    let mut candles = Candles { times: Vec::new(), columns: Default::default() };
    let (mut close, mut state) = (1000.0_f64, 1_u64);
    let mut chance = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX)
    };
    for at in 0..1700_u32 {
        let open = if at == 900 { 1e-5 } else { close };
        let moved = if (600..700).contains(&at) { 0.0 } else { 0.01 };
        close = open * (1.0 + (chance() - 0.5) * moved);
        let (high, low) = (open.max(close) * (1.0 + chance() * moved), open.min(close) * (1.0 - chance() * moved));
        candles.columns.iter_mut().zip([open, high, low, close, chance() * 9.0]).for_each(|(of, value)| of.push(value));
        candles.times.push(DAY_MS + 60_000 * i64::from(at));
    }
    candles
}

/// Within 1e-12 of each other.
fn is_alike(one: f64, other: f64) -> bool {
    one.is_nan() && other.is_nan() || (one - other).abs() <= 1e-12 * one.abs().max(other.abs())
}

/// Compares what comes bar by bar with a line of a batch.
fn check<T>(bars: &[T], line: &[f64], mut update: impl FnMut(&T) -> Option<f64>) -> Result<(), TestCaseError> {
    prop_assert_eq!(bars.len(), line.len());
    for (at, (bar, batch)) in bars.iter().zip(line).enumerate() {
        let value = update(bar).unwrap_or(f64::NAN);
        prop_assert!(is_alike(value, *batch), "bar {}: {} bar by bar, {} at once", at, value, batch);
    }
    Ok(())
}

proptest! {
    #[test]
    fn averages_over_a_slice_are_those_one_by_one(candles in candles(), period in 1..25_u32) {
        let close = &candles.columns[3];
        let series = Series::new(close).unwrap();
        let mut sma = Sma::new(period).unwrap();
        check(close, &batch::sma(series, period).unwrap(), |value| sma.update(*value))?;
        let mut ema = Ema::new(period).unwrap();
        check(close, &batch::ema(series, period).unwrap(), |value| ema.update(*value))?;
        let mut rsi = Rsi::new(period + 1).unwrap();
        check(close, &batch::rsi(series, period + 1).unwrap(), |value| rsi.update(*value))?;
        let mut rsi = SimpleRsi::new(period).unwrap();
        check(close, &batch::simple_rsi(series, period).unwrap(), |value| rsi.update(*value))?;
        // What cancels out is as exact as what it is made of.
        let (mut macd, mut slow) = (Macd::new(period + 1, 2 * period + 3, 4).unwrap(), Ema::new(2 * period + 3).unwrap());
        let line = batch::macd(series, period + 1, 2 * period + 3, 4).unwrap().line;
        let of = line.iter().zip(close).map(|(line, value)| line + 10.0 * slow.update(*value).unwrap_or(f64::NAN)).collect::<Vec<_>>();
        let mut slow = Ema::new(2 * period + 3).unwrap();
        check(close, &of, |value| {
            let of = slow.update(*value).unwrap_or(f64::NAN);
            macd.update(*value).map(|at| at.line + 10.0 * of)
        })?;
    }

    #[test]
    fn bands_over_a_slice_are_those_one_by_one(candles in candles(), period in 2..25_u32) {
        let (bars, columns) = (candles.bars(), candles.columns());
        let mut bollinger = Bollinger::new(period, Width::TWO).unwrap();
        let lines = batch::bollinger(columns.close(), period, Width::TWO).unwrap();
        // What cancels out is as exact as what it is made of.
        let of: Vec<_> = lines.lower.iter().zip(&lines.middle).map(|(lower, middle)| lower + 10.0 * middle).collect();
        check(&bars, &of, |bar| bollinger.update(bar.close()).map(|at| at.lower + 10.0 * at.middle))?;
        let mut donchian = Donchian::new(period).unwrap();
        let lines = batch::donchian(columns, period).unwrap();
        check(&bars, &lines.middle, |bar| donchian.update(bar).map(|at| at.middle))?;
        let mut keltner = Keltner::new(period, 10, Width::TWO).unwrap();
        let lines = batch::keltner(columns, period, 10, Width::TWO).unwrap();
        check(&bars, &lines.upper, |bar| keltner.update(bar).map(|at| at.upper))?;
        let mut supertrend = Supertrend::new(period, Width::THREE).unwrap();
        let lines = batch::supertrend(columns, period, Width::THREE).unwrap();
        check(&bars, &lines.line, |bar| supertrend.update(bar).map(|at| at.line))?;
        let mut ichimoku = Ichimoku::new(period, 2 * period, 3 * period).unwrap();
        let lines = batch::ichimoku(columns, period, 2 * period, 3 * period).unwrap();
        check(&bars, &lines.leading_b, |bar| ichimoku.update(bar).map(|at| at.leading_b))?;
    }

    #[test]
    fn oscillators_over_a_slice_are_those_one_by_one(candles in candles(), period in 2..25_u32) {
        let (bars, columns) = (candles.bars(), candles.columns());
        let mut atr = Atr::new(period).unwrap();
        check(&bars, &batch::atr(columns, period).unwrap(), |bar| atr.update(bar))?;
        let mut stochastic = Stochastic::new(period, 3, 3).unwrap();
        let lines = batch::stochastic(columns, period, 3, 3).unwrap();
        check(&bars, &lines.d, |bar| stochastic.update(bar).map(|at| at.d))?;
        let mut adx = Adx::new(period).unwrap();
        let lines = batch::adx(columns, period).unwrap();
        check(&bars, &lines.adx, |bar| adx.update(bar).and_then(|at| at.adx))?;
        let mut cci = Cci::new(period).unwrap();
        check(&bars, &batch::cci(columns, period).unwrap(), |bar| cci.update(bar))?;
        let mut mfi = Mfi::new(period).unwrap();
        check(&bars, &batch::mfi(columns, period).unwrap(), |bar| mfi.update(bar))?;
        let mut williams = WilliamsR::new(period).unwrap();
        check(&bars, &batch::williams_r(columns, period).unwrap(), |bar| williams.update(bar))?;
        let mut obv = Obv::new();
        check(&bars, &batch::obv(columns), |bar| obv.update(bar))?;
        let timed: Vec<_> = candles.times.iter().copied().zip(bars).collect();
        let mut vwap = Vwap::new();
        check(&timed, &batch::vwap(&candles.times, columns), |(time, bar)| vwap.update(*time, bar))?;
    }

    #[test]
    fn the_standard_set_at_once_in_parts_and_one_by_one_is_the_same(candles in candles(), part in 1..90_usize) {
        check_standard(&candles, part)?;
    }

    #[test]
    fn values_keep_within_their_bounds(candles in candles(), period in 2..25_u32) {
        let bars = candles.bars();
        let (mut rsi, mut simple, mut mfi) = (Rsi::new(period).unwrap(), SimpleRsi::new(period).unwrap(), Mfi::new(period).unwrap());
        let (mut stochastic, mut williams) = (Stochastic::new(period, 1, 1).unwrap(), WilliamsR::new(period).unwrap());
        let (mut adx, mut atr) = (Adx::new(period).unwrap(), Atr::new(period).unwrap());
        let (mut bollinger, mut donchian) = (Bollinger::new(period, Width::TWO).unwrap(), Donchian::new(period).unwrap());
        let percent = |value: Option<f64>| value.is_none_or(|value| (0.0..=100.0 + 1e-9).contains(&value));
        let ordered = |bands: Option<Bands>| bands.is_none_or(|at| at.lower <= at.middle && at.middle <= at.upper);
        for bar in &bars {
            for value in [rsi.update(bar.close()), simple.update(bar.close()), mfi.update(bar), stochastic.update(bar).map(|at| at.k)] {
                prop_assert!(percent(value), "{:?}", value);
            }
            let directions = adx.update(bar);
            prop_assert!(percent(directions.map(|at| at.plus)) && percent(directions.map(|at| at.minus)));
            prop_assert!(percent(directions.and_then(|at| at.adx)));
            prop_assert!(percent(williams.update(bar).map(|below| 100.0 + below)));
            prop_assert!(atr.update(bar).is_none_or(|range| range >= 0.0));
            prop_assert!(ordered(bollinger.update(bar.close())));
            let channel = donchian.update(bar);
            prop_assert!(ordered(channel) && channel.is_none_or(|at| at.lower <= bar.close() && bar.close() <= at.upper));
        }
    }
}

/// The set at once, in parts, and bar by bar.
fn check_standard(candles: &Candles, part: usize) -> Result<(), TestCaseError> {
    let (bars, columns) = (candles.bars(), candles.columns());
    let (mut standard, mut lines) = (Standard::new().unwrap(), StandardLines::default());
    columns.parts(part).for_each(|part| standard.extend(part, &mut lines));
    let at_once = batch::standard(columns).unwrap();
    // Over lines that are longer, and full of something else.
    let mut over =
        StandardLines { rsi_14: vec![7.0; bars.len() + 9], ema_50: vec![7.0; bars.len() / 2], ..at_once.clone() };
    Standard::new().unwrap().fill(columns, &mut over);
    for lines in [lines, at_once, over] {
        let mut standard = Standard::new().unwrap();
        let values: Vec<_> = bars.iter().map(|bar| standard.update(bar)).collect();
        check(&values, &lines.rsi_14, |at| at.rsi_14)?;
        check(&values, &lines.ema_50, |at| at.ema_50)?;
        check(&values, &lines.ema_200, |at| at.ema_200)?;
        check(&values, &lines.atr_14, |at| at.atr_14)?;
        check(&values, &lines.volume_sma_20, |at| at.volume_sma_20)?;
        check(&values, &lines.bollinger.upper, |at| at.bollinger.map(|bands| bands.upper))?;
        check(&values, &lines.bollinger.middle, |at| at.sma_20())?;
        let (mut slow, price) = (Ema::new(26).unwrap(), &candles.columns[3]);
        let slow: Vec<_> = price.iter().map(|value| 10.0 * slow.update(*value).unwrap_or(f64::NAN)).collect();
        let with_slow = |line: &[f64]| line.iter().zip(&slow).map(|(line, slow)| line + slow).collect::<Vec<_>>();
        let values: Vec<_> = values.into_iter().zip(&slow).collect();
        check(&values, &with_slow(&lines.macd.line), |(at, slow)| at.macd.map(|macd| macd.line + *slow))?;
        check(&values, &with_slow(&lines.macd.signal), |(at, slow)| at.macd.map(|macd| macd.signal + *slow))?;
    }
    Ok(())
}

#[test]
fn the_standard_set_of_many_bars_is_the_same_in_any_parts() {
    for part in [1, 63, 64, 250, 513, 1700] {
        check_standard(&many_candles(), part).unwrap();
    }
}

#[test]
fn many_bars_at_once_are_those_one_by_one() {
    for period in [2, 3, 4, 5, 14, 20, 33, 64, 65, 300] {
        check_period(&many_candles(), period).unwrap();
    }
}

fn check_period(candles: &Candles, period: u32) -> Result<(), TestCaseError> {
    let (bars, columns) = (candles.bars(), candles.columns());
    let close = columns.close();
    let mut sma = Sma::new(period).unwrap();
    check(&bars, &batch::sma(close, period).unwrap(), |bar| sma.update(bar.close()))?;
    let mut rsi = Rsi::new(period).unwrap();
    check(&bars, &batch::rsi(close, period).unwrap(), |bar| rsi.update(bar.close()))?;
    let mut simple = SimpleRsi::new(period).unwrap();
    check(&bars, &batch::simple_rsi(close, period).unwrap(), |bar| simple.update(bar.close()))?;
    let mut atr = Atr::new(period).unwrap();
    check(&bars, &batch::atr(columns, period).unwrap(), |bar| atr.update(bar))?;
    let mut williams = WilliamsR::new(period).unwrap();
    check(&bars, &batch::williams_r(columns, period).unwrap(), |bar| williams.update(bar))?;
    let mut mfi = Mfi::new(period).unwrap();
    check(&bars, &batch::mfi(columns, period).unwrap(), |bar| mfi.update(bar))?;
    let (mut donchian, lines) = (Donchian::new(period).unwrap(), batch::donchian(columns, period).unwrap());
    check(&bars, &lines.lower, |bar| donchian.update(bar).map(|at| at.lower))?;
    // What cancels out is as exact as what it is made of.
    let (mut ema, mut macd) = (Ema::new(2 * period).unwrap(), Macd::new(period, 2 * period, 9).unwrap());
    let (averages, lines) =
        (batch::ema(close, 2 * period).unwrap(), batch::macd(close, period, 2 * period, 9).unwrap());
    let of: Vec<_> = lines.signal.iter().zip(&averages).map(|(signal, average)| signal + 10.0 * average).collect();
    check(&bars, &of, |bar| {
        let average = ema.update(bar.close());
        macd.update(bar.close()).zip(average).map(|(at, average)| at.signal + 10.0 * average)
    })?;
    let width = Width::TWO;
    let (mut bollinger, lines) =
        (Bollinger::new(period, width).unwrap(), batch::bollinger(close, period, width).unwrap());
    check(&bars, &lines.upper, |bar| bollinger.update(bar.close()).map(|at| at.upper))
}

/// Each line of those that have several.
#[test]
fn every_line_of_many_bars_at_once_is_the_one_bar_by_bar() {
    let candles = many_candles();
    for period in [2, 14, 65] {
        check_lines(&candles, period).unwrap();
    }
}

fn check_lines(candles: &Candles, period: u32) -> Result<(), TestCaseError> {
    let (bars, columns) = (candles.bars(), candles.columns());
    let keltner = || Keltner::new(period, 10, Width::TWO).unwrap();
    let lines = batch::keltner(columns, period, 10, Width::TWO).unwrap();
    let (mut upper, mut middle, mut lower) = (keltner(), keltner(), keltner());
    check(&bars, &lines.upper, |bar| upper.update(bar).map(|at| at.upper))?;
    check(&bars, &lines.middle, |bar| middle.update(bar).map(|at| at.middle))?;
    check(&bars, &lines.lower, |bar| lower.update(bar).map(|at| at.lower))?;
    let mut supertrend = Supertrend::new(period, Width::THREE).unwrap();
    let up: Vec<_> =
        batch::supertrend(columns, period, Width::THREE).unwrap().is_up.into_iter().map(f64::from).collect();
    // Before its first value it is neither.
    let said: Vec<_> = bars.iter().map(|bar| supertrend.update(bar).map_or(0.0, |at| f64::from(at.is_up))).collect();
    prop_assert_eq!(up, said);
    let ichimoku = || Ichimoku::new(period, 2 * period, 3 * period).unwrap();
    let lines = batch::ichimoku(columns, period, 2 * period, 3 * period).unwrap();
    let (mut conversion, mut base, mut leading) = (ichimoku(), ichimoku(), ichimoku());
    check(&bars, &lines.conversion, |bar| conversion.update(bar).map(|at| at.conversion))?;
    check(&bars, &lines.base, |bar| base.update(bar).map(|at| at.base))?;
    check(&bars, &lines.leading_a, |bar| leading.update(bar).map(|at| at.leading_a))?;
    let mut stochastic = Stochastic::new(period, 3, 3).unwrap();
    check(&bars, &batch::stochastic(columns, period, 3, 3).unwrap().k, |bar| stochastic.update(bar).map(|at| at.k))?;
    let (mut plus, mut minus) = (Adx::new(period).unwrap(), Adx::new(period).unwrap());
    let lines = batch::adx(columns, period).unwrap();
    check(&bars, &lines.plus, |bar| plus.update(bar).map(|at| at.plus))?;
    check(&bars, &lines.minus, |bar| minus.update(bar).map(|at| at.minus))
}

/// Of each indicator: what it holds after some bars goes into a new one, and both go on alike, to the bit.
macro_rules! goes_on {
    ($($test:ident: $new:expr, |$it:ident, $bar:ident, $time:ident| $update:expr;)*) => {
        proptest! {$(
            #[test]
            fn $test(candles in candles(), share in 0.0..1.0_f64) {
                let (bars, mut one) = (candles.bars(), $new);
                let until = (0..bars.len()).take_while(|at| share > (*at as f64) / (bars.len() as f64)).count();
                let timed: Vec<_> = candles.times.iter().copied().zip(bars).collect();
                for ($time, $bar) in &timed[..until] {
                    let ($it, _) = (&mut one, $time);
                    let _ = $update;
                }
                let taken = one.snapshot();
                let kept = indicators::Snapshot::new(taken.name(), taken.counts().to_vec(), taken.numbers().to_vec()).unwrap();
                let mut other = $new.restored(&kept).unwrap();
                prop_assert_eq!(&one, &other);
                for ($time, $bar) in &timed[until..] {
                    let (before, _) = ({ let $it = &mut one; $update }, $time);
                    let after = { let $it = &mut other; $update };
                    prop_assert_eq!(before, after);
                }
            }
        )*}
    };
}

goes_on! {
    sma: Sma::new(7).unwrap(), |it, bar, time| it.update(bar.close());
    ema: Ema::new(7).unwrap(), |it, bar, time| it.update(bar.close());
    rsi: Rsi::new(7).unwrap(), |it, bar, time| it.update(bar.close());
    simple_rsi: SimpleRsi::new(7).unwrap(), |it, bar, time| it.update(bar.close());
    macd: Macd::new(4, 9, 3).unwrap(), |it, bar, time| it.update(bar.close());
    bollinger: Bollinger::new(7, Width::TWO).unwrap(), |it, bar, time| it.update(bar.close());
    atr: Atr::new(7).unwrap(), |it, bar, time| it.update(bar);
    stochastic: Stochastic::new(7, 3, 3).unwrap(), |it, bar, time| it.update(bar);
    adx: Adx::new(7).unwrap(), |it, bar, time| it.update(bar);
    obv: Obv::new(), |it, bar, time| it.update(bar);
    vwap: Vwap::new(), |it, bar, time| it.update(*time, bar);
    donchian: Donchian::new(7).unwrap(), |it, bar, time| it.update(bar);
    supertrend: Supertrend::new(7, Width::THREE).unwrap(), |it, bar, time| it.update(bar);
    ichimoku: Ichimoku::new(3, 7, 12).unwrap(), |it, bar, time| it.update(bar);
    cci: Cci::new(7).unwrap(), |it, bar, time| it.update(bar);
    mfi: Mfi::new(7).unwrap(), |it, bar, time| it.update(bar);
    williams_r: WilliamsR::new(7).unwrap(), |it, bar, time| it.update(bar);
    keltner: Keltner::new(7, 4, Width::TWO).unwrap(), |it, bar, time| it.update(bar);
    standard: Standard::new().unwrap(), |it, bar, time| it.update(bar);
}
