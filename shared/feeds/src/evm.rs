//! Ethereum, and chains of its kind.
//!
//! Shapes: <https://ethereum.org/developers/docs/apis/json-rpc/>, held to alloy's types (github.com/alloy-rs/alloy at 1b4abfba,
//! crates/rpc-types-eth/src/{log,block,transaction}; read 2026-11-30). What is moved inside of contracts without a log (internal calls) is in
//! none of these answers: it takes a tracing node, and is not seen.

use crate::hex::{address_of_word, hash, quantity, spelled, units};
use crate::rpc::{self, Call};
use app::ports::ReadBlocks;
use domain::chain::EndpointUrl;
use domain::clock::Timestamp;
use domain::whale::{BlockRef, Blockchain, ChainAddress, FeedFault, Flows, Header, Listed, Listing, Seen, Units};
use outbound::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// `keccak256("Transfer(address,address,uint256)")`: EIP-20, <https://eips.ethereum.org/EIPS/eip-20>.
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
/// The event, who gives and who gets. EIP-721 has a fourth, the number of what is moved.
const TOPICS: usize = 3;
/// Of headers and receipts in one request.
const AT_ONCE: usize = 50;
/// Large transactions of the blocks that are read at once: there are not as many dollars.
const LARGE_MAX: usize = 5_000;
/// Of whole blocks.
const BLOCKS_AT_ONCE: usize = 4;
const DONE: &str = "0x1";

/// A chain at one endpoint.
#[derive(Debug)]
pub struct Evm<'a> {
    pub client: &'a Client,
    pub url: &'a EndpointUrl,
    pub chain: Blockchain,
    pub listing: &'a Listing,
    /// Whether its own coin is watched. Then each block is read with all its transactions; else logs of listed tokens alone.
    pub reads_native: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BlockSaid {
    number: String,
    hash: String,
    parent_hash: String,
    timestamp: String,
}

