//! Indicators of candles that lie in a file.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Indicators {
    /// A CSV file, or `-` for standard input: a header row with time_ms, open, high, low, close and volume in any order; other columns are
    /// ignored
    #[arg(long, value_name = "FILE")]
    pub(crate) candles: PathBuf,
}

pub(crate) const HELP: &str = "\
Example:
  moniqo indicators --candles btcusd_1h.csv > indicators.csv

Prints, for each candle, time_ms, rsi_14, rsi_14_simple, macd, macd_signal, macd_histogram, ema_50, ema_200, sma_20,
bb_upper, bb_middle, bb_lower, atr_14 and volume_sma_20. A cell is empty before its indicator's first value.
Times grow from row to row, in milliseconds since 1970. If a row is wrong, nothing is printed: a file is read twice, and standard input is held in memory.
No network is needed.";
