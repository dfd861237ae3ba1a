//! What a source says of a chain.

use super::{BlockRef, ChainAddress, Flows, Label, Listed};
use crate::clock::{Millis, Timestamp};
use crate::market::Asset;
use std::collections::{BTreeMap, BTreeSet};

/// A block as an endpoint describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub block: BlockRef,
    pub parent: String,
    /// When it was made, as the chain says.
    pub at: Timestamp,
}

/// A transaction and what it moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its hash, as its chain spells it.
    pub transaction: String,
    pub flows: Flows,
    /// Owners by the source's own knowledge, which is asked where the deployment has no label. It is text from outside.
    pub labels: Vec<Label>,
}

/// Some transfers of a list without blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// Each with the time of its block.
    pub seen: Vec<(Timestamp, Seen)>,
    /// Names the next page; none where this one is the last.
    pub next: Option<String>,
}

/// The assets of a chain that are watched. What a contract says of itself names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The one that its fees are paid in.
    pub native: Listed,
    /// By their contracts.
    pub tokens: BTreeMap<ChainAddress, Listed>,
    /// Assets that stand for another one, and are worth as much.
    pub priced_by: BTreeMap<Asset, Asset>,
    /// Assets that are to be worth a dollar: what their price does says nothing.
    pub pegged: BTreeSet<Asset>,
}

impl Listing {
    /// By the name of the asset, in whatever case a source spells it.
    pub fn by_asset(&self, asset: &str) -> Option<&Listed> {
        let is_it = |listed: &&Listed| listed.asset.as_str().eq_ignore_ascii_case(asset);
        std::iter::once(&self.native).chain(self.tokens.values()).find(is_it)
    }
}

/// Why a source could not be read. It names no address: one may hold a provider's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum FeedFault {
    #[error("it could not be reached")]
    Unreachable,
    #[error("it did not answer in time")]
    TimedOut,
    #[error("it refused the request")]
    Refused,
    /// For so long, if it says so.
    #[error("it asks to be left alone")]
    Busy(Option<Millis>),
    #[error("its answer is not what is expected")]
    Unreadable,
    #[error("it is of another chain")]
    OtherChain,
    /// Of a reorganisation while it was read: the next run reads what stands then.
    #[error("its chain changed while it was read")]
    Changed,
    #[error("its two endpoints disagree")]
    Disagrees,
    #[error("it has a block of a time that cannot be")]
    WrongTime,
    /// It stands still, or is behind: what it has is read all the same.
    #[error("its newest block is old")]
    Stale,
    /// Its addresses do not open: they were sealed for another source, or another deployment.
    #[error("its addresses cannot be decrypted")]
    Sealed,
}

impl FeedFault {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Refused => "refused",
            Self::Busy(_) => "busy",
            Self::Unreadable => "unreadable",
            Self::OtherChain => "other_chain",
            Self::Changed => "changed",
            Self::Disagrees => "disagrees",
            Self::WrongTime => "wrong_time",
            Self::Stale => "stale",
            Self::Sealed => "sealed",
        }
    }
}
