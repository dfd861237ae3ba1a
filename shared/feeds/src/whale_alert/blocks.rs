//! v2: blocks by their heights, with owners.

use super::{amount, hash, label, spelled};
use crate::found;
use app::ports::ReadBlocks;
use domain::chain::EndpointUrl;
use domain::clock::Timestamp;
use domain::whale::{BlockRef, Blockchain, ChainAddress, FeedFault, Flows, Header, Label, Listing, Seen};
use outbound::{Answer, Client};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::ops::RangeInclusive;

/// Of one block.
const PAGES_MAX: usize = 64;

/// A chain as Whale Alert's second interface describes it.
#[derive(Debug)]
pub struct WhaleAlert<'a> {
    pub client: &'a Client,
    pub url: &'a EndpointUrl,
    pub key: &'a SecretString,
    pub chain: Blockchain,
    pub listing: &'a Listing,
}

#[derive(Deserialize)]
struct StatusSaid {
    end_height: u64,
}

#[derive(Deserialize)]
struct BlockSaid {
    hash: String,
    timestamp: i64,
    #[serde(default)]
    transactions: Vec<TransactionSaid>,
    /// The address of the next page.
    #[serde(default)]
    next: Option<String>,
}

#[derive(Deserialize)]
struct TransactionSaid {
    hash: String,
    #[serde(default)]
    sub_transactions: Vec<PartSaid>,
}

#[derive(Deserialize)]
struct PartSaid {
    symbol: String,
    transaction_type: String,
    #[serde(default)]
    inputs: Vec<SideSaid>,
    #[serde(default)]
    outputs: Vec<SideSaid>,
}

#[derive(Deserialize)]
struct SideSaid {
    address: String,
    amount: String,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    owner_type: Option<String>,
    #[serde(default)]
    address_type: Option<String>,
}

impl ReadBlocks for WhaleAlert<'_> {
    async fn newest(&self) -> Result<u64, FeedFault> {
        let status = self.get::<StatusSaid>("status", &[]).await?.ok_or(FeedFault::Refused)?;
        Ok(status.end_height)
    }

    /// A block does not name the one before it: that is asked for as well, and its hash is the parent.
    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, FeedFault> {
        let (mut headers, mut child): (Vec<Header>, Option<(u64, String, Timestamp)>) = (Vec::new(), None);
        // From the newest down: after a reorganisation in between a child is an old one, which the next look finds out.
        for number in (numbers.start().saturating_sub(1)..=*numbers.end()).rev() {
            let read = self.hash_of(number).await?;
            let parent = read.as_ref().map(|(hash, _)| hash.clone());
            if let Some((number, hash, at)) = child.take() {
                headers.push(Header { block: BlockRef { number, hash }, parent: parent.unwrap_or_default(), at });
            }
            child = read.map(|(hash, at)| (number, hash, at));
        }
        headers.reverse();
        let first = *numbers.start();
        let in_order =
            headers.iter().zip(first..=u64::MAX).take_while(|(header, number)| header.block.number == *number).count();
        headers.truncate(in_order);
        Ok(headers)
    }

    async fn transactions(
        &self,
        headers: &[Header],
        is_large: &impl Fn(&Flows) -> bool,
    ) -> Result<Vec<Vec<Seen>>, FeedFault> {
        let mut blocks = Vec::new();
        for header in headers {
            let said = self.of_block(header).await?;
            let seen =
                said.iter().map(|transaction| self.seen(transaction, header.at)).collect::<Result<Vec<_>, _>>()?;
            blocks.push(seen.into_iter().filter(|seen| is_large(&seen.flows)).collect());
        }
        Ok(blocks)
    }
}

