//! What tests stand on, and nothing that ships.
//!
//! - [`sim`]: a seeded executor for plain futures, with a clock of its own and faults by plan.
//! - [`world`]: rows, queues and objects in memory, stricter than the cloud.
//! - [`contract`]: what each engine promises, run against memory and against the cloud.
//! - [`still`]: rows in memory without faults or a scheduler, for tests of what stands beside them.
//! - [`examples`]: answers that the document shows.
//! - [`kms`]: what wraps data keys, in memory.
//! - `proxy` (a feature): a proxy before the cloud's endpoint that fails by plan.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test support: a broken expectation ends the test"
)]
#![allow(async_fn_in_trait, reason = "as the ports: generic and never boxed")]

pub mod contract;
pub mod examples;
pub mod kms;
mod one_thread;
#[cfg(feature = "proxy")]
pub mod proxy;
pub mod sample;
pub mod sim;
pub mod still;
pub mod world;
