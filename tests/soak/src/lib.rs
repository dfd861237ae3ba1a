//! The soak: many orders at once through the real adapters over real sockets, while the exchanges fail. At the end the
//! two books are equal, ours and theirs: nothing twice, nothing lost.
//!
//! 1. What is sent is sent by the native adapters and their transport, inside the time-outs of production.
//! 2. Each order is a `domain::order::Order` and is brought on by its commands and facts alone ([`pursuit`]).
//! 3. Both books are compared order by order and to the last digit ([`compare`]); every difference fails the run.

mod book;
mod compare;
mod desk;
mod faults;
mod figures;
pub mod login;
mod progress;
mod pursuit;
mod run;
mod stand;
mod street;
mod wish;

pub use compare::Difference;
pub use figures::Figures;
pub use progress::Progress;
pub use run::{Plan, Report, run};
pub use stand::Broken;
