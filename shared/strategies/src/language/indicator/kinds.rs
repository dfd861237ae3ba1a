//! The table.

use super::super::RULES_BARS_MAX;
use super::super::operand::PRICES;
use super::reckoned::Reckoned;
use super::{IndicatorKind, Reach};
use crate::parameters::{Kind, Parameter, Parameters};
use indicators::{
    Adx, Atr, BadPeriod, Bollinger, Cci, Donchian, Ema, Ichimoku, Keltner, Macd, Mfi, Obv, Rsi, SimpleRsi, Sma,
    Stochastic, Supertrend, Vwap, WIDTH_MAX, Width, WilliamsR,
};

/// What moves between 0 and 100 is far from its level at half of that.
const PERCENT: Reach = Reach::Points(50.0);
/// What is a price or a volume, at a twentieth.
const PRICE: Reach = Reach::OfLevel(0.05);
const BANDS: &[&str] = &["middle", "upper", "lower"];
const SOURCE: Parameter = Parameter { name: "source", doc: "Which price of the candle is used.", kind: PRICES };

/// In the order in which they are offered.
#[rustfmt::skip]
pub(in super::super) const KINDS: &[IndicatorKind] = &[
    IndicatorKind {
        name: "sma", title: "SMA", doc: "Mean of the last values.",
        parameters: &[bars("period", 1, 20), SOURCE], lines: &["sma"], reach: PRICE,
        warm_up: |of| last(of, "period"), build: |of| of_period(of, Sma::new, Reckoned::Sma),
    },
    IndicatorKind {
        name: "ema", title: "EMA", doc: "Exponential average, weighted by 2 / (period + 1).",
        parameters: &[bars("period", 1, 50), SOURCE], lines: &["ema"], reach: PRICE,
        warm_up: |of| last(of, "period"), build: |of| of_period(of, Ema::new, Reckoned::Ema),
    },
    IndicatorKind {
        name: "rsi", title: "RSI", doc: "Wilder's relative strength, from 0 to 100.",
        parameters: &[bars("period", 2, 14), SOURCE], lines: &["rsi"], reach: PERCENT,
        warm_up: |of| of.whole("period"), build: |of| of_period(of, Rsi::new, Reckoned::Rsi),
    },
    IndicatorKind {
        name: "simple_rsi", title: "simple RSI", doc: "Relative strength over plain means, from 0 to 100.",
        parameters: &[bars("period", 1, 14), SOURCE], lines: &["simple_rsi"], reach: PERCENT,
        warm_up: |of| of.whole("period"), build: |of| of_period(of, SimpleRsi::new, Reckoned::SimpleRsi),
    },
    IndicatorKind {
        name: "macd", title: "MACD", doc: "A fast average less a slow one, an average of that, and how far these are apart.",
        parameters: &[bars("fast", 2, 12), bars("slow", 2, 26), bars("signal", 1, 9), SOURCE],
        lines: &["macd", "signal", "histogram"], reach: Reach::OfClose(0.01),
        warm_up: |of| last(of, "slow").saturating_add(last(of, "signal")), build: macd,
    },
    IndicatorKind {
        name: "bollinger", title: "Bollinger", doc: "A mean, and so many deviations above and below it.",
        parameters: &[bars("period", 2, 20), width("deviations", "Deviations to each side.", 2.0), SOURCE],
        lines: BANDS, reach: PRICE, warm_up: |of| last(of, "period"),
        build: |of| of_period(of, |bars| Bollinger::new(bars, wide(of, "deviations")), Reckoned::Bollinger),
    },
    IndicatorKind {
        name: "atr", title: "ATR", doc: "Wilder's average true range, in the unit of the prices.",
        parameters: &[bars("period", 1, 14)], lines: &["atr"], reach: PRICE,
        warm_up: |of| of.whole("period"), build: |of| of_period(of, Atr::new, Reckoned::Atr),
    },
    IndicatorKind {
        name: "stochastic", title: "stochastic", doc: "Where the close stands in the range of the last bars, smoothed; from 0 to 100.",
        parameters: &[bars("period", 1, 14), bars("smooth_k", 1, 3), bars("smooth_d", 1, 3)], lines: &["k", "d"], reach: PERCENT,
        warm_up: |of| last(of, "period").saturating_add(last(of, "smooth_k")).saturating_add(last(of, "smooth_d")), build: stochastic,
    },
    IndicatorKind {
        name: "adx", title: "ADX", doc: "Wilder's directional movement: its index and both directions, from 0 to 100.",
        parameters: &[bars("period", 2, 14)], lines: &["adx", "plus_di", "minus_di"], reach: PERCENT,
        warm_up: |of| of.whole("period").saturating_add(last(of, "period")), build: |of| of_period(of, Adx::new, Reckoned::Adx),
    },
    IndicatorKind {
        name: "obv", title: "OBV", doc: "Volume of bars that have risen less that of those that have fallen.",
        parameters: &[], lines: &["obv"], reach: PRICE,
        warm_up: |_| 0, build: |_| Ok(Reckoned::Obv(Obv::new())),
    },
    IndicatorKind {
        name: "vwap", title: "VWAP", doc: "Mean price of the UTC day, weighted by volume; none while nothing was traded on it.",
        parameters: &[], lines: &["vwap"], reach: PRICE,
        warm_up: |_| 0, build: |_| Ok(Reckoned::Vwap(Vwap::new())),
    },
    IndicatorKind {
        name: "donchian", title: "Donchian", doc: "Highest and lowest price of the last bars, this one included, and their middle.",
        parameters: &[bars("period", 2, 20)], lines: BANDS, reach: PRICE,
        warm_up: |of| last(of, "period"), build: |of| of_period(of, Donchian::new, Reckoned::Donchian),
    },
    IndicatorKind {
        name: "supertrend", title: "Supertrend", doc: "A band of average true ranges that turns with the trend, and the trend: 1 up, -1 down.",
        parameters: &[bars("period", 2, 10), width("ranges", "Average true ranges to each side.", 3.0)],
        lines: &["supertrend", "direction"], reach: PRICE, warm_up: |of| of.whole("period"),
        build: |of| of_period(of, |bars| Supertrend::new(bars, wide(of, "ranges")), Reckoned::Supertrend),
    },
    IndicatorKind {
        name: "ichimoku", title: "Ichimoku", doc: "Hosoda's middles; the cloud over a bar is what the leading lines were `base` bars ago.",
        parameters: &[bars("conversion", 1, 9), bars("base", 1, 26), bars("leading", 1, 52)],
        lines: &["conversion", "base", "leading_a", "leading_b"], reach: PRICE,
        warm_up: |of| last(of, "leading"), build: ichimoku,
    },
    IndicatorKind {
        name: "cci", title: "CCI", doc: "Lambert's commodity channel index: mean deviations from the mean.",
        parameters: &[bars("period", 2, 20)], lines: &["cci"], reach: Reach::Points(100.0),
        warm_up: |of| last(of, "period"), build: |of| of_period(of, Cci::new, Reckoned::Cci),
    },
    IndicatorKind {
        name: "mfi", title: "MFI", doc: "Money flow index: the share that was paid while prices rose, from 0 to 100.",
        parameters: &[bars("period", 2, 14)], lines: &["mfi"], reach: PERCENT,
        warm_up: |of| of.whole("period"), build: |of| of_period(of, Mfi::new, Reckoned::Mfi),
    },
    IndicatorKind {
        name: "williams_r", title: "Williams %R", doc: "How far the close is below the highest price of the last bars, from -100 to 0.",
        parameters: &[bars("period", 2, 14)], lines: &["williams_r"], reach: PERCENT,
        warm_up: |of| last(of, "period"), build: |of| of_period(of, WilliamsR::new, Reckoned::WilliamsR),
    },
    IndicatorKind {
        name: "keltner", title: "Keltner", doc: "An exponential average, and so many average true ranges above and below it.",
        parameters: &[bars("period", 2, 20), bars("atr_period", 1, 10), width("ranges", "Average true ranges to each side.", 2.0)],
        lines: BANDS, reach: PRICE,
        warm_up: |of| last(of, "period").max(of.whole("atr_period")), build: keltner,
    },
];

