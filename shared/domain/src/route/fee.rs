//! The fee that a choice reckons with.

use crate::money::Rate;
use std::fmt;
use std::str::FromStr;

/// A taker's fee, and who has told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReckonedFee {
    pub taker: Rate,
    pub source: FeeSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeSource {
    /// What the venue publishes for the market, for whoever trades little.
    Published,
    /// What the venue has told of the account itself.
    Account,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be published or account")]
pub struct UnknownFeeSource;

impl ReckonedFee {
    /// The account's own where it is known, else what is published.
    pub fn of(own: Option<Rate>, published: Rate) -> Self {
        match own {
            Some(taker) => Self { taker, source: FeeSource::Account },
            None => Self { taker: published, source: FeeSource::Published },
        }
    }
}

impl FeeSource {
    pub const ALL: [Self; 2] = [Self::Published, Self::Account];

    /// The stable word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Account => "account",
        }
    }
}

impl FromStr for FeeSource {
    type Err = UnknownFeeSource;

    fn from_str(text: &str) -> Result<Self, UnknownFeeSource> {
        Self::ALL.into_iter().find(|source| source.as_str() == text).ok_or(UnknownFeeSource)
    }
}

impl fmt::Display for FeeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
