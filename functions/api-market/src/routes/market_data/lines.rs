//! Lines of indicators side by side, as tables of candles have them.

use crate::reckoned::Chosen;
use wire::view::IndicatorValues;

/// One of them at a candle: none before its indicator's first value.
pub(super) struct Line {
    indicator: &'static str,
    /// What it is called in a sheet, as `moniqo indicators` writes it.
    pub(super) column: &'static str,
    /// What it is called in JSON: where it stands in a candle's `indicators`.
    pub(super) member: &'static str,
    pub(super) value: Option<f64>,
}

/// Those of the indicators that are asked for, always in the same order.
pub(super) fn lines<'a>(values: &IndicatorValues, chosen: &'a Chosen) -> impl Iterator<Item = Line> + use<'a> {
    all(values).into_iter().filter(|line| chosen.contains(line.indicator))
}

fn all(values: &IndicatorValues) -> [Line; 12] {
    let (macd, bands) = (values.macd, values.bollinger_bands);
    let line = |indicator, column, member, value| Line { indicator, column, member, value };
    [
        line("RSI_14", "rsi_14", "RSI_14", values.rsi_14),
        line("MACD", "macd", "MACD.macd_line", macd.map(|macd| macd.macd_line)),
        line("MACD", "macd_signal", "MACD.signal_line", macd.map(|macd| macd.signal_line)),
        line("MACD", "macd_histogram", "MACD.histogram", macd.map(|macd| macd.histogram)),
        line("EMA_50", "ema_50", "EMA_50", values.ema_50),
        line("EMA_200", "ema_200", "EMA_200", values.ema_200),
        line("SMA_20", "sma_20", "SMA_20", values.sma_20),
        line("bollinger_bands", "bb_upper", "bollinger_bands.upper", bands.map(|bands| bands.upper)),
        line("bollinger_bands", "bb_middle", "bollinger_bands.middle", bands.map(|bands| bands.middle)),
        line("bollinger_bands", "bb_lower", "bollinger_bands.lower", bands.map(|bands| bands.lower)),
        line("atr_14", "atr_14", "atr_14", values.atr_14),
        line("volume_sma_20", "volume_sma_20", "volume_sma_20", values.volume_sma_20),
    ]
}
