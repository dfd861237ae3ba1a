//! How far a chain was read, and what a reorganisation takes back.

use std::collections::VecDeque;

/// A block by its number and hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockRef {
    pub number: u64,
    pub hash: String,
}

/// A block as an endpoint tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub block: BlockRef,
    pub parent: String,
}

/// The blocks that were read last, oldest first: as many as a reorganisation may take back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    blocks: VecDeque<BlockRef>,
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
    /// All blocks that are kept were revoked. What stood before them is not known: reading begins anew here, and an admin is notified.
    Lost,
}

impl Cursor {
    /// Begins behind this block, and keeps so many; one at least.
    pub fn behind(block: BlockRef, kept: usize) -> Self {
        Self { blocks: VecDeque::from([block]), kept: kept.max(1) }
    }

    /// Of stored blocks, oldest first.
    pub fn of(blocks: impl IntoIterator<Item = BlockRef>, kept: usize) -> Self {
        Self { blocks: blocks.into_iter().collect(), kept: kept.max(1) }
    }

    pub fn blocks(&self) -> impl Iterator<Item = &BlockRef> {
        self.blocks.iter()
    }

    /// Whose header is asked for; none once all that is kept was revoked. Where the chain has none of this number, that of the newest block
    /// is asked for: the chain may have become shorter.
    pub fn next(&self) -> Option<u64> {
        self.blocks.back().map(|newest| newest.number.saturating_add(1))
    }

    pub fn step(&self, header: &Header) -> Step {
        let Some(newest) = self.blocks.back() else { return Step::Lost };
        let (is_newest, is_next) = (header.block.number == newest.number, Some(header.block.number) == self.next());
        match (is_newest, is_next) {
            (true, _) if header.block == *newest => Step::Wait,
            (_, true) if header.parent == newest.hash => Step::Read,
            (true, _) | (_, true) => Step::Revoke(newest.clone()),
            _ => Step::Ask,
        }
    }

    /// Once what stands in this block is stored.
    #[must_use]
    pub fn read(mut self, block: BlockRef) -> Self {
        self.blocks.push_back(block);
        while self.blocks.len() > self.kept {
            self.blocks.pop_front();
        }
        self
    }

    /// Once what was seen in the newest block is revoked.
    #[must_use]
    pub fn revoked(mut self) -> Self {
        self.blocks.pop_back();
        self
    }
}
