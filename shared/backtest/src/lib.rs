//! Backtests: what a strategy would have made of recorded candles.
//!
//! Where to begin: [`run`] one over candles, [`Stats::of`] it, and [`months`].
//!
//! 1. A decision rests on bars that have closed before it is carried out: no later one is looked at.
//! 2. Cash, sizes and prices are reckoned with exactly, in decimals, or the run is refused; floats are for what is shown.
//! 3. The same candles, strategy and terms make the same run, to the last bit.
//! 4. Nothing here reads a clock, stores or waits.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::as_conversions))]

mod account;
mod day;
mod exact;
mod laddered;
mod month;
mod plain;
pub mod search;
mod stats;
#[cfg(test)]
mod testing;
mod waiting;

pub use account::{BadTerms, Terms};
pub use exact::Inexact;
pub use laddered::{BadLadderRun, Fill, LadderRun, LadderTerms, What, run_ladder};
pub use month::{Month, months};
pub use plain::{BadRun, OpenPosition, Run, Trade, run};
pub use search::on_cores;
pub use stats::Stats;
pub use strategies::{Bar, Candle};
