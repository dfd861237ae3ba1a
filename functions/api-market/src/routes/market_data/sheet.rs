//! Candles as CSV, in the columns that `moniqo indicators` writes and `moniqo backtest` reads.

use super::lines::lines;
use crate::reckoned::Chosen;
use domain::series::KeptCandle;
use std::fmt::Write;
use wire::view::IndicatorValues;

/// With a head. A cell is empty before the first value of its indicator.
pub(super) fn sheet(candles: &[KeptCandle], values: &[IndicatorValues], chosen: &Chosen) -> String {
    let mut sheet = "time_ms,open,high,low,close,volume".to_owned();
    for line in lines(&IndicatorValues::default(), chosen) {
        sheet.push(',');
        sheet.push_str(line.column);
    }
    for (kept, values) in candles.iter().zip(values) {
        let (bar, volume) = (kept.candle.bar, kept.candle.volume);
        let at = bar.opens_at.millis();
        // Nothing is refused by a text in memory.
        let _ = write!(sheet, "\n{at},{},{},{},{},{volume}", bar.open, bar.high, bar.low, bar.close);
        for line in lines(values, chosen) {
            sheet.push(',');
            let _ = line.value.map(|value| write!(sheet, "{value}"));
        }
    }
    sheet.push('\n');
    sheet
}
