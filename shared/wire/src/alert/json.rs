//! JSON as it was written: numbers keep their digits, members their order, and a name that comes twice comes twice.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// No alert nests deeper than four, and no rules of a bot deeper than twenty; what does is not looked into.
const DEPTH_MAX: usize = 24;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    /// The digits as they were sent.
    Number(String),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

/// # Errors
/// In words: where it stops being JSON, or what nests too deeply.
pub(crate) fn read(text: &str) -> Result<Node, String> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    node(raw, DEPTH_MAX)
}

/// The text of an alert, in which TradingView writes `NaN` where it has no number: that is read as the text `"NaN"`.
///
/// # Errors
/// As [`read`].
pub(super) fn read_alert(text: &str) -> Result<Node, String> {
    read(text).or_else(|wrong| quote_nan(text).and_then(|quoted| read(&quoted).ok()).ok_or(wrong))
}

/// The text with each bare `NaN` in the place of a value quoted; none where there is none.
fn quote_nan(text: &str) -> Option<String> {
    let (mut quoted, mut rest, mut found) = (String::with_capacity(text.len()), text, false);
    let (mut within, mut escaped, mut before) = (false, false, None);
    while let Some(sign) = rest.chars().next() {
        let follows = |rest: &str| rest.trim_start().starts_with([',', '}', ']']);
        if let Some(after) = nan_before(rest).filter(|after| !within && opens_value(before) && follows(after)) {
            quoted.push_str(r#""NaN""#);
            (rest, before, found) = (after, Some('"'), true);
            continue;
        }
        within ^= sign == '"' && !escaped;
        escaped = within && sign == '\\' && !escaped;
        before = if sign.is_whitespace() { before } else { Some(sign) };
        quoted.push(sign);
        rest = rest.get(sign.len_utf8()..).unwrap_or_default();
    }
    found.then_some(quoted)
}

fn nan_before(rest: &str) -> Option<&str> {
    let (word, after) = rest.split_at_checked(3)?;
    word.eq_ignore_ascii_case("nan").then_some(after)
}

fn opens_value(before: Option<char>) -> bool {
    matches!(before, Some(':' | ',' | '['))
}

fn node(raw: &RawValue, depth: usize) -> Result<Node, String> {
    let text = raw.get();
    let inner = || depth.checked_sub(1).ok_or_else(|| format!("the body nests deeper than {DEPTH_MAX} levels"));
    Ok(match text.bytes().next() {
        Some(b'{') => {
            let inner = inner()?;
            let Members(members) = serde_json::from_str(text).map_err(|error| not_json(&error))?;
            let read = |(name, raw): (String, &RawValue)| Ok((name, node(raw, inner)?));
            Node::Object(members.into_iter().map(read).collect::<Result<_, String>>()?)
        }
        Some(b'[') => {
            let inner = inner()?;
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| not_json(&error))?;
            Node::List(items.into_iter().map(|raw| node(raw, inner)).collect::<Result<_, String>>()?)
        }
        Some(b'"') => Node::Text(serde_json::from_str(text).map_err(|error| not_json(&error))?),
        Some(b't') => Node::Bool(true),
        Some(b'f') => Node::Bool(false),
        Some(b'n') | None => Node::Null,
        Some(_) => Node::Number(text.to_owned()),
    })
}

/// Only where it breaks: serde's words for what it found may repeat what it found.
fn not_json(error: &serde_json::Error) -> String {
    format!("the body is not JSON: it breaks at line {}, column {}", error.line(), error.column())
}

/// An object's members, all of them.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collect)
    }
}

struct Collect;

impl<'de> Visitor<'de> for Collect {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

impl fmt::Display for Node {
    /// As JSON without spaces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => quoted(f, text),
            Self::List(items) => {
                f.write_str("[")?;
                separated(f, items, |f, item| item.fmt(f))?;
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                separated(f, members, |f, (name, value)| {
                    quoted(f, name)?;
                    write!(f, ":{value}")
                })?;
                f.write_str("}")
            }
        }
    }
}

fn separated<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    mut write: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(",")?;
        }
        write(f, item)?;
    }
    Ok(())
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}
