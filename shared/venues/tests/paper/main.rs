//! The paper venue seen from outside, through the `Venue` port alone.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod contracts;
mod costs;
mod faults;
mod fences;
mod lists;
mod offers;
mod orders;
mod pairs;
mod properties;
mod refusals;
mod series;
mod triggers;
mod world;
