//! Whether the times of blocks can be true.

use super::{Blockchain, Header};
use crate::clock::{Millis, Timestamp};

/// Ahead of our own clock: Bitcoin Core's `MAX_FUTURE_BLOCK_TIME` (src/chain.h, as bitcoinknots 77234285 has it; read 2026-11-30). For
/// the other chains it is our choice.
const AHEAD_MAX: Millis = Millis::seconds(2 * 3_600);
/// Before its parent. A block of Bitcoin is later than the median of the eleven before it (`GetMedianTimePast`, there): with its parent two
/// hours ahead and that median four hours ago, where an hour is the rule, it may be six hours before its parent. Our choice.
const BEFORE_PARENT_MAX: Millis = Millis::seconds(6 * 3_600);

impl Blockchain {
    /// Whether all of these blocks, of which each follows on the one before, may have been made when they say.
    pub fn permits_times(self, linked: &[Header], now: Timestamp) -> bool {
        let mut pairs = linked.iter().zip(linked.iter().skip(1));
        linked.iter().all(|header| Self::permits_time(header.at, now))
            && pairs.all(|(parent, own)| self.may_follow(parent.at, own.at))
    }

    /// Whether a block may say that it was made then.
    pub fn permits_time(at: Timestamp, now: Timestamp) -> bool {
        at <= now.plus(AHEAD_MAX)
    }

    /// Whether a chain whose newest block was made then stands still. Blocks come every twelve seconds on Ethereum (ethereum.org, "Blocks"), sooner
    /// on BNB Smart Chain (below), and every ten minutes on Bitcoin (`nPowTargetSpacing`, src/kernel/chainparams.cpp, as bitcoinknots 06498621 has
    /// it; both read 2026-11-30). Fifty blocks that did not come, or 24 of those that come by chance, are no chance: our choice.
    pub fn is_stale(self, newest: Timestamp, now: Timestamp) -> bool {
        let age_max = match self {
            Self::Ethereum | Self::BinanceSmartChain => Millis::seconds(600),
            Self::Bitcoin => Millis::seconds(4 * 3_600),
        };
        now.since(newest).get() > age_max.get()
    }

    /// Ethereum refuses what is not later (go-ethereum consensus/beacon/consensus.go `verifyHeader` at 016aaa60). BNB Smart Chain compares
    /// milliseconds (bnb-chain/bsc consensus/parlia/ramanujanfork.go at 0cedf0b0), so that blocks have the same second (both read 2026-11-30).
    fn may_follow(self, parent: Timestamp, own: Timestamp) -> bool {
        match self {
            Self::Ethereum => own > parent,
            Self::BinanceSmartChain => own >= parent,
            Self::Bitcoin => own >= parent.minus(BEFORE_PARENT_MAX),
        }
    }
}
