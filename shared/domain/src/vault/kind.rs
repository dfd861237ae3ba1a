//! What a secret is for, and which side of a venue an account trades on.

use std::fmt;
use std::str::FromStr;

/// What a secret is for. Each kind is opened by functions of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// Keys of venues.
    Exchange,
    /// Keys of AI providers.
    Ai,
    /// Where notifications are sent.
    Channel,
    /// Sources of outside data.
    Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be exchange, ai, channel or source")]
pub struct UnknownSecretKind;

/// Which side of a venue an account trades on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    Paper,
    Testnet,
    Live,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be testnet, live or paper")]
pub struct UnknownMode;

impl SecretKind {
    pub const ALL: [Self; 4] = [Self::Exchange, Self::Ai, Self::Channel, Self::Source];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::Ai => "ai",
            Self::Channel => "channel",
            Self::Source => "source",
        }
    }
}

impl FromStr for SecretKind {
    type Err = UnknownSecretKind;

    fn from_str(text: &str) -> Result<Self, UnknownSecretKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownSecretKind)
    }
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::Paper, Self::Testnet, Self::Live];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Testnet => "testnet",
            Self::Live => "live",
        }
    }
}

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text).ok_or(UnknownMode)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_it_is_written() {
        for kind in SecretKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        for mode in Mode::ALL {
            assert_eq!(mode.as_str().parse(), Ok(mode));
        }
        assert_eq!("exchanges".parse::<SecretKind>(), Err(UnknownSecretKind));
        assert_eq!("LIVE".parse::<Mode>(), Err(UnknownMode));
    }
}
