//! Who may come in: registration, log-in, sessions, passwords, and people as an admin sees them.
//!
//! 1. Only this function reads the deployment's secret, by which tokens are signed; all others prove them by public keys.
//! 2. What is wrong with a log-in is never told, and takes as long whatever it is.
//! 3. Passwords and tokens stand in no log, no error and no row.
#![allow(clippy::result_large_err, reason = "a problem is made at most once in a request")]

pub mod definitions;
mod deployed;
mod desk;
pub mod factor;
pub mod forgot;
mod given;
pub mod health;
pub mod inbox;
mod logs_desk;
mod noted;
pub mod oauth;
pub mod oneself;
pub mod people;
pub mod plans;
mod post;
mod problem;
pub mod programs;
mod routes;
mod sought;

pub use deployed::{Deployed, Registration};
pub use desk::Desk;
pub use logs_desk::{Link, LogsDesk};
pub use post::Post;
pub use routes::{all, documented, router};

#[cfg(test)]
mod asking;
#[cfg(test)]
mod tests;
