//! Bitcoin, by Esplora.
//!
//! Shapes: github.com/Blockstream/esplora API.md at 023e67f7, held to the types of github.com/bitcoindevkit/rust-esplora-client
//! src/api.rs at 0a8f069b (both read 2026-11-30). Transactions of a block come 25 on a page.

use crate::found;
use app::ports::ReadBlocks;
use domain::chain::EndpointUrl;
use domain::clock::Timestamp;
use domain::whale::{BlockRef, Blockchain, ChainAddress, FeedFault, Flows, Header, Listing, Seen, Units};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use outbound::{Answer, Client};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

const PAGE: usize = 25;
/// Of the pages of one block. Hosts of Esplora count requests.
const AT_ONCE: usize = 4;
/// More transactions than a block of four million units of weight has room for: the smallest takes about 240.
const TRANSACTIONS_MAX: usize = 20_000;
const HASH_DIGITS: usize = 64;

/// Bitcoin at one endpoint.
#[derive(Debug)]
pub struct Esplora<'a> {
    pub client: &'a Client,
    pub url: &'a EndpointUrl,
    pub listing: &'a Listing,
}

#[derive(Deserialize)]
struct BlockSaid {
    id: String,
    height: u64,
    timestamp: i64,
    tx_count: usize,
    /// None of the first block.
    previousblockhash: Option<String>,
}

#[derive(Deserialize)]
struct TransactionSaid {
    txid: String,
    vin: Vec<InputSaid>,
    vout: Vec<OutputSaid>,
}

#[derive(Deserialize)]
struct InputSaid {
    /// None of what is mined.
    prevout: Option<OutputSaid>,
}

#[derive(Deserialize)]
struct OutputSaid {
    /// None of a script that is no address.
    #[serde(default)]
    scriptpubkey_address: Option<String>,
    /// Satoshis.
    value: u64,
}

impl ReadBlocks for Esplora<'_> {
    async fn newest(&self) -> Result<u64, FeedFault> {
        let told = self.get("/blocks/tip/height").await?.ok_or(FeedFault::Refused)?;
        text(&told)?.parse().map_err(|_| FeedFault::Unreadable)
    }

    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, FeedFault> {
        let mut headers = Vec::new();
        for number in numbers {
            let Some(told) = self.get(&format!("/block-height/{number}")).await? else { break };
            let block = self.block(&hash(text(&told)?)?).await?;
            if block.height != number {
                return Err(FeedFault::Unreadable);
            }
            headers.push(header(&block)?);
        }
        Ok(headers)
    }

    async fn transactions(
        &self,
        headers: &[Header],
        is_large: &impl Fn(&Flows) -> bool,
    ) -> Result<Vec<Vec<Seen>>, FeedFault> {
        let mut blocks = Vec::new();
        for header in headers {
            let transactions = self.of_block(&header.block).await?;
            let seen = transactions.into_iter().filter(|(_, flows)| is_large(flows));
            blocks.push(seen.map(|(transaction, flows)| Seen { transaction, flows, labels: Vec::new() }).collect());
        }
        Ok(blocks)
    }
}

impl Esplora<'_> {
    /// None where there is none of it.
    async fn get(&self, path: &str) -> Result<Option<Answer>, FeedFault> {
        found(self.client.get(self.url, path, &[], None).await)
    }

    async fn block(&self, hash: &str) -> Result<BlockSaid, FeedFault> {
        let told = self.get(&format!("/block/{hash}")).await?.ok_or(FeedFault::Changed)?;
        let block: BlockSaid = json(&told)?;
        if block.id.eq_ignore_ascii_case(hash) { Ok(block) } else { Err(FeedFault::Unreadable) }
    }

    /// Every one of them, once: pages that overlap or end early are another block's, or no answer.
    async fn of_block(&self, of: &BlockRef) -> Result<BTreeMap<String, Flows>, FeedFault> {
        let count = self.block(&of.hash).await?.tx_count;
        if count > TRANSACTIONS_MAX {
            return Err(FeedFault::Unreadable);
        }
        let page = |from: usize| async move {
            let told = self.get(&format!("/block/{}/txs/{from}", of.hash)).await?.ok_or(FeedFault::Changed)?;
            json::<Vec<TransactionSaid>>(&told)
        };
        let pages = stream::iter((0..count).step_by(PAGE)).map(page).buffered(AT_ONCE);
        let mut transactions = BTreeMap::new();
        let told: Vec<Vec<TransactionSaid>> = pages.try_collect().await?;
        for transaction in told.into_iter().flatten() {
            let named = hash(&transaction.txid)?;
            if transactions.insert(named, self.moved(&transaction)?).is_some() {
                return Err(FeedFault::Unreadable);
            }
        }
        if transactions.len() == count { Ok(transactions) } else { Err(FeedFault::Unreadable) }
    }

    fn moved(&self, transaction: &TransactionSaid) -> Result<Flows, FeedFault> {
        let mut flows = Flows::none(Blockchain::Bitcoin);
        let units = |said: &OutputSaid| Units { of: self.listing.native.clone(), count: said.value.into() };
        for paid in transaction.vin.iter().filter_map(|input| input.prevout.as_ref()) {
            flows.pays(address(paid).as_ref(), &units(paid)).map_err(|_| FeedFault::Unreadable)?;
        }
        for got in &transaction.vout {
            if let Some(address) = address(got) {
                flows.gets(Some(&address), &units(got)).map_err(|_| FeedFault::Unreadable)?;
            }
        }
        Ok(flows)
    }
}

fn address(said: &OutputSaid) -> Option<ChainAddress> {
    ChainAddress::parse(Blockchain::Bitcoin, said.scriptpubkey_address.as_deref()?).ok()
}

fn header(said: &BlockSaid) -> Result<Header, FeedFault> {
    let at = said.timestamp.checked_mul(1_000).ok_or(FeedFault::Unreadable)?;
    Ok(Header {
        block: BlockRef { number: said.height, hash: hash(&said.id)? },
        parent: said.previousblockhash.as_deref().map(hash).transpose()?.unwrap_or_default(),
        at: Timestamp::from_millis(at),
    })
}

/// It becomes a part of the next path that is asked for.
fn hash(text: &str) -> Result<String, FeedFault> {
    let is_hash = text.len() == HASH_DIGITS && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hash { Ok(text.to_ascii_lowercase()) } else { Err(FeedFault::Unreadable) }
}

fn text(answer: &Answer) -> Result<&str, FeedFault> {
    std::str::from_utf8(&answer.body).map(str::trim).map_err(|_| FeedFault::Unreadable)
}

fn json<T: DeserializeOwned>(answer: &Answer) -> Result<T, FeedFault> {
    serde_json::from_slice(&answer.body).map_err(|_| FeedFault::Unreadable)
}
