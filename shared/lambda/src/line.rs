//! The one line that a piece of work leaves.
//!
//! Names are short: a line is paid for by the byte, and there is one for each alert and each pass. Whose line it is,
//! its log group says. `timestamp` and `level` are called as Lambda reads them; it would add them where they are missing.

use domain::clock::{Millis, Timestamp};
use serde::{Serialize, Serializer};

#[derive(Debug, Serialize)]
#[serde(tag = "level", rename = "INFO")]
pub(crate) struct Line<'a> {
    #[serde(rename = "timestamp", serialize_with = "rfc_3339")]
    pub(crate) at: Timestamp,
    /// Of a request: method and route as declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) route: Option<&'a str>,
    pub(crate) attempt: &'a str,
    pub(crate) trace: &'a str,
    /// Entities that were looked at or changed.
    #[serde(serialize_with = "words", skip_serializing_if = "<[String]>::is_empty")]
    pub(crate) touched: &'a [String],
    pub(crate) outcome: &'a str,
    /// Of a message: how long it lay in its queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) waited: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) venue: Option<VenueWork>,
    /// Made to AWS.
    pub(crate) calls: u32,
    #[serde(rename = "ms", serialize_with = "milliseconds")]
    pub(crate) took: Millis,
}

/// Calls of a venue, and how long they took together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct VenueWork {
    pub(crate) calls: u32,
    #[serde(serialize_with = "milliseconds")]
    pub(crate) ms: Millis,
}

impl Line<'_> {
    pub(crate) fn text(&self) -> String {
        // Texts and numbers only, which always can be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn rfc_3339<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default())
}

fn words<S: Serializer>(words: &&[String], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&words.join(" "))
}

fn milliseconds<S: Serializer>(span: &Millis, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(span.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_there_and_no_more() {
        let touched = ["from=tradingview".to_owned(), "dlv_1".to_owned()];
        let line = Line {
            at: Timestamp::from_millis(1_769_860_800_123),
            route: Some("POST /api/webhook/{user_id}/{token}"),
            attempt: "request-1",
            trace: "trace-1",
            touched: &touched,
            outcome: "accepted",
            waited: None,
            venue: None,
            calls: 2,
            took: Millis::new(7),
        };
        assert_eq!(
            line.text(),
            r#"{"level":"INFO","timestamp":"2026-01-31T12:00:00.123Z","route":"POST /api/webhook/{user_id}/{token}","attempt":"request-1","trace":"trace-1","touched":"from=tradingview dlv_1","outcome":"accepted","calls":2,"ms":7}"#
        );
        let of_message = Line { waited: Some(12), venue: Some(VenueWork { calls: 2, ms: Millis::new(30) }), ..line };
        let expected = r#","outcome":"accepted","waited":12,"venue":{"calls":2,"ms":30},"calls":2,"ms":7}"#;
        assert!(of_message.text().ends_with(expected), "{}", of_message.text());
        let bare = Line { route: None, touched: &[], ..line };
        assert!(!bare.text().contains("route") && !bare.text().contains("touched"), "{}", bare.text());
    }
}
