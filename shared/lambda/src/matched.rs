//! `ETag` and `If-Match`: the version of a resource, and the one that a change is meant for.

use crate::edge::Problem;
use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::AppendHeaders;

/// The version of a resource, as its `ETag`.
pub type Tag = AppendHeaders<Option<(HeaderName, HeaderValue)>>;

pub fn tag(version: u64) -> Tag {
    AppendHeaders(HeaderValue::try_from(format!("\"{version}\"")).ok().map(|value| (ETAG, value)))
}

/// None where any version is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen(pub Option<u64>);

impl<S: Sync> FromRequestParts<S> for Seen {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IF_MATCH).into_iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return if parts.headers.contains_key(IF_MATCH) { Err(unknown()) } else { Ok(Self(None)) };
        };
        read(value.to_str().map_err(|_| unknown())?.trim()).ok_or_else(unknown)
    }
}

/// An `ETag` as it was answered, or `*`.
fn read(text: &str) -> Option<Seen> {
    if text == "*" {
        return Some(Seen(None));
    }
    let version = text.strip_prefix('"')?.strip_suffix('"')?;
    let plain = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
    version.parse().ok().filter(|_| plain).map(|version| Seen(Some(version)))
}

fn unknown() -> Problem {
    Problem::field("If-Match", "If-Match must be one ETag as it was answered, such as \"3\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_an_etag_as_it_was_answered() {
        assert_eq!([read("\"3\""), read("*")], [Some(Seen(Some(3))), Some(Seen(None))]);
        for text in ["3", "\"\"", "\"+3\"", "W/\"3\"", "\"3\", \"4\"", "\"99999999999999999999\""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