#[derive(Deserialize)]
struct WholeBlockSaid {
    hash: String,
    transactions: Vec<TransactionSaid>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TransactionSaid {
    hash: String,
    #[serde(default)]
    block_hash: Option<String>,
    from: String,
    /// None of one that creates a contract.
    to: Option<String>,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogSaid {
    address: String,
    topics: Vec<String>,
    data: String,
    #[serde(default)]
    block_hash: Option<String>,
    #[serde(default)]
    transaction_hash: Option<String>,
    #[serde(default)]
    removed: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptSaid {
    block_hash: Option<String>,
    status: String,
    logs: Vec<LogSaid>,
}

/// Transactions of a block by their hashes.
type Moves = BTreeMap<String, Flows>;

impl ReadBlocks for Evm<'_> {
    async fn newest(&self) -> Result<u64, FeedFault> {
        let calls = [("eth_chainId", json!([])), ("eth_blockNumber", json!([]))];
        let mut told = self.ask::<String>(&calls).await?.into_iter();
        let mut next = || told.next().flatten().ok_or(FeedFault::Unreadable).and_then(|text| quantity(&text));
        if Some(next()?) != number_of(self.chain) {
            return Err(FeedFault::OtherChain);
        }
        next()
    }

    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, FeedFault> {
        let (numbers, mut headers) = (numbers.collect::<Vec<_>>(), Vec::new());
        for some in numbers.chunks(AT_ONCE) {
            let calls: Vec<Call> =
                some.iter().map(|number| ("eth_getBlockByNumber", json!([spelled(*number), false]))).collect();
            for (number, block) in some.iter().zip(self.ask::<BlockSaid>(&calls).await?) {
                let Some(block) = block else { return Ok(headers) };
                let header = header(&block)?;
                if header.block.number != *number {
                    return Err(FeedFault::Unreadable);
                }
                headers.push(header);
            }
        }
        Ok(headers)
    }

    async fn transactions(
        &self,
        headers: &[Header],
        is_large: &impl Fn(&Flows) -> bool,
    ) -> Result<Vec<Vec<Seen>>, FeedFault> {
        let mut blocks: BTreeMap<&str, Moves> =
            headers.iter().map(|header| (header.block.hash.as_str(), Moves::new())).collect();
        let mut values = BTreeMap::new();
        if self.reads_native {
            self.natives(headers, &mut blocks, &mut values).await?;
        }
        if !self.listing.tokens.is_empty() {
            for log in self.logs(headers).await? {
                let block = log.block_hash.as_deref().map(hash).transpose()?;
                let moves = block.and_then(|block| blocks.get_mut(block.as_str())).filter(|_| !log.removed);
                let moves = moves.ok_or(FeedFault::Changed)?;
                let transaction = hash(log.transaction_hash.as_deref().unwrap_or_default())?;
                let flows = moves.entry(transaction).or_insert_with(|| Flows::none(self.chain));
                self.moved(&log, flows)?;
            }
        }
        let large = |(block, moves): (&&str, &Moves)| {
            let large = moves.iter().filter(|(_, flows)| is_large(flows));
            large.map(|(transaction, _)| ((*block).to_owned(), transaction.clone())).collect::<Vec<_>>()
        };
        let asked: Vec<(String, String)> = blocks.iter().flat_map(large).collect();
        let mut whole = self.whole(&asked, &values).await?;
        let seen = |header: &Header| {
            let of = whole.remove(&header.block.hash).unwrap_or_default();
            of.into_iter().map(|(transaction, flows)| Seen { transaction, flows, labels: Vec::new() }).collect()
        };
        Ok(headers.iter().map(seen).collect())
    }
}

impl Evm<'_> {
    async fn ask<T: DeserializeOwned>(&self, calls: &[Call]) -> Result<Vec<Option<T>>, FeedFault> {
        rpc::ask(self.client, self.url, calls).await
    }

    /// What transactions move of the chain's own coin, from whom they are sent to whom they are sent.
    async fn natives<'h>(
        &self,
        headers: &'h [Header],
        blocks: &mut BTreeMap<&'h str, Moves>,
        values: &mut BTreeMap<String, TransactionSaid>,
    ) -> Result<(), FeedFault> {
        for some in headers.chunks(BLOCKS_AT_ONCE) {
            let calls: Vec<Call> =
                some.iter().map(|header| ("eth_getBlockByHash", json!([header.block.hash, true]))).collect();
            for (header, block) in some.iter().zip(self.ask::<WholeBlockSaid>(&calls).await?) {
                let block = block.ok_or(FeedFault::Changed)?;
                if hash(&block.hash)? != header.block.hash {
                    return Err(FeedFault::Changed);
                }
                let moves = blocks.entry(header.block.hash.as_str()).or_default();
                for transaction in block.transactions {
                    let mut flows = Flows::none(self.chain);
                    if self.sent(&transaction, &mut flows)? {
                        let named = hash(&transaction.hash)?;
                        moves.insert(named.clone(), flows);
                        values.insert(named, transaction);
                    }
                }
            }
        }
        Ok(())
    }

    /// Logs of listed tokens of each block by its hash: who does not know the block says so, where a range of numbers would be answered
    /// with less.
    async fn logs(&self, headers: &[Header]) -> Result<Vec<LogSaid>, FeedFault> {
        let contracts: Vec<_> = self.listing.tokens.keys().map(ChainAddress::as_str).collect();
        let call = |header: &Header| {
            ("eth_getLogs", json!([{"blockHash": header.block.hash, "address": contracts, "topics": [TRANSFER]}]))
        };
        let told = self.ask::<Vec<LogSaid>>(&headers.iter().map(call).collect::<Vec<_>>()).await?;
        let logs = told.into_iter().collect::<Option<Vec<_>>>().ok_or(FeedFault::Unreadable)?;
        Ok(logs.into_iter().flatten().collect())
    }

