//! The integration tests: one binary against the deployed local stack.
//!
//! Each test makes a trader of its own ([`support::Trader`]) and acts through the product's own doors: its routes, its
//! queues, its schedule. Behind its back it only does what the world does: prices move, a venue fails, time has passed
//! for a stored row.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bad_input;
mod contract;
mod crash;
mod doorbells;
mod meaning;
mod readme;
mod repeats;
mod rights;
mod secrets;
mod support;
mod template;
mod way;
