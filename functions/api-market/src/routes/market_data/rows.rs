//! Candles as rows of JSON under one head: half of what they take where each names its lines.

use super::lines::lines;
use crate::reckoned::Chosen;
use domain::series::KeptCandle;
use wire::view::{self, IndicatorValues, MarketCell};

const OF_CANDLE: [&str; 6] = ["timestamp", "open", "high", "low", "close", "volume"];

pub(super) fn columns(chosen: &Chosen) -> Vec<String> {
    let of_indicators = lines(&IndicatorValues::default(), chosen).map(|line| line.member);
    OF_CANDLE.into_iter().chain(of_indicators).map(str::to_owned).collect()
}

/// One of each candle, in the order of the columns.
pub(super) fn rows(candles: &[KeptCandle], values: &[IndicatorValues], chosen: &Chosen) -> Vec<Vec<MarketCell>> {
    candles.iter().zip(values).map(|(kept, values)| row(kept, values, chosen)).collect()
}

fn row(kept: &KeptCandle, values: &IndicatorValues, chosen: &Chosen) -> Vec<MarketCell> {
    let bar = kept.candle.bar;
    let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|price| price.to_string());
    let of_candle = [view::time(bar.opens_at).to_string(), open, high, low, close, kept.candle.volume.to_string()];
    let of_indicators = lines(values, chosen).map(|line| MarketCell::Number(line.value));
    of_candle.into_iter().map(MarketCell::Text).chain(of_indicators).collect()
}
