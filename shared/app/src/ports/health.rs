//! How the deployment does: its parts, and the lines that its functions have left.

use super::StoreError;
use domain::clock::{Millis, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    Table,
    Queue,
    Key,
}

/// What lies in a queue, as far as it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Depth {
    pub waiting: u64,
    pub in_hand: u64,
    /// Sent, and not to be received yet.
    pub delayed: u64,
}

/// A part of the deployment, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartSeen {
    pub kind: PartKind,
    pub name: &'static str,
    pub took: Millis,
    /// Of a queue its depth; or why it cannot be used.
    pub state: Result<Option<Depth>, StoreError>,
}

pub trait LookAtParts {
    /// Every part, all at once; one that does not answer holds up no other.
    async fn look_at_parts(&self, now: Timestamp) -> Vec<PartSeen>;
}

/// From one time to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Lines of a function's log, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinesPage {
    pub lines: Vec<String>,
    pub next: Option<String>,
}

pub trait ReadLines {
    /// Of a window, oldest first, within `LOG_TIMEOUT`. A page may be empty and name a next one. No line is none: a function
    /// that has done nothing has no log.
    async fn read_lines(
        &self,
        function: &str,
        window: Window,
        after: Option<&str>,
        now: Timestamp,
    ) -> Result<LinesPage, StoreError>;
}
