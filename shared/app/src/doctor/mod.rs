//! Whether the deployment is well: a look from inside ([`look_around`]), and what the findings mean ([`diagnose`]).
//!
//! 1. Looking changes nothing but the row that keeps what was seen. It is asked for at most once in 30 s, whoever asks.
//! 2. The look is asked for by the queue of the ticks and answered through the table: that an answer comes at all shows
//!    that queue, function and table work together, and no function needs the right to call another.
//! 3. What is of the whole deployment is told to whoever keeps it; everybody else is told of their own accounts.

mod ask;
mod check;
mod diagnose;
mod flight;
mod inside;
mod kept;
mod told;

pub use ask::ask;
pub use check::{Check, State};
pub use diagnose::{Facts, diagnose};
pub use flight::{Flight, in_flight};
pub use inside::{AccountFacts, Sight, look_around};
pub use kept::Sights;
pub use told::Reader;

#[cfg(test)]
mod tests;
