//! Who an address belongs to, as an admin keeps it.

use super::{Blockchain, ChainAddress};
use crate::clock::Timestamp;
use crate::words::words;

/// What its owner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelCategory {
    Exchange,
    Whale,
    Dex,
    Defi,
    Bridge,
    MiningPool,
    Custodian,
    Unknown,
}

/// What its owner uses it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelRole {
    Hot,
    Cold,
    Deposit,
    Issuer,
}

words! {
    LabelCategory {
        Exchange = "exchange",
        Whale = "whale",
        Dex = "dex",
        Defi = "defi",
        Bridge = "bridge",
        MiningPool = "mining_pool",
        Custodian = "custodian",
        Unknown = "unknown",
    }
    LabelRole { Hot = "hot", Cold = "cold", Deposit = "deposit", Issuer = "issuer" }
}

/// An address and its owner: where that is known from, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub chain: Blockchain,
    pub address: ChainAddress,
    /// One owner has one name, whatever the chain.
    pub owner: String,
    pub category: LabelCategory,
    pub role: Option<LabelRole>,
    /// Where it was published, or why it is believed.
    pub source: String,
    pub as_of: Timestamp,
    /// Hundredths: 100 is published by the owner.
    pub confidence: u8,
}
