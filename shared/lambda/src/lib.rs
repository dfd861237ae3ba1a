//! Where a function meets AWS Lambda: the only crate that names `lambda_runtime` and `lambda_http`.
//!
//! A function's `main` is [`boot::main`]; inside, it hands what it does to one of [`edge::run`] (HTTP), [`sqs::run`]
//! (queues) or [`event::run`] (schedules). Each piece of work comes with an [`Invocation`].
//!
//! 1. A piece of work leaves one structured line, and no body, path or secret in it.
//! 2. Time is read and random numbers are made here; from here on they are arguments.
#![allow(clippy::result_large_err, reason = "a problem is made at most once in a request")]

/// For guards of tests whose handlers change nothing.
#[cfg(test)]
macro_rules! no_rows {
    () => {
        type Store = testkit::still::Still;

        fn store(&self) -> &Self::Store {
            static NONE: std::sync::LazyLock<testkit::still::Still> = std::sync::LazyLock::new(Default::default);
            &NONE
        }

        fn for_once(self, _: std::sync::Arc<store::idempotency::Once>) -> Self {
            self
        }
    };
}

pub mod api;
pub mod body;
pub mod boot;
pub mod edge;
pub mod event;
pub mod guard;
mod idempotency;
mod invocation;
mod line;
pub mod matched;
mod metrics;
pub mod noted;
pub mod own;
pub mod page;
pub mod range;
pub mod sqs;
pub mod whose;

pub use idempotency::RequiredKey;
pub use invocation::Invocation;
pub use metrics::{Figure, Metric};

/// Any error that ends an invocation or a start.
pub type Error = lambda_runtime::Error;
