//! Which alerts are asked for.

use super::{Blockchain, TransactionType, WhaleAlert, WhaleStatus};
use crate::market::Asset;
use crate::money::Amount;

/// What is not named is not asked about: but what is created, destroyed or moved within an owner, and what was orphaned, has to be named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhaleFilter {
    pub asset: Option<Asset>,
    pub chain: Option<Blockchain>,
    pub kind: Option<TransactionType>,
    pub status: Option<WhaleStatus>,
    /// In USD.
    pub worth_min: Option<Amount>,
    /// From 1 to 10.
    pub score_min: Option<u8>,
}

impl WhaleFilter {
    pub fn has(&self, alert: &WhaleAlert) -> bool {
        let transfer = &alert.transfer;
        self.asset.as_ref().is_none_or(|asset| *asset == transfer.units.of.asset)
            && self.chain.is_none_or(|chain| chain == alert.chain)
            && self.kind.map_or_else(|| transfer.kind.is_published(), |kind| kind == transfer.kind)
            && self.status.map_or(alert.status != WhaleStatus::Orphaned, |status| status == alert.status)
            && self.worth_min.is_none_or(|least| transfer.worth >= least)
            && self.score_min.is_none_or(|least| alert.significance.score >= least)
    }
}
