//! Values of TA-Lib and of small references, made by `tests/golden/indicators/reference.py`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "assertions")]

use indicators::{
    Adx, Atr, Bands, Bar, Bollinger, Cci, Donchian, Ema, Ichimoku, Keltner, Macd, Mfi, Obv, Rsi, SimpleRsi, Sma,
    Stochastic, Supertrend, Vwap, Width, WilliamsR,
};
use std::collections::BTreeMap;
use std::path::Path;

const CASES: [&str; 10] =
    ["btcusd", "flat", "one", "few", "no_volume", "huge", "tiny", "calm_after_storm", "days", "falling"];

/// One file: its candles, and what others say of them.
struct Golden {
    case: &'static str,
    times: Vec<i64>,
    bars: Vec<Bar>,
    columns: BTreeMap<String, Vec<Option<f64>>>,
}

fn golden(case: &'static str) -> Golden {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/indicators");
    let text = std::fs::read_to_string(folder.join(format!("{case}.csv"))).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<Vec<Option<f64>>> =
        rows.lines().map(|row| row.split(',').map(|cell| cell.parse().ok()).collect()).collect();
    let times = text.lines().skip(1).map(|row| row.split(',').next().unwrap().parse().unwrap()).collect();
    let bar = |row: &Vec<Option<f64>>| {
        let value = |at: usize| row[at].unwrap();
        Bar::new(value(1), value(2), value(3), value(4), value(5)).unwrap()
    };
    let column = |at: usize| rows.iter().map(|row| row[at]).collect();
    let columns = header.split(',').enumerate().map(|(at, name)| (name.to_owned(), column(at))).collect();
    Golden { case, times, bars: rows.iter().map(bar).collect(), columns }
}

impl Golden {
    /// Compares what an indicator says of each bar with a column for each of its lines.
    fn check<const N: usize>(
        &self,
        names: &[impl AsRef<str>; N],
        mut update: impl FnMut(i64, &Bar) -> [Option<f64>; N],
    ) {
        for (at, (time, bar)) in self.times.iter().zip(&self.bars).enumerate() {
            for (name, found) in names.iter().map(AsRef::as_ref).zip(update(*time, bar)) {
                let expected = self.columns[name][at];
                assert!(
                    is_alike(found, expected, self.unit(name)),
                    "{} {name} {at}: {found:?} for {expected:?}",
                    self.case
                );
            }
        }
    }

    /// How large what a line is made of is, where its own value is little because that cancels out.
    fn unit(&self, name: &str) -> f64 {
        let largest = |of: fn(&Bar) -> f64| self.bars.iter().map(of).fold(0.0, f64::max);
        match name.split('_').next() {
            Some("rsi" | "stochastic" | "adx" | "plus" | "minus" | "cci" | "mfi" | "williams") => 100.0,
            Some("volume" | "obv") => largest(Bar::volume),
            _ => largest(Bar::high),
        }
    }
}

fn is_alike(found: Option<f64>, expected: Option<f64>, unit: f64) -> bool {
    let (Some(found), Some(expected)) = (found, expected) else { return found == expected };
    (found - expected).abs() <= 1e-9 * expected.abs() + 1e-13 * unit
}

#[test]
fn lines_of_one_value() {
    for golden in CASES.map(golden) {
        let (mut rsi, mut simple, mut sma) =
            (Rsi::new(14).unwrap(), SimpleRsi::new(14).unwrap(), Sma::new(20).unwrap());
        golden.check(&["rsi_14"], |_, bar| [rsi.update(bar.close())]);
        golden.check(&["rsi_14_simple"], |_, bar| [simple.update(bar.close())]);
        golden.check(&["sma_20"], |_, bar| [sma.update(bar.close())]);
        for (name, period) in [("ema_5", 5), ("ema_50", 50), ("ema_200", 200)] {
            let mut ema = Ema::new(period).unwrap();
            golden.check(&[name], |_, bar| [ema.update(bar.close())]);
        }
        let mut volume = Sma::new(20).unwrap();
        golden.check(&["volume_sma_20"], |_, bar| [volume.update(bar.volume())]);
        let mut macd = Macd::new(12, 26, 9).unwrap();
        golden.check(&["macd", "macd_signal", "macd_histogram"], |_, bar| {
            let macd = macd.update(bar.close());
            [macd.map(|macd| macd.line), macd.map(|macd| macd.signal), macd.map(|macd| macd.histogram)]
        });
    }
}

fn lines_of(bands: Option<Bands>) -> [Option<f64>; 3] {
    [bands.map(|bands| bands.upper), bands.map(|bands| bands.middle), bands.map(|bands| bands.lower)]
}

#[test]
fn bands() {
    for golden in CASES.map(golden) {
        let mut bollinger = Bollinger::new(20, Width::TWO).unwrap();
        let mut donchian = Donchian::new(20).unwrap();
        let mut keltner = Keltner::new(20, 10, Width::TWO).unwrap();
        golden.check(&["bb_upper", "bb_middle", "bb_lower"], |_, bar| lines_of(bollinger.update(bar.close())));
        golden.check(&["donchian_upper", "donchian_middle", "donchian_lower"], |_, bar| lines_of(donchian.update(bar)));
        golden.check(&["keltner_upper", "keltner_middle", "keltner_lower"], |_, bar| lines_of(keltner.update(bar)));
    }
}

