//! The fee that a choice reckons with.

use crate::money::Rate;
use crate::words::words;

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

impl ReckonedFee {
    /// The account's own where it is known, else what is published.
    pub fn of(own: Option<Rate>, published: Rate) -> Self {
        match own {
            Some(taker) => Self { taker, source: FeeSource::Account },
            None => Self { taker: published, source: FeeSource::Published },
        }
    }
}

words! {
    FeeSource { Published = "published", Account = "account" }
}