    /// Everything that these transactions move, by blocks. One that has failed has moved nothing.
    async fn whole(
        &self,
        asked: &[(String, String)],
        values: &BTreeMap<String, TransactionSaid>,
    ) -> Result<BTreeMap<String, Moves>, FeedFault> {
        if asked.len() > LARGE_MAX {
            return Err(FeedFault::Unreadable);
        }
        let mut whole: BTreeMap<String, Moves> = BTreeMap::new();
        for some in asked.chunks(AT_ONCE) {
            let receipts: Vec<Call> =
                some.iter().map(|(_, named)| ("eth_getTransactionReceipt", json!([named]))).collect();
            let receipts = self.ask::<ReceiptSaid>(&receipts).await?;
            // Of a chain whose own coin is not watched, what they send of it is not known yet.
            let unknown = some.iter().filter(|(_, named)| !self.reads_native && !values.contains_key(named));
            let unknown: Vec<Call> = unknown.map(|(_, named)| ("eth_getTransactionByHash", json!([named]))).collect();
            let mut told = self.ask::<TransactionSaid>(&unknown).await?.into_iter();
            for ((block, named), receipt) in some.iter().zip(receipts) {
                let receipt = receipt.filter(|receipt| is_of(receipt.block_hash.as_deref(), block));
                let receipt = receipt.ok_or(FeedFault::Changed)?;
                let mut flows = Flows::none(self.chain);
                if !self.reads_native {
                    let sent = told.next().flatten().filter(|sent| is_of(sent.block_hash.as_deref(), block));
                    self.sent(&sent.ok_or(FeedFault::Changed)?, &mut flows)?;
                } else if let Some(sent) = values.get(named) {
                    self.sent(sent, &mut flows)?;
                }
                for log in &receipt.logs {
                    self.moved(log, &mut flows)?;
                }
                if receipt.status == DONE {
                    whole.entry(block.clone()).or_default().insert(named.clone(), flows);
                }
            }
        }
        Ok(whole)
    }

    /// Whether it sends any of the chain's own coin.
    fn sent(&self, transaction: &TransactionSaid, flows: &mut Flows) -> Result<bool, FeedFault> {
        let count = units(&transaction.value)?.filter(|count| *count > 0);
        let (Some(count), Some(to)) = (count, &transaction.to) else { return Ok(false) };
        let (from, to) = (self.address(&transaction.from)?, self.address(to)?);
        let units = Units { of: self.listing.native.clone(), count };
        flows.moves(Some(&from), Some(&to), &units).map_err(|_| FeedFault::Unreadable)?;
        Ok(true)
    }

    /// A transfer by a contract; of one that is not listed, who takes part. Other events move nothing.
    fn moved(&self, log: &LogSaid, flows: &mut Flows) -> Result<(), FeedFault> {
        let [event, from, to, ..] = log.topics.as_slice() else { return Ok(()) };
        if !event.eq_ignore_ascii_case(TRANSFER) {
            return Ok(());
        }
        let contract = self.address(&log.address)?;
        let Some(of) = self.listing.tokens.get(&contract).filter(|_| log.topics.len() == TOPICS) else {
            // What such a contract calls a transfer may be anything.
            let side = |word: &str| address_of_word(self.chain, word).ok().flatten();
            flows.moves_elsewhere(side(from).as_ref(), side(to).as_ref());
            return Ok(());
        };
        self.counted(of, (from, to), &log.data, flows)
    }

    fn counted(&self, of: &Listed, sides: (&str, &str), data: &str, flows: &mut Flows) -> Result<(), FeedFault> {
        let (from, to) = (address_of_word(self.chain, sides.0)?, address_of_word(self.chain, sides.1)?);
        let Some(count) = units(data)? else { return Ok(()) };
        let units = Units { of: of.clone(), count };
        // A sum that is more than can be counted is nonsense as well.
        let _nonsense = flows.moves(from.as_ref(), to.as_ref(), &units);
        Ok(())
    }

    fn address(&self, text: &str) -> Result<ChainAddress, FeedFault> {
        ChainAddress::parse(self.chain, text).map_err(|_| FeedFault::Unreadable)
    }
}

/// As EIP-155 numbers chains: <https://chainid.network/chains.json> (read 2026-11-30).
fn number_of(chain: Blockchain) -> Option<u64> {
    match chain {
        Blockchain::Ethereum => Some(1),
        Blockchain::BinanceSmartChain => Some(56),
        Blockchain::Bitcoin => None,
    }
}

fn is_of(told: Option<&str>, block: &str) -> bool {
    told.and_then(|told| hash(told).ok()).is_some_and(|told| told == block)
}

fn header(said: &BlockSaid) -> Result<Header, FeedFault> {
    let seconds = i64::try_from(quantity(&said.timestamp)?).ok().and_then(|seconds| seconds.checked_mul(1_000));
    Ok(Header {
        block: BlockRef { number: quantity(&said.number)?, hash: hash(&said.hash)? },
        parent: hash(&said.parent_hash)?,
        at: Timestamp::from_millis(seconds.ok_or(FeedFault::Unreadable)?),
    })
}
