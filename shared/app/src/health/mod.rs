//! How the deployment does, as its parts and the lines of its functions tell.

mod deep;
mod lines;
mod performance;
mod times;

pub use deep::{Deep, Work, deep};
pub use performance::{Performance, RouteTimes, performance};
pub use times::Times;
