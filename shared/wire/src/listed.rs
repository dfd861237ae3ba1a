//! Assets that every deployment watches: contracts and decimals as public lists have them, each with its source.

use domain::market::Asset;
use domain::whale::{Blockchain, ChainAddress, Listed, Listing};
use serde::Deserialize;

const LISTED: &str = include_str!("listed.json");

#[derive(Deserialize)]
struct File {
    chains: Vec<ChainListed>,
}

#[derive(Deserialize)]
struct ChainListed {
    chain: String,
    native: Row,
    tokens: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    asset: String,
    decimals: u32,
    /// The contract of a token.
    contract: Option<String>,
    /// Another asset that it stands for, and is worth as much as.
    priced_by: Option<String>,
    #[serde(default)]
    pegged: bool,
}

/// What is watched on this chain.
pub fn listing(chain: Blockchain) -> Listing {
    of(chain).unwrap_or_else(|| unreachable!("a test reads the list of each chain"))
}

fn of(chain: Blockchain) -> Option<Listing> {
    let file: File = serde_json::from_str(LISTED).ok()?;
    let own = file.chains.into_iter().find(|listed| listed.chain == chain.as_str())?;
    let asset = |name: &str| name.parse::<Asset>().ok();
    let listed = |row: &Row| Some(Listed { asset: asset(&row.asset)?, decimals: row.decimals });
    let contract = |row: &Row| ChainAddress::parse(chain, row.contract.as_deref()?).ok();
    let tokens = own.tokens.iter().map(|row| Some((contract(row)?, listed(row)?))).collect::<Option<_>>()?;
    let stand_ins = own.tokens.iter().filter_map(|row| Some((asset(&row.asset)?, asset(row.priced_by.as_deref()?)?)));
    let pegged = own.tokens.iter().filter(|row| row.pegged).filter_map(|row| asset(&row.asset)).collect();
    Some(Listing { native: listed(&own.native)?, priced_by: stand_ins.collect(), tokens, pegged })
}
