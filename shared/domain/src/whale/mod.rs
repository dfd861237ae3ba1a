//! Large transfers on blockchains: what a transaction has moved from one owner to another, what that is called, and how much it may
//! mean.
//!
//! It is counted for each owner over the whole transaction, never by single movements: what an owner gets back is change, and an owner who
//! gives one asset and gets another has traded.

mod address;
mod alert;
mod change;
mod cursor;
mod filter;
mod flows;
mod impact;
mod label;
mod meaning;
mod seen;
mod sentiment;
mod significance;
mod source;
mod times;
mod watch;

pub use address::{BadAddress, ChainAddress};
pub use alert::{WhaleAlert, WhaleEvent, WhaleStatus};
pub use change::Change;
pub use cursor::{BlockRef, Cursor, ReadBlock, Step};
pub use filter::WhaleFilter;
pub use flows::{Flows, Listed, Units};
pub use impact::{After, BaseRate, Impact, ten_thousandths};
pub use label::{Label, LabelCategory, LabelRole};
pub use meaning::{Judged, Known, Owner, Silent, Transfer, judge};
pub use seen::{FeedFault, Header, ListPage, Listing, Seen};
pub use sentiment::{
    FLOW_SPAN, MOMENTUM, MarketSentiment, SentimentInput, SentimentLabel, Told, Weighed, price_momentum, whale_flow,
};
pub use significance::{ScoreReason, Significance, significance};
pub use source::{BadSource, SourceKind};
pub use watch::{Counts, Failing, Watch};

use crate::words::words;

/// A blockchain that is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blockchain {
    Ethereum,
    Bitcoin,
    BinanceSmartChain,
}

/// What a large transfer is, by who gives and who gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransactionType {
    ExchangeInflow,
    ExchangeOutflow,
    WhaleTransfer,
    /// From one exchange to another.
    Unknown,
    Mint,
    Burn,
    /// Between addresses of one owner.
    Internal,
}

/// What a transfer may mean for the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sentiment {
    Bearish,
    Neutral,
    Bullish,
}

words! {
    Blockchain { Ethereum = "ethereum", Bitcoin = "bitcoin", BinanceSmartChain = "binance_smart_chain" }
    TransactionType {
        ExchangeInflow = "exchange_inflow",
        ExchangeOutflow = "exchange_outflow",
        WhaleTransfer = "whale_transfer",
        Unknown = "unknown",
        Mint = "mint",
        Burn = "burn",
        Internal = "internal",
    }
    Sentiment { Bearish = "bearish", Neutral = "neutral", Bullish = "bullish" }
}

impl Blockchain {
    /// From so many confirmations on a transaction stays: an end of the chain that is orphaned is shorter. Ethereum finalises a checkpoint
    /// after two epochs of 32 slots (ethereum.org, "Gasper"; ethereum.stackexchange.com/questions/136979, read 2026-11-30). Six blocks are
    /// Bitcoin Core's `RecommendedNumConfirmations` (src/qt/transactionrecord.h, quoted by bitcoinknots b2221bd0, read 2026-11-30). Of BNB Smart Chain,
    /// whose validators finalise after two blocks, as many are waited for as are kept: some minutes.
    pub fn final_from(self) -> u64 {
        match self {
            Self::Ethereum => 96,
            Self::Bitcoin => 6,
            Self::BinanceSmartChain => 256,
        }
    }

    /// So many blocks are kept to find out where a reorganisation begins.
    pub fn blocks_kept(self) -> usize {
        match self {
            Self::Ethereum => 96,
            Self::Bitcoin => 12,
            Self::BinanceSmartChain => 256,
        }
    }

    /// Some day's blocks: what was made before a source was left for longer is not read any more. Our choice; how often blocks come stands at
    /// [`Self::is_stale`] (BNB Smart Chain: 0.45 seconds, BEP-619, github.com/bnb-chain/BEPs; read 2026-11-30).
    pub fn blocks_behind_max(self) -> u64 {
        match self {
            Self::Ethereum => 7_200,
            Self::Bitcoin => 200,
            Self::BinanceSmartChain => 192_000,
        }
    }
}

impl TransactionType {
    /// Whether it is published as an event, triggers flows, and is listed without being named in the filter.
    pub fn is_published(self) -> bool {
        !matches!(self, Self::Mint | Self::Burn | Self::Internal)
    }

    pub fn sentiment(self) -> Sentiment {
        match self {
            Self::ExchangeInflow => Sentiment::Bearish,
            Self::ExchangeOutflow => Sentiment::Bullish,
            Self::WhaleTransfer | Self::Unknown | Self::Mint | Self::Burn | Self::Internal => Sentiment::Neutral,
        }
    }
}
