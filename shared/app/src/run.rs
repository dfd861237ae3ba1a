//! What every use case on the money path knows of its run.

use crate::remarks::Remarks;
use domain::clock::Timestamp;
use domain::ids::AttemptId;

/// One run of a function.
#[derive(Debug, Clone)]
pub struct Run {
    /// The deployment's name; part of every client order id.
    pub deployment: String,
    /// Stamped on everything that this run writes.
    pub attempt: AttemptId,
    /// When the run is ended from outside.
    pub deadline: Timestamp,
    /// What it leaves for the system log.
    pub remarks: Remarks,
}
