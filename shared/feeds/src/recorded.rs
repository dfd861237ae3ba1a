//! Blocks that were recorded, for demos and for backtests of what follows whale alerts.
//!
//! A recording is JSON: `{"chain": "ethereum", "blocks": [{"number": 1, "hash": "0x…", "parent": "0x…", "at": 1700000000000,
//! "transactions": [{"hash": "0x…", "moves": [{"from": "0x…", "to": "0x…", "asset": "USDT", "units": "5000000"}]}]}]}`. Times are
//! milliseconds, units are whole, and no block is the very first one of its chain; a side that is left out creates or destroys. Blocks of
//! Bitcoin have `pays` and `gets` of `{"address", "units"}`.

use app::ports::ReadBlocks;
use domain::clock::Timestamp;
use domain::whale::{BlockRef, Blockchain, ChainAddress, FeedFault, Flows, Header, Listing, Seen, Units};
use serde::Deserialize;
use std::ops::RangeInclusive;

/// Where a recording cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRecording {
    #[error("must be a recording of blocks: {0}")]
    Shape(String),
    #[error("must be of the chain {}", .0.as_str())]
    OtherChain(Blockchain),
    #[error("block {0} must follow on the block before it")]
    Gap(u64),
    #[error("block {0}: {1}")]
    Block(u64, String),
}

/// A chain that ends where its recording ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded(Vec<(Header, Vec<Seen>)>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    chain: String,
    blocks: Vec<BlockSaid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockSaid {
    number: u64,
    hash: String,
    parent: String,
    at: i64,
    #[serde(default)]
    transactions: Vec<TransactionSaid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransactionSaid {
    hash: String,
    #[serde(default)]
    moves: Vec<MoveSaid>,
    #[serde(default)]
    pays: Vec<SideSaid>,
    #[serde(default)]
    gets: Vec<SideSaid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveSaid {
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
    asset: String,
    units: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SideSaid {
    address: String,
    units: String,
}

impl Recorded {
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &[u8], chain: Blockchain, listing: &Listing) -> Result<Self, BadRecording> {
        let file: File = serde_json::from_slice(text).map_err(|error| BadRecording::Shape(error.to_string()))?;
        if file.chain != chain.as_str() {
            return Err(BadRecording::OtherChain(chain));
        }
        let reader = Reader { chain, listing };
        let mut blocks: Vec<(Header, Vec<Seen>)> = Vec::new();
        for said in file.blocks {
            let header = header(&said);
            let follows = |before: &Header| {
                before.block.number.checked_add(1) == Some(said.number) && before.block.hash == said.parent
            };
            if !blocks.last().map_or(said.number > 0, |(before, _)| follows(before)) {
                return Err(BadRecording::Gap(said.number));
            }
            let seen = said.transactions.iter().map(|transaction| reader.seen(transaction)).collect::<Result<_, _>>();
            blocks.push((header, seen.map_err(|why| BadRecording::Block(said.number, why))?));
        }
        Ok(Self(blocks))
    }
}

impl ReadBlocks for Recorded {
    fn begins_at(&self) -> Option<u64> {
        self.0.first().map(|(header, _)| header.block.number)
    }

    async fn newest(&self) -> Result<u64, FeedFault> {
        self.0.last().map(|(header, _)| header.block.number).ok_or(FeedFault::Refused)
    }

    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, FeedFault> {
        let wanted = self.0.iter().filter(|(header, _)| numbers.contains(&header.block.number));
        Ok(wanted.map(|(header, _)| header.clone()).collect())
    }

    async fn transactions(
        &self,
        headers: &[Header],
        is_large: &impl Fn(&Flows) -> bool,
    ) -> Result<Vec<Vec<Seen>>, FeedFault> {
        let of = |header: &Header| {
            let (_, seen) = self.0.iter().find(|(of, _)| of == header).ok_or(FeedFault::Changed)?;
            Ok(seen.iter().filter(|seen| is_large(&seen.flows)).cloned().collect())
        };
        headers.iter().map(of).collect()
    }
}

struct Reader<'a> {
    chain: Blockchain,
    listing: &'a Listing,
}

impl Reader<'_> {
    fn seen(&self, said: &TransactionSaid) -> Result<Seen, String> {
        let (mut flows, native) = (Flows::none(self.chain), self.listing.native.asset.as_str());
        for one in &said.moves {
            let side = |side: &Option<String>| side.as_deref().map(|side| self.address(side)).transpose();
            let (from, to, units) = (side(&one.from)?, side(&one.to)?, self.units(&one.asset, &one.units)?);
            flows.moves(from.as_ref(), to.as_ref(), &units).map_err(|error| error.to_string())?;
        }
        for one in &said.pays {
            let paid = flows.pays(Some(&self.address(&one.address)?), &self.units(native, &one.units)?);
            paid.map_err(|error| error.to_string())?;
        }
        for one in &said.gets {
            let got = flows.gets(Some(&self.address(&one.address)?), &self.units(native, &one.units)?);
            got.map_err(|error| error.to_string())?;
        }
        Ok(Seen { transaction: said.hash.clone(), flows, labels: Vec::new() })
    }

    fn address(&self, text: &str) -> Result<ChainAddress, String> {
        ChainAddress::parse(self.chain, text).map_err(|wrong| format!("{text} {wrong}"))
    }

    fn units(&self, asset: &str, count: &str) -> Result<Units, String> {
        let of = self.listing.by_asset(asset).ok_or_else(|| format!("{asset} is not listed"))?.clone();
        let count = count.parse().map_err(|_| format!("units must be a whole number, not {count}"))?;
        Ok(Units { of, count })
    }
}

fn header(said: &BlockSaid) -> Header {
    Header {
        block: BlockRef { number: said.number, hash: said.hash.clone() },
        parent: said.parent.clone(),
        at: Timestamp::from_millis(said.at),
    }
}
