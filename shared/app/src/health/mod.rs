//! How the deployment does, as its parts and the lines of its functions tell.
//!
//! What cannot be read in time is named, and keeps back nothing that can.

mod deep;
mod lines;
mod performance;
mod times;
mod venues;

pub use deep::{Deep, State, Work, deep};
pub use lines::Unread;
pub use performance::{Performance, RouteTimes, performance};
pub use times::Times;
pub use venues::{Answering, Venue, Venues, venues};

use domain::clock::Timestamp;

/// When it is looked, and when whoever asked is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub now: Timestamp,
    pub deadline: Timestamp,
}

#[cfg(test)]
mod tests;
