//! What every use case on the money path knows of its run.

use domain::clock::Timestamp;
use domain::ids::AttemptId;

/// One run of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The deployment's name; part of every client order id.
    pub deployment: String,
    /// Stamped on everything that this run writes.
    pub attempt: AttemptId,
    /// When the run is ended from outside.
    pub deadline: Timestamp,
}
