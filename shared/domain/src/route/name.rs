//! What a route is called, and which of its versions is meant.

use crate::limits::PRESET_NAME_CHARACTERS_MAX;
use crate::preset::is_plain;
use std::fmt;
use std::str::FromStr;

/// 1 to 40 of `a-z`, `0-9`, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteName(String);

/// One version of a route that a user keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRef {
    pub name: RouteName,
    /// From 1; a name that is taken again goes on counting.
    pub version: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {PRESET_NAME_CHARACTERS_MAX} of a-z, 0-9, _ and -")]
pub struct BadRouteName;

impl RouteName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RouteName {
    type Err = BadRouteName;

    fn from_str(text: &str) -> Result<Self, BadRouteName> {
        if is_plain(text) { Ok(Self(text.to_owned())) } else { Err(BadRouteName) }
    }
}

impl fmt::Display for RouteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
