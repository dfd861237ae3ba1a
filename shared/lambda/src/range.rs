//! Times that are asked for: `since` and `until`, which had other names in earlier releases.

use crate::api::{Hearer, Operation};
use crate::edge::Problem;
use domain::clock::Timestamp;
use serde_json::json;
use wire::view::bound;

/// The names of both ends in earlier releases.
pub type Former = [&'static str; 2];

/// What is asked for, each end by the name that the request uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// For what is wrong with an end otherwise.
    pub names: [&'static str; 2],
}

impl Range {
    /// # Errors
    /// 422 where an end is no time, has both names, or the last is not after the first.
    pub fn read<'a>(given: impl Fn(&'static str) -> Option<&'a str>, former: Former) -> Result<Self, Problem> {
        let (since, first) = end(&given, ["since", former[0]], false)?;
        let (until, last) = end(&given, ["until", former[1]], true)?;
        if since.zip(until).is_some_and(|(since, until)| since >= until) {
            return Err(Problem::field(last, format!("{last} must be later than {first}")));
        }
        Ok(Self { since, until, names: [first, last] })
    }
}

fn end<'a>(
    given: impl Fn(&'static str) -> Option<&'a str>,
    [name, former]: [&'static str; 2],
    is_end: bool,
) -> Result<(Option<Timestamp>, &'static str), Problem> {
    let (name, text) = match (given(name), given(former)) {
        (Some(_), Some(_)) => {
            let told = format!("{former} is another name of {name}: only one of them is allowed");
            return Err(Problem::field(former, told));
        }
        (None, Some(text)) => (former, Some(text)),
        (text, None) => (name, text),
    };
    let wrong = || Problem::field(name, format!("{name} must be a time such as 2026-01-31T12:00:00Z, or a day"));
    Ok((text.map(|text| bound(text, is_end).ok_or_else(wrong)).transpose()?, name))
}

/// Declares what [`Range::read`] reads, with what each end means.
#[must_use]
pub fn query<H: Hearer>(of: Operation<H>, since: &str, until: &str) -> Operation<H> {
    of.query("since", &moment(), &format!("{since}: RFC 3339, or a day in UTC")).query(
        "until",
        &moment(),
        &format!("{until}: RFC 3339, or a day in UTC, which is meant whole"),
    )
}

/// Declares the names of earlier releases.
#[must_use]
pub fn also<H: Hearer>(of: Operation<H>, former: Former) -> Operation<H> {
    of.query(former[0], &moment(), "another name of `since`").query(former[1], &moment(), "another name of `until`")
}

fn moment() -> serde_json::Value {
    json!({"type": "string", "minLength": 10, "maxLength": 40})
}
