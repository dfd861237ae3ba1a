//! What `serde` refuses, in the words of the API: the member by its path, and what is allowed. A value is never repeated: it
//! may be a secret.

use crate::edge::Problem;
use serde_path_to_error::{Error, Path, Segment};

pub(super) fn problem(error: &Error<serde_json::Error>) -> Problem {
    let message = error.inner().to_string();
    let (path, words) = match message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
        Some((name, why)) => (path(error.path(), Some(name)), format!("is required{why}")),
        None => (path(error.path(), None), words(&message)),
    };
    if path.is_empty() {
        return Problem::invalid("invalid_field", [], format!("the body {words}"));
    }
    Problem::field(&path, format!("{path} {words}"))
}

/// Names of members, with dots between. An item of a list is refused in the name of its list.
fn path(path: &Path, below: Option<&str>) -> String {
    let names = path.iter().filter_map(|segment| match segment {
        Segment::Map { key } => Some(key.as_str()),
        Segment::Seq { .. } | Segment::Enum { .. } | Segment::Unknown => None,
    });
    names.chain(below).collect::<Vec<_>>().join(".")
}

/// What is allowed. `serde` says it last, after the value; whatever it did not make itself is said as it is.
fn words(message: &str) -> String {
    let begins = |with: &[&str]| with.iter().any(|with| message.starts_with(with));
    let allowed = message.rsplit_once(", expected ").map_or("something else", |(_, allowed)| allowed);
    if begins(&["invalid type: null"]) {
        "is required".to_owned()
    } else if begins(&["unknown field"]) {
        format!("is not known here: {} are", listed(allowed, ", "))
    } else if begins(&["unknown variant"]) {
        format!("must be {}", listed(allowed, " or "))
    } else if begins(&["invalid type: ", "invalid value: ", "invalid length "]) {
        format!("must be {}", plain(allowed))
    } else {
        message.to_owned()
    }
}

/// Names that `serde` writes as "one of `a`, `b`, `c`", or "`a` or `b`".
fn listed(allowed: &str, last: &str) -> String {
    let names: Vec<&str> = allowed.split('`').skip(1).step_by(2).collect();
    match names.split_last() {
        Some((only, [])) => (*only).to_owned(),
        Some((end, before)) => format!("{}{last}{end}", before.join(", ")),
        None => "no others".to_owned(),
    }
}

/// Types of Rust, as JSON has them.
fn plain(allowed: &str) -> &str {
    match allowed {
        "a boolean" => "true or false",
        "a string" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        "i64" | "u64" | "i32" | "u32" | "usize" => "a whole number",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}
