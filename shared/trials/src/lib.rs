//! Backtests as they are asked for and told: options in, figures out by name, for whoever asks.
//!
//! Where to begin: [`Carried::player`] of what was [`Asked`] for, [`Report::told`] of what came of it; [`Sweep`] for many.
//!
//! 1. An option that cannot be used is told by its name ([`Refused`]), before anything is played.
//! 2. The same candles and options tell the same, to the last digit.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::as_conversions))]

mod asked;
mod carried;
mod chosen;
mod doubts;
mod limits;
mod market;
mod own;
mod score;
mod sweep;
mod told;
mod values;

pub use asked::{Asked, Refused};
pub use carried::{Carried, refused_by};
pub use chosen::Chosen;
pub use doubts::{AskedDoubts, DRAWS, Doubted, Doubts, seed};
pub use score::Score;
pub use sweep::{AskedSweep, Sweep, parts};
pub use told::{Report, name, stats, together};
pub use values::Values;
