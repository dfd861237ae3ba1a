//! How long indicators take over a million bars, each over slices and bar by bar: `cargo bench -p indicators`.
//!
//! `cargo bench -p indicators -- --columns FILE` takes the bars of a file (open, high, low, close and volume one behind the other, `f64`,
//! little-endian) and prints a line `name batch_ms each_ms` for each indicator: `bench/peers/indicators/compare.py` compares them with TA-Lib's.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a tool for people")]

use indicators::{
    Adx, Atr, Bar, Bars, Bollinger, Cci, Donchian, Ema, Ichimoku, Keltner, Macd, Mfi, Obv, Rsi, SimpleRsi, Sma,
    Standard, StandardLines, Stochastic, Supertrend, Vwap, Width, WilliamsR, batch,
};
use std::hint::black_box;
use std::time::{Duration, Instant};

const BARS: u32 = 1_000_000;
/// Bars whose lines are looked at before those of the next are made.
const PART: usize = 4096;
const RUNS: usize = 25;
const LONG_ENOUGH: Duration = Duration::from_millis(300);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let file = arguments.iter().position(|word| word == "--columns").map(|at| arguments[at + 1].clone());
    let columns = file.map_or_else(walk, |file| read(&std::fs::read(file).unwrap()));
    let [open, high, low, close, volume] = &columns;
    let columns = Bars::new(open, high, low, close, volume).unwrap();
    let bars: Vec<Bar> =
        (0..close.len()).map(|at| Bar::new(open[at], high[at], low[at], close[at], volume[at]).unwrap()).collect();
    measure(columns, &bars);
}

fn measure(columns: Bars<'_>, bars: &[Bar]) {
    let (close, volume, two) = (columns.close(), columns.volume(), Width::TWO);
    let times: Vec<i64> = (0..bars.len()).map(|at| i64::try_from(at).unwrap() * 60_000).collect();
    macro_rules! told {
        ($name:literal, $batch:expr, $new:expr, |$it:ident, $bar:ident| $update:expr) => {
            let at_once = fastest(|| $batch);
            let each = fastest(|| {
                let mut $it = $new;
                bars.iter().filter_map(|$bar| $update).fold(0.0, |sum, value| sum + value)
            });
            println!("{:<12} {at_once:>8.3} {each:>8.3}", $name);
        };
    }
    told!("rsi", batch::rsi(close, 14), Rsi::new(14).unwrap(), |it, bar| it.update(bar.close()));
    told!("macd", batch::macd(close, 12, 26, 9), Macd::new(12, 26, 9).unwrap(), |it, bar| it
        .update(bar.close())
        .map(|at| at.histogram));
    told!("ema_50", batch::ema(close, 50), Ema::new(50).unwrap(), |it, bar| it.update(bar.close()));
    told!("ema_200", batch::ema(close, 200), Ema::new(200).unwrap(), |it, bar| it.update(bar.close()));
    told!("sma_20", batch::sma(close, 20), Sma::new(20).unwrap(), |it, bar| it.update(bar.close()));
    told!("bollinger", batch::bollinger(close, 20, two), Bollinger::new(20, two).unwrap(), |it, bar| {
        it.update(bar.close()).map(|at| at.upper)
    });
    told!("atr", batch::atr(columns, 14), Atr::new(14).unwrap(), |it, bar| it.update(bar));
    told!("volume_sma", batch::sma(volume, 20), Sma::new(20).unwrap(), |it, bar| it.update(bar.volume()));
    told!("simple_rsi", batch::simple_rsi(close, 14), SimpleRsi::new(14).unwrap(), |it, bar| it.update(bar.close()));
    told!("stochastic", batch::stochastic(columns, 14, 3, 3), Stochastic::new(14, 3, 3).unwrap(), |it, bar| {
        it.update(bar).map(|at| at.d)
    });
    told!("adx", batch::adx(columns, 14), Adx::new(14).unwrap(), |it, bar| it.update(bar).map(|at| at.plus));
    told!("obv", batch::obv(columns), Obv::new(), |it, bar| it.update(bar));
    told!("donchian", batch::donchian(columns, 20), Donchian::new(20).unwrap(), |it, bar| it
        .update(bar)
        .map(|at| at.middle));
    told!(
        "supertrend",
        batch::supertrend(columns, 10, Width::THREE),
        Supertrend::new(10, Width::THREE).unwrap(),
        |it, bar| { it.update(bar).map(|at| at.line) }
    );
    told!("ichimoku", batch::ichimoku(columns, 9, 26, 52), Ichimoku::new(9, 26, 52).unwrap(), |it, bar| {
        it.update(bar).map(|at| at.leading_b)
    });
    told!("cci", batch::cci(columns, 20), Cci::new(20).unwrap(), |it, bar| it.update(bar));
    told!("mfi", batch::mfi(columns, 14), Mfi::new(14).unwrap(), |it, bar| it.update(bar));
    told!("williams_r", batch::williams_r(columns, 14), WilliamsR::new(14).unwrap(), |it, bar| it.update(bar));
    told!("keltner", batch::keltner(columns, 20, 10, two), Keltner::new(20, 10, two).unwrap(), |it, bar| {
        it.update(bar).map(|at| at.upper)
    });
    told!("vwap", batch::vwap(&times, columns), (Vwap::new(), 0_i64), |it, bar| {
        it.1 += 60_000;
        it.0.update(it.1, bar)
    });
    together(columns, bars);
}

