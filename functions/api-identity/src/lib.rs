//! Who may come in: registration, log-in, sessions, passwords, and people as an admin sees them.
//!
//! 1. Only this function reads the deployment's secret, by which tokens are signed; all others prove them by public keys.
//! 2. What is wrong with a log-in is never told, and takes as long whatever it is.
//! 3. Passwords and tokens stand in no log, no error and no row.
// A log-in asks some calls deep, and each is a future within a future.
#![recursion_limit = "256"]
#![allow(clippy::result_large_err, reason = "a problem is made at most once in a request")]

mod api;
mod given;
mod noted;
#[cfg(not(test))]
mod outside;
mod problem;
mod routes;
mod sought;

pub use api::{
    Api, Audits, DeploymentKey, Factors, KnownSigner, Objects, Parts, Passwords, Post, Registration, Sights, Store,
};
pub use routes::{documented, router};

#[cfg(test)]
mod tests;
