//! Whether the deployment is well: a look from inside ([`look_around`]), and what the findings mean ([`diagnose`]).
//!
//! 1. Looking changes nothing but the row that keeps what was seen.
//! 2. The look is asked for by the queue of the ticks and answered through the table: that an answer comes at all shows
//!    that queue, function and table work together, and no function needs the right to call another.

mod ask;
mod check;
mod diagnose;
mod flight;
mod inside;

pub use ask::{Ask, ask};
pub use check::{Check, State};
pub use diagnose::{Facts, diagnose};
pub use flight::{Flight, in_flight};
pub use inside::{AccountFacts, Look, Sight, look_around};

#[cfg(test)]
mod tests;
