//! Blocks of chains as sources describe them, and who is notified of what was seen.

use super::StoreError;
use domain::clock::Timestamp;
use domain::whale::{FeedFault, Flows, Header, Seen};
use std::ops::RangeInclusive;
use wire::whale::{WatchWhales, WhaleEventDetail};

/// One endpoint of a source. What is asked twice is answered from the chain as it is then: a reorganisation shows in hashes.
pub trait ReadBlocks {
    /// The first block of a recording, all of which is read, however old it is. None of a chain that grows: it is read from its newest block on.
    fn begins_at(&self) -> Option<u64> {
        None
    }

    /// The number of the newest block.
    async fn newest(&self) -> Result<u64, FeedFault>;

    /// The headers of these numbers in order, up to the first that is not there.
    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, FeedFault>;

    /// What large transactions of each of these blocks move: of exactly these blocks, or [`FeedFault::Changed`]. Of one that `is_large`
    /// by what is seen first, everything is asked for; others are left out.
    async fn transactions(
        &self,
        headers: &[Header],
        is_large: &impl Fn(&Flows) -> bool,
    ) -> Result<Vec<Vec<Seen>>, FeedFault>;
}

pub trait StartWhaleWatch {
    /// Has a run begin that nobody waits for.
    async fn start_whale_watch(&self, work: &WatchWhales, now: Timestamp) -> Result<(), StoreError>;
}

pub trait PublishWhaleAlert {
    /// Puts it on the bus, at least once where it succeeds.
    async fn publish_whale_alert(&self, event: &WhaleEventDetail, now: Timestamp) -> Result<(), StoreError>;
}
