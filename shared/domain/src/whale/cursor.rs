//! How far a chain was read, and what a reorganisation orphans.

use super::Header;
use crate::ids::WhaleAlertId;
use std::collections::{BTreeSet, VecDeque};

/// A block by its number and hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockRef {
    pub number: u64,
    pub hash: String,
}

/// A block that was read, with the alerts that stand in it and are not final yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBlock {
    pub block: BlockRef,
    pub alerts: BTreeSet<WhaleAlertId>,
}

/// The blocks that were read last, oldest first: as many as a reorganisation may orphan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    blocks: VecDeque<ReadBlock>,
    kept: usize,
}

/// What is to be done with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It follows on what was read: its block is read, and the cursor moves on with it.
    Read,
    /// The newest block that was read is no part of the chain any more: what was seen in it is revoked, and the header of its number is
    /// asked for.
    Revoke(BlockRef),
    /// It is the newest block that was read: nothing is new.
    Wait,
    /// It is not one that was asked for: the endpoint is behind, or answers something else.
    Ask,
    /// All blocks that are kept were revoked. What stood before them is not known: reading begins anew here, and that is counted.
    Lost,
}

impl Cursor {
    /// Of blocks, oldest first; keeps so many, one at least.
    pub fn of(blocks: impl IntoIterator<Item = ReadBlock>, kept: usize) -> Self {
        Self { blocks: blocks.into_iter().collect(), kept: kept.max(1) }.shortened()
    }

    /// Begins behind these blocks, oldest first: what stands in them is not looked at.
    pub fn behind(blocks: impl IntoIterator<Item = BlockRef>, kept: usize) -> Self {
        Self::of(blocks.into_iter().map(|block| ReadBlock { block, alerts: BTreeSet::new() }), kept)
    }

    pub fn blocks(&self) -> impl Iterator<Item = &ReadBlock> {
        self.blocks.iter()
    }

    pub fn newest(&self) -> Option<&BlockRef> {
        self.blocks.back().map(|newest| &newest.block)
    }

    /// Whose header is asked for; none once all that is kept was revoked. Where the chain has none of this number, that of the newest block
    /// is asked for: the chain may have become shorter.
    pub fn next(&self) -> Option<u64> {
        self.newest().map(|newest| newest.number.saturating_add(1))
    }

    pub fn step(&self, header: &Header) -> Step {
        let Some(newest) = self.newest() else { return Step::Lost };
        let (is_newest, is_next) = (header.block.number == newest.number, Some(header.block.number) == self.next());
        match (is_newest, is_next) {
            (true, _) if header.block == *newest => Step::Wait,
            (_, true) if header.parent == newest.hash => Step::Read,
            (true, _) | (_, true) => Step::Revoke(newest.clone()),
            _ => Step::Ask,
        }
    }

    /// Moves on by a block and what was seen in it.
    #[must_use]
    pub fn read(mut self, block: BlockRef, alerts: BTreeSet<WhaleAlertId>) -> Self {
        self.blocks.push_back(ReadBlock { block, alerts });
        self.shortened()
    }

    /// Without the newest block, and what was seen in it.
    #[must_use]
    pub fn revoked(mut self) -> (Self, BTreeSet<WhaleAlertId>) {
        let alerts = self.blocks.pop_back().map(|gone| gone.alerts).unwrap_or_default();
        (self, alerts)
    }

    /// Alerts of blocks with so many confirmations, each once: they are final.
    #[must_use]
    pub fn settled(mut self, final_from: u64) -> (Self, Vec<(WhaleAlertId, BlockRef)>) {
        let newest = self.newest().map_or(0, |newest| newest.number);
        let mut settled = Vec::new();
        for ReadBlock { block, alerts } in &mut self.blocks {
            if newest.saturating_sub(block.number).saturating_add(1) >= final_from {
                settled.extend(std::mem::take(alerts).into_iter().map(|alert| (alert, block.clone())));
            }
        }
        (self, settled)
    }

    /// The first and the last block with alerts that are not final.
    pub fn unsettled(&self) -> Option<(u64, u64)> {
        let mut numbers = self.blocks.iter().filter(|read| !read.alerts.is_empty()).map(|read| read.block.number);
        let first = numbers.next()?;
        Some((first, numbers.next_back().unwrap_or(first)))
    }

    /// Without so many alerts at most, each with its block: these blocks are not followed any more.
    #[must_use]
    pub fn left(mut self, most: usize) -> (Self, Vec<(WhaleAlertId, BlockRef)>) {
        let mut left = Vec::new();
        for ReadBlock { block, alerts } in &mut self.blocks {
            while left.len() < most
                && let Some(alert) = alerts.pop_first()
            {
                left.push((alert, block.clone()));
            }
        }
        (self, left)
    }

    fn shortened(mut self) -> Self {
        while self.blocks.len() > self.kept {
            self.blocks.pop_front();
        }
        self
    }
}