/// The specification's set, bar by bar, as new lines, into lines that are there from before, and as lines that are looked at before the next are made.
fn together(columns: Bars<'_>, bars: &[Bar]) {
    let each = fastest(|| {
        let mut standard = Standard::new().unwrap();
        bars.iter().for_each(|bar| {
            black_box(standard.update(bar));
        });
    });
    println!("{:<12} {:>8.3} {each:>8.3}", "standard", fastest(|| batch::standard(columns)));
    let mut lines = StandardLines::default();
    let filled = fastest(|| {
        Standard::new().unwrap().fill(columns, &mut lines);
        black_box(&lines);
    });
    println!("{:<12} {filled:>8.3} {each:>8.3}", "filled");
    let mut lines = StandardLines::default();
    let at_once = fastest(|| {
        let mut standard = Standard::new().unwrap();
        for part in columns.parts(PART) {
            standard.fill(part, &mut lines);
            black_box(&lines);
        }
    });
    println!("{:<12} {at_once:>8.3} {each:>8.3}", "in_parts");
}

/// Of the runs that fit into some time, and of some at least; in milliseconds.
fn fastest<T>(mut run: impl FnMut() -> T) -> f64 {
    let (begun, mut least, mut runs) = (Instant::now(), f64::MAX, 0);
    while runs < RUNS || begun.elapsed() < LONG_ENOUGH {
        let begun = Instant::now();
        let made = black_box(run());
        least = least.min(begun.elapsed().as_secs_f64() * 1000.0);
        drop(made);
        runs += 1;
    }
    least
}

/// A random walk that is the same each time.
fn walk() -> [Vec<f64>; 5] {
    let mut columns: [Vec<f64>; 5] = Default::default();
    let (mut close, mut state) = (1000.0_f64, 1_u64);
    let mut chance = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX)
    };
    for _ in 0..BARS {
        let open = close;
        close *= 1.0 + (chance() - 0.5) * 0.004;
        let (high, low) = (open.max(close) * (1.0 + chance() * 0.001), open.min(close) * (1.0 - chance() * 0.001));
        let row = [open, high, low, close, chance() * 100.0];
        columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }
    columns
}

fn read(bytes: &[u8]) -> [Vec<f64>; 5] {
    let values: Vec<f64> = bytes.as_chunks::<8>().0.iter().map(|value| f64::from_le_bytes(*value)).collect();
    let bars = values.len() / 5;
    [0, 1, 2, 3, 4].map(|column| values[column * bars..(column + 1) * bars].to_vec())
}
