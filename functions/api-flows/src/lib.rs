//! What flows begin with: sources of whale alerts.
//!
//! 1. Sources belong to the deployment; admins alone read and change them.
//! 2. Endpoints and keys are sealed here and opened nowhere but in `whale-watch`.
#![allow(clippy::result_large_err, reason = "a problem is made at most once in a request")]

mod api;
mod noted;
mod problem;
mod routes;

pub use api::{Api, Kms, Store};
pub use routes::{documented, router};

#[cfg(test)]
mod tests;
