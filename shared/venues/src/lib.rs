//! Exchanges behind the [`app::ports::Venue`] port, and what is put around every one of them.
//!
//! A function wires `Timed::new(Prompt::new(venue, clock))`: a request that is late is not sent, and a call that does
//! not end is given up.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions))]
#![allow(async_fn_in_trait, reason = "ports are generic and never boxed; adapters decide whether futures are Send")]

pub mod breadth;
mod exchanges;
pub mod native;
pub mod paper;
mod prompt;
mod timed;

pub use exchanges::{Books, Exchanges, Sites, Wanted};
pub use paper::Paper;
pub use prompt::Prompt;
pub use timed::Timed;
