//! The system log: what an operator would look for, as data.

use crate::clock::{Millis, Timestamp};
use crate::ids::{LogId, UserId};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// How long it is kept.
pub const RETENTION: Millis = Millis::seconds(30 * 86_400);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $unknown:ident, $allowed:literal, { $($word:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($word),+ }

        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error($allowed)]
        pub struct $unknown;

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$word),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text),+ }
            }
        }

        impl FromStr for $name {
            type Err = $unknown;

            fn from_str(text: &str) -> Result<Self, $unknown> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or($unknown)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(
    /// How much it matters.
    Level, UnknownLevel, "must be DEBUG, INFO, WARNING, ERROR or CRITICAL",
    { Debug = "DEBUG", Info = "INFO", Warning = "WARNING", Error = "ERROR", Critical = "CRITICAL" }
);
words!(
    /// What it is about.
    Category, UnknownCategory, "must be SECURITY, TRADING, SYSTEM, RISK or API",
    { Security = "SECURITY", Trading = "TRADING", System = "SYSTEM", Risk = "RISK", Api = "API" }
);

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub id: LogId,
    pub at: Timestamp,
    pub level: Level,
    pub category: Category,
    pub user: Option<UserId>,
    pub message: String,
    pub details: BTreeMap<String, String>,
    /// From where, as the edge saw it.
    pub address: Option<String>,
}

impl Note {
    /// Where it stands within its day: sorts by time.
    pub fn place(&self) -> String {
        format!("{:013}#{}", self.at.millis(), self.id)
    }

    pub fn forgotten_at(&self) -> Timestamp {
        self.at.plus(RETENTION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_it_is_written() {
        for level in Level::ALL {
            assert_eq!(level.as_str().parse(), Ok(*level));
        }
        for category in Category::ALL {
            assert_eq!(category.as_str().parse(), Ok(*category));
        }
        assert_eq!("info".parse::<Level>(), Err(UnknownLevel));
    }
}
