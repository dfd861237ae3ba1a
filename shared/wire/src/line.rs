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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_ours_are_read_and_others_are_none() {
        let line = r#"{"level":"INFO","timestamp":"2026-01-31T12:00:00.123Z","route":"GET /x","attempt":"a","trace":"t","outcome":"503","calls":2,"ms":7}"#;
        let Some(Line::Worked(worked)) = Line::read(line) else { unreachable!("{line}") };
        assert_eq!((worked.route.as_deref(), worked.ms, worked.has_failed()), (Some("GET /x"), 7, true));
        let line = r#"{"timestamp":"x","attempt":"a","trace":"t","outcome":"rests","waited":12,"venue":{"calls":2,"ms":30},"calls":2,"ms":7}"#;
        let Some(Line::Worked(worked)) = Line::read(line) else { unreachable!("{line}") };
        assert_eq!((worked.waited, worked.venue), (Some(12), Some(VenueWork { calls: 2, ms: 30 })));
        assert!(!worked.has_failed());
        let line = r#"{"_aws":{"Timestamp":7},"refusals":[1,2],"tick_lag_s":3}"#;
        let measured = BTreeMap::from([("refusals".to_owned(), vec![1, 2]), ("tick_lag_s".to_owned(), vec![3])]);
        assert_eq!(Line::read(line), Some(Line::Measured(measured)));
        for other in ["START RequestId: x", "{}", "[1]", r#"{"level":"ERROR","message":"x"}"#] {
            assert_eq!(Line::read(other), None, "{other}");
        }
    }
}
