//! Candles as CSV, in the columns that `moniqo indicators` writes and `moniqo backtest` reads.

use crate::reckoned::Chosen;
use domain::series::KeptCandle;
use std::fmt::Write;
use wire::view::IndicatorValues;

/// An indicator, a column of it, and what stands there.
type Cell = (&'static str, &'static str, Option<f64>);

/// With a head. A cell is empty before the first value of its indicator.
pub(super) fn sheet(candles: &[KeptCandle], values: &[IndicatorValues], chosen: &Chosen) -> String {
    let mut sheet = "time_ms,open,high,low,close,volume".to_owned();
    let of = |values: &IndicatorValues| cells(values).into_iter().filter(|(indicator, ..)| chosen.contains(indicator));
    for (_, column, _) in of(&IndicatorValues::default()) {
        sheet.push(',');
        sheet.push_str(column);
    }
    for (kept, values) in candles.iter().zip(values) {
        let (bar, volume) = (kept.candle.bar, kept.candle.volume);
        let at = bar.opens_at.millis();
        // Nothing is refused by a text in memory.
        let _ = write!(sheet, "\n{at},{},{},{},{},{volume}", bar.open, bar.high, bar.low, bar.close);
        for (.., value) in of(values) {
            sheet.push(',');
            let _ = value.map(|value| write!(sheet, "{value}"));
        }
    }
    sheet.push('\n');
    sheet
}

fn cells(values: &IndicatorValues) -> [Cell; 12] {
    let (macd, bands) = (values.macd, values.bollinger_bands);
    [
        ("RSI_14", "rsi_14", values.rsi_14),
        ("MACD", "macd", macd.map(|macd| macd.macd_line)),
        ("MACD", "macd_signal", macd.map(|macd| macd.signal_line)),
        ("MACD", "macd_histogram", macd.map(|macd| macd.histogram)),
        ("EMA_50", "ema_50", values.ema_50),
        ("EMA_200", "ema_200", values.ema_200),
        ("SMA_20", "sma_20", values.sma_20),
        ("bollinger_bands", "bb_upper", bands.map(|bands| bands.upper)),
        ("bollinger_bands", "bb_middle", bands.map(|bands| bands.middle)),
        ("bollinger_bands", "bb_lower", bands.map(|bands| bands.lower)),
        ("atr_14", "atr_14", values.atr_14),
        ("volume_sma_20", "volume_sma_20", values.volume_sma_20),
    ]
}
