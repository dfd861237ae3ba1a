//! The API of a user's own trading: what arrived, what became of it, and the ways to stop it.
//!
//! 1. Every route asks for a bearer token first; each request is one conditional update of its session.
//! 2. What is another user's looks like what does not exist, but to whoever may read everybody's and names that user to look.
//! 3. Nothing here trades or opens a key: a wish is committed and the executor is rung.
#![allow(clippy::result_large_err, reason = "a problem is made at most once in a request")]

mod api;
mod noted;
mod problem;
mod routes;

pub use api::{Api, Assessments, Store};
pub use routes::{documented, router};

use lambda::{guard, matched, page, whose};

#[cfg(test)]
mod tests;
