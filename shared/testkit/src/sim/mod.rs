//! A world in which time, order and faults are arguments: the same seed and plan make the same run, step by step.
//!
//! 1. One thread, plain futures, no runtime: whoever waits is polled again when the executor says so.
//! 2. Every port call is one [`Sim::point`]; there the [`Plan`] may strike.
//! 3. Time moves only when nothing is ready. Clocks of functions may be wrong about it.
//! 4. A crash drops the future where it stands: what it had done stays done, what it held in memory is gone.

mod clocks;
mod executor;
mod plan;
mod point;
mod trace;

pub use executor::{Invocation, Sim};
pub use plan::{Counted, Latency, Plan, Rates, Strike, Strikes};
pub use point::{Op, Passage};
pub use trace::{Event, Trace};
