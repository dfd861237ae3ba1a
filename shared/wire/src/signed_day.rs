//! What is sealed of a closed day, and the copy of it that is kept beside the tables.

use crate::stored::{Schema, SignedDay};
use crate::text::Text;
use domain::audit::{Chain, DayHeads, Head, Shelf};
use domain::ids::{Sha, UserId};
use serde::{Deserialize, Serialize};

/// The heads of a day, as they are sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedHeads {
    pub v: Schema<1>,
    pub table: Text<Shelf>,
    pub day: i64,
    pub first: i64,
    pub chains: u64,
    pub digest: Text<Sha>,
}

/// The day from which on all are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstDay {
    pub v: Schema<1>,
    pub day: i64,
}

/// A signature, and what was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedDay {
    pub table: Text<Shelf>,
    pub first: i64,
    #[serde(flatten)]
    pub signed: SignedDay,
    pub heads: Vec<CopiedHead>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedHead {
    pub user: Text<UserId>,
    pub count: u64,
    pub hash: Text<Sha>,
}

impl From<&DayHeads> for SealedHeads {
    fn from(heads: &DayHeads) -> Self {
        let DayHeads { shelf, day, first, chains, digest } = heads.clone();
        Self { v: Schema, table: Text(shelf), day, first, chains, digest: Text(digest) }
    }
}

impl From<SealedHeads> for DayHeads {
    fn from(sealed: SealedHeads) -> Self {
        let SealedHeads { v: _, table, day, first, chains, digest } = sealed;
        Self { shelf: table.0, day, first, chains, digest: digest.0 }
    }
}

impl From<&(Chain, Head)> for CopiedHead {
    fn from((chain, head): &(Chain, Head)) -> Self {
        Self { user: Text(chain.user.clone()), count: head.count, hash: Text(head.hash.clone()) }
    }
}
