//! The lines that functions leave, as far as they are read again: what a piece of work took, and what it measured.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What marks a line of measured values.
const MEASURED: &str = "_aws";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Worked(Worked),
    /// By their metrics' names, in the order in which they were measured.
    Measured(BTreeMap<String, Vec<i64>>),
}

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Worked {
    /// Of a request.
    pub route: Option<String>,
    pub outcome: String,
    /// From its beginning to its end, in milliseconds.
    pub ms: i64,
    /// Of a message: how long it lay in its queue, in milliseconds.
    pub waited: Option<i64>,
    pub venue: Option<VenueWork>,
}

/// Calls of a venue, and how long they took together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct VenueWork {
    pub calls: u32,
    pub ms: i64,
}

impl Line {
    /// None where it is no line of ours.
    pub fn read(text: &str) -> Option<Self> {
        let line: Map<String, Value> = serde_json::from_str(text).ok()?;
        if line.contains_key(MEASURED) {
            let values = |value: &Value| match value {
                Value::Array(several) => several.iter().filter_map(Value::as_i64).collect(),
                one => one.as_i64().into_iter().collect::<Vec<_>>(),
            };
            let measured = line.iter().filter(|(name, _)| *name != MEASURED);
            return Some(Self::Measured(measured.map(|(name, value)| (name.clone(), values(value))).collect()));
        }
        serde_json::from_value(Value::Object(line)).ok().map(Self::Worked)
    }
}

impl Worked {
    /// Whether a request was answered by a failure of ours.
    pub fn has_failed(&self) -> bool {
        self.outcome.parse::<u16>().is_ok_and(|status| status >= 500)
    }
}
