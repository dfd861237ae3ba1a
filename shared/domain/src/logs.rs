//! The system log: what an operator would look for, as data.

use crate::clock::{Millis, Timestamp};
use crate::ids::{LogId, UserId};
use crate::words::words;
use std::collections::BTreeMap;

/// How long it is kept.
pub const RETENTION: Millis = Millis::seconds(30 * 86_400);

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warning,
    Error,
    Critical,
}

/// What it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    Security,
    Trading,
    System,
    Risk,
    Api,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub id: LogId,
    pub at: Timestamp,
    pub level: Level,
    pub category: Category,
    pub user: Option<UserId>,
    pub message: String,
    pub details: BTreeMap<String, String>,
    /// From where, as the edge saw it.
    pub address: Option<String>,
}

impl Note {
    /// Where it stands within its day: sorts by time.
    pub fn place(&self) -> String {
        format!("{:013}#{}", self.at.millis(), self.id)
    }

    pub fn forgotten_at(&self) -> Timestamp {
        self.at.plus(RETENTION)
    }
}

words! {
    Level { Debug = "DEBUG", Info = "INFO", Warning = "WARNING", Error = "ERROR", Critical = "CRITICAL" }
    Category { Security = "SECURITY", Trading = "TRADING", System = "SYSTEM", Risk = "RISK", Api = "API" }
}
