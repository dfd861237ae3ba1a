//! A whale alert from the block in which it is seen to the depth at which it stays, or to its end in a reorganisation.

use super::cursor::BlockRef;
use super::meaning::Transfer;
use super::significance::LARGE;
use super::{After, Blockchain, Impact, Significance};
use crate::clock::Timestamp;
use crate::ids::WhaleAlertId;
use crate::money::Price;
use crate::words::words;
use std::collections::{BTreeMap, BTreeSet};

/// How sure it is that its transaction stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhaleStatus {
    /// In a block that may still be orphaned.
    Provisional,
    Final,
    /// Its block was orphaned.
    Orphaned,
}

/// The events that are published about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhaleEvent {
    Seen,
    /// From 10 million USD.
    SeenHigh,
    Final,
    Revoked,
}

words! {
    WhaleStatus { Provisional = "provisional", Final = "final", Orphaned = "orphaned" }
    WhaleEvent {
        Seen = "whale.alert.v1",
        SeenHigh = "whale.alert.high.v1",
        Final = "whale.alert.final.v1",
        Revoked = "whale.alert.revoked.v1",
    }
}

/// The largest transfer of one transaction. The same transaction is the same alert, in whichever block it comes to stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhaleAlert {
    pub id: WhaleAlertId,
    pub chain: Blockchain,
    pub transaction: String,
    /// None as long as only a source without blocks has listed it.
    pub block: Option<BlockRef>,
    /// When its block was made, as the chain says.
    pub at: Timestamp,
    pub detected_at: Timestamp,
    pub transfer: Transfer,
    /// What one of its asset was worth when its block was made, in the asset that all is counted in; none of what is pegged to it.
    pub price: Option<Price>,
    /// What the price has done since, as far as it is known yet.
    pub impacts: BTreeMap<After, Impact>,
    pub significance: Significance,
    pub status: WhaleStatus,
    /// Blocks from its own to the newest, both counted.
    pub confirmations: u64,
    /// Which sources have told of it.
    pub sources: BTreeSet<String>,
    pub revoked_at: Option<Timestamp>,
}

impl WhaleAlert {
    /// Of a transaction, whichever block or source it comes from.
    pub fn id_of(chain: Blockchain, transaction: &str) -> WhaleAlertId {
        WhaleAlertId::of(&["whale alert", chain.as_str(), &transaction.to_ascii_lowercase()])
    }

    /// What is stored once this was seen, after what is stored: the alert as it is, with its sources together. In another block it has
    /// been mined again. None where nothing is new.
    #[must_use]
    pub fn after(self, before: Option<&Self>) -> Option<Self> {
        let Some(before) = before else { return Some(self) };
        // Seen before it was orphaned, and told late.
        if before.revoked_at.is_some_and(|revoked_at| self.detected_at <= revoked_at) {
            return None;
        }
        let sources: BTreeSet<_> = before.sources.union(&self.sources).cloned().collect();
        // What is final stays as it is, whatever another source tells of its block.
        let is_listed = self.block.is_none() || before.status == WhaleStatus::Final;
        if self.block.is_none() && before.status == WhaleStatus::Orphaned {
            // Who has no block does not know better than who had one.
            return (sources != before.sources).then(|| Self { sources, ..before.clone() });
        }
        let is_mined_again = before.status == WhaleStatus::Orphaned || (!is_listed && before.block != self.block);
        let after = match is_mined_again {
            // What was measured from the same time on is still true.
            true if before.at == self.at => {
                let (price, impacts) = (before.price, before.impacts.clone());
                Self { sources, detected_at: before.detected_at, price, impacts, ..self }
            }
            true => Self { sources, detected_at: before.detected_at, ..self },
            false => Self { sources, block: before.block.clone().or(self.block), ..before.clone() },
        };
        (after != *before).then_some(after)
    }

    /// Its block was orphaned. None where that is known, or it stands in another block.
    #[must_use]
    pub fn revoked(&self, block: &BlockRef, now: Timestamp) -> Option<Self> {
        let is_its = self.block.as_ref() == Some(block) && self.status != WhaleStatus::Orphaned;
        let orphaned = Self { status: WhaleStatus::Orphaned, confirmations: 0, revoked_at: Some(now), ..self.clone() };
        is_its.then_some(orphaned)
    }

    /// It stays in this block, with so many confirmations; another source may have put it into one that is no part of the chain any more.
    /// None where it is known to stay, or was orphaned with this block.
    #[must_use]
    pub fn settled(&self, block: &BlockRef, confirmations: u64) -> Option<Self> {
        let is_gone = self.status == WhaleStatus::Orphaned && self.block.as_ref() == Some(block);
        let (block, revoked_at) = (Some(block.clone()), None);
        let settled = Self { status: WhaleStatus::Final, block, confirmations, revoked_at, ..self.clone() };
        (self.status != WhaleStatus::Final && !is_gone).then_some(settled)
    }

    /// What is to be measured once this is stored, and when: as soon as it stands, anew where it is mined again.
    pub fn due(&self, before: Option<&Self>) -> Vec<(After, Timestamp)> {
        let has_stood = |before: &Self| before.status != WhaleStatus::Orphaned && before.at == self.at;
        let is_new = self.status != WhaleStatus::Orphaned && !before.is_some_and(has_stood);
        let is_measured = is_new && self.price.is_some() && self.transfer.kind.is_published();
        let missing = After::ALL.into_iter().filter(|after| is_measured && !self.impacts.contains_key(after));
        missing.map(|after| (after, self.at.plus(after.length()))).collect()
    }

    /// The events of this change: none for a mint, a burn or an internal transfer.
    pub fn events(&self, before: Option<&Self>) -> Vec<WhaleEvent> {
        let (was, is) = (before.map(|before| before.status), self.status);
        let is_high = self.transfer.worth.get() >= LARGE;
        let is_seen = is != WhaleStatus::Orphaned && was.is_none_or(|was| was == WhaleStatus::Orphaned);
        let events = [
            (is_seen, WhaleEvent::Seen),
            (is_seen && is_high, WhaleEvent::SeenHigh),
            (is == WhaleStatus::Final && was != Some(WhaleStatus::Final), WhaleEvent::Final),
            (is == WhaleStatus::Orphaned && was.is_some_and(|was| was != is), WhaleEvent::Revoked),
        ];
        let is_published = self.transfer.kind.is_published();
        events.into_iter().filter(|(holds, _)| is_published && *holds).map(|(_, event)| event).collect()
    }
}
