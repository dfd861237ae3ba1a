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