#[test]
fn ranges_and_trends() {
    for golden in CASES.map(golden) {
        let (mut atr, mut adx) = (Atr::new(14).unwrap(), Adx::new(14).unwrap());
        golden.check(&["atr_14"], |_, bar| [atr.update(bar)]);
        golden.check(&["adx_14", "plus_di_14", "minus_di_14"], |_, bar| {
            let adx = adx.update(bar);
            [adx.and_then(|adx| adx.adx), adx.map(|adx| adx.plus), adx.map(|adx| adx.minus)]
        });
        let mut supertrend = Supertrend::new(10, Width::THREE).unwrap();
        golden.check(&["supertrend", "supertrend_trend"], |_, bar| {
            let trend = supertrend.update(bar);
            [trend.map(|trend| trend.line), trend.map(|trend| if trend.is_up { 1.0 } else { -1.0 })]
        });
        let mut ichimoku = Ichimoku::new(9, 26, 52).unwrap();
        let names = ["ichimoku_conversion", "ichimoku_base", "ichimoku_leading_a", "ichimoku_leading_b"];
        golden.check(&names, |_, bar| {
            let lines = ichimoku.update(bar);
            let [conversion, base] = [lines.map(|lines| lines.conversion), lines.map(|lines| lines.base)];
            [conversion, base, lines.map(|lines| lines.leading_a), lines.map(|lines| lines.leading_b)]
        });
    }
}

#[test]
fn oscillators_and_volume() {
    for golden in CASES.map(golden) {
        let mut stochastic = Stochastic::new(14, 3, 3).unwrap();
        golden.check(&["stochastic_k", "stochastic_d"], |_, bar| {
            let value = stochastic.update(bar);
            [value.map(|value| value.k), value.map(|value| value.d)]
        });
        let (mut cci, mut mfi, mut williams) =
            (Cci::new(20).unwrap(), Mfi::new(14).unwrap(), WilliamsR::new(14).unwrap());
        golden.check(&["cci_20"], |_, bar| [cci.update(bar)]);
        golden.check(&["mfi_14"], |_, bar| [mfi.update(bar)]);
        golden.check(&["williams_r_14"], |_, bar| [williams.update(bar)]);
        let (mut obv, mut vwap) = (Obv::new(), Vwap::new());
        golden.check(&["obv"], |_, bar| [obv.update(bar)]);
        golden.check(&["vwap"], |time, bar| [vwap.update(time, bar)]);
    }
}

/// Their windows are put together of others', which other periods need in other numbers.
#[test]
fn of_other_periods() {
    let golden = golden("periods");
    let wide = Width::new(1.5).unwrap();
    for period in [2, 3, 7, 21, 33] {
        let named = |line: &str| format!("{line}_{period}");
        let (mut rsi, mut sma, mut ema) =
            (Rsi::new(period).unwrap(), Sma::new(period).unwrap(), Ema::new(period).unwrap());
        golden.check(&[&named("rsi"), &named("sma"), &named("ema")], |_, bar| {
            [rsi.update(bar.close()), sma.update(bar.close()), ema.update(bar.close())]
        });
        let (mut atr, mut williams) = (Atr::new(period).unwrap(), WilliamsR::new(period).unwrap());
        golden.check(&[&named("atr"), &named("williams_r")], |_, bar| [atr.update(bar), williams.update(bar)]);
        let (mut cci, mut mfi) = (Cci::new(period).unwrap(), Mfi::new(period).unwrap());
        golden.check(&[&named("cci"), &named("mfi")], |_, bar| [cci.update(bar), mfi.update(bar)]);
        let mut adx = Adx::new(period).unwrap();
        golden.check(&[&named("adx"), &named("plus_di"), &named("minus_di")], |_, bar| {
            let adx = adx.update(bar);
            [adx.and_then(|adx| adx.adx), adx.map(|adx| adx.plus), adx.map(|adx| adx.minus)]
        });
        let bands = |of: &str| ["upper", "middle", "lower"].map(|line| named(&format!("{of}_{line}")));
        let mut bollinger = Bollinger::new(period, wide).unwrap();
        golden.check(&bands("bb"), |_, bar| lines_of(bollinger.update(bar.close())));
        let mut donchian = Donchian::new(period).unwrap();
        golden.check(&bands("donchian"), |_, bar| lines_of(donchian.update(bar)));
        let mut keltner = Keltner::new(period, 7, wide).unwrap();
        golden.check(&bands("keltner"), |_, bar| lines_of(keltner.update(bar)));
        let mut supertrend = Supertrend::new(period, Width::TWO).unwrap();
        golden.check(&[&named("supertrend"), &named("supertrend_trend")], |_, bar| {
            let trend = supertrend.update(bar);
            [trend.map(|trend| trend.line), trend.map(|trend| if trend.is_up { 1.0 } else { -1.0 })]
        });
    }
    for (fast, slow, signal) in [(3, 10, 16), (5, 35, 5), (2, 3, 2)] {
        let names = ["macd", "macd_signal", "macd_histogram"].map(|line| format!("{line}_{fast}_{slow}_{signal}"));
        let mut macd = Macd::new(fast, slow, signal).unwrap();
        golden.check(&names, |_, bar| {
            let macd = macd.update(bar.close());
            [macd.map(|macd| macd.line), macd.map(|macd| macd.signal), macd.map(|macd| macd.histogram)]
        });
    }
    for (period, k, d) in [(5, 1, 1), (5, 3, 2), (21, 7, 7)] {
        let names = ["k", "d"].map(|line| format!("stochastic_{line}_{period}_{k}_{d}"));
        let mut stochastic = Stochastic::new(period, k, d).unwrap();
        golden.check(&names, |_, bar| {
            let value = stochastic.update(bar);
            [value.map(|value| value.k), value.map(|value| value.d)]
        });
    }
}
