//! The exchanges that are spoken to in their own words, seen from outside, against a server of this machine.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod binance;
mod breadth;
mod coinbase;
mod exchanges;
mod held;
mod kraken;
mod server;
mod transport;

/// For how long one look goes on here, however slow this machine is.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
