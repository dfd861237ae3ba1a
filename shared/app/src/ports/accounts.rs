//! Accounts as their owner keeps them.

pub use store::trading::{Groups, Idle, KeptAccount};
