//! Recorded candles: `bar,time_ms,open,high,low,close,volume`, as in the repository's recorded series.

use crate::engine::{Candle, Millis};
use domain::money::{Decimal, Fraction, Price};
use std::fs;
use std::path::Path;

/// # Errors
/// Which line is wrong, and with what.
pub fn read(file: &Path) -> Result<Vec<Candle>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    parse(&text)
}

/// # Errors
/// As [`read`].
pub fn parse(text: &str) -> Result<Vec<Candle>, String> {
    let lines = text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty());
    lines
        .map(|(number, line)| candle(line).ok_or_else(|| format!("line {}: not a candle", number.saturating_add(1))))
        .collect()
}

fn candle(line: &str) -> Option<Candle> {
    let mut fields = line.split(',').skip(1);
    let at = fields.next()?.parse().ok()?;
    let mut price = || fields.next()?.parse::<Price>().ok();
    let (open, high, low, close) = (price()?, price()?, price()?, price()?);
    Some(Candle { at, open, high, low, close, volume: fields.next()?.parse().ok()? })
}

/// These candles, so late that the last one ends where `now` begins.
pub fn until(candles: &[Candle], now: Millis) -> Vec<Candle> {
    let length = candles.first().zip(candles.get(1)).map_or(0, |(first, second)| second.at.saturating_sub(first.at));
    let end = candles.last().map_or(0, |last| last.at.saturating_add(length));
    let by = now.saturating_sub(end);
    candles.iter().map(|candle| Candle { at: candle.at.saturating_add(by), ..*candle }).collect()
}

/// The same candles with prices that a market of this tick can have.
pub fn on_ticks(candles: &[Candle], tick: Decimal) -> Vec<Candle> {
    let on = |price: Price| {
        let floored = Fraction::from(price.get()).floor_to(tick).ok();
        floored.and_then(|price| Price::new(price).ok()).unwrap_or(price)
    };
    let on_tick = |candle: &Candle| Candle {
        open: on(candle.open),
        high: on(candle.high),
        low: on(candle.low),
        close: on(candle.close),
        ..*candle
    };
    candles.iter().map(on_tick).collect()
}
