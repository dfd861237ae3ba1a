//! What a preset is called, and which of its versions is meant.

use crate::limits::PRESET_NAME_CHARACTERS_MAX;
use std::fmt;
use std::str::FromStr;

/// 1 to 40 of `a-z`, `0-9`, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PresetName(String);

/// One version of a preset that a user keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetRef {
    pub name: PresetName,
    /// From 1; a name that is taken again goes on counting.
    pub version: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {PRESET_NAME_CHARACTERS_MAX} of a-z, 0-9, _ and -, and not import")]
pub struct BadPresetName;

impl PresetName {
    const DEFAULT: &'static str = "default";
    /// In a path it means something else.
    const TAKEN: &'static str = "import";

    /// What an alert means that names none: the built-in one, unless its user keeps one of this name.
    #[must_use]
    pub fn standard() -> Self {
        Self(Self::DEFAULT.to_owned())
    }

    pub fn is_standard(&self) -> bool {
        self.0 == Self::DEFAULT
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PresetName {
    type Err = BadPresetName;

    fn from_str(text: &str) -> Result<Self, BadPresetName> {
        if is_plain(text) && text != Self::TAKEN { Ok(Self(text.to_owned())) } else { Err(BadPresetName) }
    }
}

/// What may name anything of a user's settings: it stands in keys and paths.
pub(crate) fn is_plain(text: &str) -> bool {
    let fits = (1..=PRESET_NAME_CHARACTERS_MAX).contains(&text.len());
    fits && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

impl fmt::Display for PresetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_plain() {
        let check = |text: &str, fits: bool| assert_eq!(text.parse::<PresetName>().is_ok(), fits, "{text}");
        for name in ["a", "default", "btc-grid_2", "0", &"x".repeat(40)] {
            check(name, true);
        }
        for name in ["", "import", "Grid", "a b", "a/b", "é", "a#b", &"x".repeat(41)] {
            check(name, false);
        }
    }
}
