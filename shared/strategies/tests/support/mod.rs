//! Bars, and what is said of them.
#![allow(clippy::unwrap_used, dead_code, reason = "assertions")]

use strategies::{BadRules, Bar, Candle, RuleText, Rules, Signal, Strategy};

pub(crate) fn read(text: &str) -> Result<Rules, BadRules> {
    RuleText::parse(text.as_bytes())?.read(&[])
}

/// Rules with this condition for an entry.
pub(crate) fn of_entry(condition: &str) -> String {
    format!(r#"{{"entry": {condition}}}"#)
}

/// Bars of an hour that open where the one before has closed.
pub(crate) fn candles_of(closes: &[f64]) -> Vec<Candle> {
    let opens = closes.iter().take(1).chain(closes);
    let bar = |(close, open): (&f64, &f64)| Bar::new(*open, open.max(*close), open.min(*close), *close, 1.0).unwrap();
    let hours = (0_i64..).map(|hour| hour * 3_600_000);
    closes.iter().zip(opens).map(bar).zip(hours).map(|(bar, time_ms)| Candle { time_ms, bar }).collect()
}

/// The same with another volume.
pub(crate) fn traded(candle: Candle, volume: f64) -> Candle {
    let bar = candle.bar;
    Candle { bar: Bar::new(bar.open(), bar.high(), bar.low(), bar.close(), volume).unwrap(), ..candle }
}

pub(crate) fn said(strategy: &mut impl Strategy, candles: &[Candle]) -> Vec<Signal> {
    candles.iter().map(|candle| strategy.update(candle)).collect()
}
