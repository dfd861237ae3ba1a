//! The money path whole, in simulated time: alerts come in, functions run and crash, the venue answers or does not;
//! and at the end nothing was lost, nothing was sent twice, and nothing is left undone.
//!
//! A run that fails prints its trace, its seed or its list of faults, and the command that runs it again.
//!
//! Where to begin: [`Scenario`] (what happens), [`exhaustive`] (every fault at every place, and every pair of them),
//! [`random`] (long seeded runs); `safety` and `rest` say what must be true after each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test support: a broken expectation ends the test"
)]

mod alert;
mod bots;
mod branches;
mod census;
mod deployment;
mod exhaustive;
mod functions;
mod hand;
mod parked;
mod people;
mod presets;
mod promised;
mod random;
mod replay;
mod rest;
mod run;
mod safety;
mod scenario;
mod seed;
mod seen;

pub use alert::{AlertText, alert};
pub use bots::{Says, Trades};
pub use deployment::Deployment;
pub use exhaustive::{calm, exhaustive, single_faults};
pub use random::{one_seed_is_one_run, random};
pub use scenario::{Scenario, ms, s, scenario};
pub use seen::Seen;

/// A good part of what a run takes is asking for memory and giving it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
