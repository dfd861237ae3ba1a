//! What prices did, and what a strategy would have made of it: candles, indicators, backtests.
//!
//! 1. Markets are the same for all users. Lists, backfills and backtests belong to one user; other users get 404.
//! 2. Nothing here is money: this function opens and seals no key, and sees no trade.
#![allow(clippy::result_large_err, reason = "a problem is made at most once in a request")]

mod api;
mod charts;
mod problem;
mod reckoned;
mod routes;

pub use api::{Api, Checks, Objects, Store, Workers};
pub use routes::{documented, router};

#[cfg(test)]
mod tests;
