//! What a bot is called.

use crate::limits::PRESET_NAME_CHARACTERS_MAX;
use crate::preset::is_plain;
use std::fmt;
use std::str::FromStr;

/// 1 to 40 of `a-z`, `0-9`, `_` and `-`. Several bots may have one name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BotName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {PRESET_NAME_CHARACTERS_MAX} of a-z, 0-9, _ and -")]
pub struct BadBotName;

impl BotName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BotName {
    type Err = BadBotName;

    fn from_str(text: &str) -> Result<Self, BadBotName> {
        if is_plain(text) { Ok(Self(text.to_owned())) } else { Err(BadBotName) }
    }
}

impl fmt::Display for BotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