const fn bars(name: &'static str, least: u32, default: u32) -> Parameter {
    Parameter { name, doc: "Bars that it looks back over.", kind: Kind::Whole { least, most: RULES_BARS_MAX, default } }
}

const fn width(name: &'static str, doc: &'static str, default: f64) -> Parameter {
    Parameter { name, doc, kind: Kind::Number { least: 0.0, most: WIDTH_MAX, default } }
}

/// The index of the bar on which the first value of a window stands.
fn last(of: &Parameters, name: &str) -> u32 {
    of.whole(name).saturating_sub(1)
}

/// Its values are those that an indicator takes.
fn wide(of: &Parameters, name: &str) -> Width {
    Width::new(of.number(name)).unwrap_or(Width::TWO)
}

type Made = Result<Reckoned, (&'static str, BadPeriod)>;

fn of_period<T>(of: &Parameters, new: impl Fn(u32) -> Result<T, BadPeriod>, reckoned: fn(T) -> Reckoned) -> Made {
    new(of.whole("period")).map(reckoned).map_err(|bad| ("period", bad))
}

fn macd(of: &Parameters) -> Made {
    let [fast, slow, signal] = ["fast", "slow", "signal"].map(|name| of.whole(name));
    Macd::new(fast, slow, signal).map(Reckoned::Macd).map_err(|bad| ("slow", bad))
}

fn stochastic(of: &Parameters) -> Made {
    let [period, k, d] = ["period", "smooth_k", "smooth_d"].map(|name| of.whole(name));
    Stochastic::new(period, k, d).map(Reckoned::Stochastic).map_err(|bad| ("period", bad))
}

fn ichimoku(of: &Parameters) -> Made {
    let [conversion, base, leading] = ["conversion", "base", "leading"].map(|name| of.whole(name));
    let name = if base < conversion { "base" } else { "leading" };
    Ichimoku::new(conversion, base, leading).map(Reckoned::Ichimoku).map_err(|bad| (name, bad))
}

fn keltner(of: &Parameters) -> Made {
    let [period, ranges] = ["period", "atr_period"].map(|name| of.whole(name));
    Keltner::new(period, ranges, wide(of, "ranges")).map(Reckoned::Keltner).map_err(|bad| ("period", bad))
}
