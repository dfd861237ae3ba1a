//! Candles, who wants them, and what is played over them: the table of markets.

mod backfills;
mod backtests;
mod listed;
mod months;
mod series;
mod wishes;

pub use listed::{market_key, market_of, market_row};
pub use months::PackedMonths;
pub use series::{Failing, Older, SeriesMark, candle_key, candle_row, candles_of, rows_of};
pub use wishes::{Wanting, Wish, is_wish, wish, wish_gone, wish_write};

/// What is known of markets, and kept of their prices.
#[derive(Debug)]
pub struct Market<'a, E>(pub &'a E);
