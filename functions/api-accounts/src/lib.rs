//! What a user trades with: accounts at venues, and webhook tokens that let alerts in.
//!
//! 1. Whoever changes any of it may change accounts, and changes their own alone; somebody else's is looked at by whoever may
//!    read everybody's trading.
//! 2. A secret is answered once, where it is made.
#![allow(clippy::result_large_err, reason = "a problem is made at most once in a request")]

mod api;
mod new_key;
mod noted;
mod problem;
mod routes;

pub use api::{Api, Checks, Kms, Store};
pub use routes::{documented, router};

#[cfg(test)]
mod tests;
