//! The integration tests: one binary against the deployed local stack.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod template;
