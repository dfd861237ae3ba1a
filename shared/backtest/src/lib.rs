//! Backtests: what a strategy would have made of recorded candles.
//!
//! Where to begin: [`run`] one over candles, or [`run_ladder`], or either by its [`Player`], [`Stats::of`] it, and [`months`];
//! then doubt it, by [`shuffled`] trades, [`judged`] goals, a [`search`] and a [`walk`], whose parts are [`joined`].
//!
//! 1. A decision rests on bars that have closed before it is carried out: no later one is looked at.
//! 2. Cash, sizes and prices are reckoned with exactly, in decimals, or the run is refused; floats are for what is shown.
//! 3. The same candles, strategy and terms make the same run, to the last bit.
//! 4. Nothing here reads a clock, stores or waits.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::as_conversions))]

mod account;
mod day;
mod exact;
mod gate;
mod goal;
mod joined;
mod laddered;
mod month;
mod plain;
mod random;
pub mod search;
mod shuffled;
mod stats;
#[cfg(test)]
mod testing;
mod waiting;
mod walk;
mod way;

pub use account::{BadTerms, Terms};
pub use exact::Inexact;
pub use gate::{BotTerms, Unfollowed};
pub use goal::{Goals, Judged, MONTHS_MAX, judged};
pub use joined::{Tested, joined};
pub use laddered::{BadFunding, BadLadderRun, Fill, Funding, LadderRun, LadderTerms, What, check_ladder, run_ladder};
pub use month::{Month, months};
pub use plain::{BadRun, Left, OpenPosition, Run, Trade, run};
pub use random::{DRAWS_MAX, Spread};
pub use search::on_cores;
pub use shuffled::{Shuffled, shuffled};
pub use stats::Stats;
pub use strategies::{Bar, Candle};
pub use walk::{Step, Window, split, walk, windows};
pub use way::{BadPlay, MarketTerms, Played, Player, Steps, Way, brought, ladder_of};