impl WhaleAlert<'_> {
    /// None where there is none of it.
    async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<Option<T>, FeedFault> {
        let query = [query, &[("api_key", self.key.expose_secret())]].concat();
        let path = format!("/{}/{path}", self.chain.as_str());
        let found = found(self.client.get(self.url, &path, &query, None).await)?;
        let read = |answer: Answer| serde_json::from_slice(&answer.body).map_err(|_| FeedFault::Unreadable);
        found.map(read).transpose()
    }

    async fn hash_of(&self, number: u64) -> Result<Option<(String, Timestamp)>, FeedFault> {
        let block: Option<BlockSaid> = self.get(&format!("block/{number}"), &[]).await?;
        block.map(|block| Ok((hash(&block.hash)?, time(block.timestamp)?))).transpose()
    }

    /// All pages of it, each of the same block.
    async fn of_block(&self, header: &Header) -> Result<Vec<TransactionSaid>, FeedFault> {
        let (path, mut transactions) = (format!("block/{}", header.block.number), Vec::new());
        let mut query: Vec<(String, String)> = Vec::new();
        for _ in 0..PAGES_MAX {
            let borrowed: Vec<_> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let page: BlockSaid = self.get(&path, &borrowed).await?.ok_or(FeedFault::Changed)?;
            if hash(&page.hash)? != header.block.hash {
                return Err(FeedFault::Changed);
            }
            transactions.extend(page.transactions);
            let next = page.next.as_deref().filter(|next| !next.is_empty()).map(parameters).transpose()?;
            match next.filter(|next| *next != query) {
                Some(next) => query = next,
                None => return Ok(transactions),
            }
        }
        Err(FeedFault::Unreadable)
    }

    fn seen(&self, said: &TransactionSaid, at: Timestamp) -> Result<Seen, FeedFault> {
        let (mut flows, mut labels) = (Flows::none(self.chain), Vec::new());
        for part in said.sub_transactions.iter().filter(|part| MOVES.contains(&part.transaction_type.as_str())) {
            let sides = (self.sides(&part.inputs, at, &mut labels), self.sides(&part.outputs, at, &mut labels));
            self.moved(part, sides, &mut flows)?;
        }
        // Nodes spell it so: it is the same alert.
        let transaction = spelled(self.chain, &hash(&said.hash)?);
        Ok(Seen { transaction, flows, labels })
    }

    fn moved(&self, part: &PartSaid, (from, to): (Sides, Sides), flows: &mut Flows) -> Result<(), FeedFault> {
        let Some(of) = self.listing.by_asset(&part.symbol) else {
            for (address, _) in from.iter().chain(&to) {
                flows.moves_elsewhere(Some(address), None);
            }
            return Ok(());
        };
        let counted = |sides: &Sides| -> Result<Vec<_>, FeedFault> {
            sides.iter().map(|(address, count)| Ok((address.clone(), amount::units(of, count)?))).collect()
        };
        let (from, to) = (counted(&from)?, counted(&to)?);
        for (address, units) in &from {
            let paid = match part.transaction_type.as_str() {
                "burn" => flows.moves(Some(address), None, units),
                _ => flows.pays(Some(address), units),
            };
            paid.map_err(|_| FeedFault::Unreadable)?;
        }
        for (address, units) in &to {
            let got = match part.transaction_type.as_str() {
                "mint" => flows.moves(None, Some(address), units),
                _ => flows.gets(Some(address), units),
            };
            got.map_err(|_| FeedFault::Unreadable)?;
        }
        Ok(())
    }

    /// Those that have an address.
    fn sides(&self, said: &[SideSaid], at: Timestamp, labels: &mut Vec<Label>) -> Sides {
        let mut sides = Vec::new();
        for side in said {
            if let Ok(address) = ChainAddress::parse(self.chain, &side.address) {
                let by = (side.owner.as_deref(), side.owner_type.as_deref(), side.address_type.as_deref());
                labels.extend(label(self.chain, &address, by, at));
                sides.push((address, side.amount.clone()));
            }
        }
        sides
    }
}

type Sides = Vec<(ChainAddress, String)>;

/// Of freezing and locking nothing moves.
const MOVES: [&str; 3] = ["transfer", "mint", "burn"];

/// What stands behind the question mark of the address of a next page. Who is asked for it does not come from there.
fn parameters(next: &str) -> Result<Vec<(String, String)>, FeedFault> {
    let (_, query) = next.split_once('?').ok_or(FeedFault::Unreadable)?;
    let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let pairs =
        query.split('&').map(|pair| pair.split_once('=').filter(|(name, value)| is_plain(name) && is_plain(value)));
    let pairs: Option<Vec<_>> = pairs.collect();
    let own = |(name, value): (&str, &str)| (name != "api_key").then(|| (name.to_owned(), value.to_owned()));
    Ok(pairs.ok_or(FeedFault::Unreadable)?.into_iter().filter_map(own).collect())
}

fn time(seconds: i64) -> Result<Timestamp, FeedFault> {
    seconds.checked_mul(1_000).map(Timestamp::from_millis).ok_or(FeedFault::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_page_is_asked_for_where_the_first_one_was() {
        let next = "https://evil.example.org/bitcoin/block/9?start_index=100&api_key=other&limit=100";
        let pairs = vec![("start_index".to_owned(), "100".to_owned()), ("limit".to_owned(), "100".to_owned())];
        assert_eq!(parameters(next), Ok(pairs));
        for wrong in ["https://a.example.org/", "https://a.example.org/?a=%2e", "https://a.example.org/?a"] {
            assert_eq!(parameters(wrong), Err(FeedFault::Unreadable), "{wrong}");
        }
    }
}
