//! What an account has there.
//!
//! A balance is told whole or not at all: what is not told of an asset is unknown, and never nothing. Coins that are taken for gone
//! are marked missing, and are not sold.

use super::Spoken;
use super::asked::Wish;
use super::failed::Failed;
use super::read::Balances;
use super::told::About;
use crate::native::{Answer, Login};
use app::ports::Balance;
use domain::market::Asset;
use std::collections::BTreeMap;

impl Spoken {
    /// What is free and locked; of an account of contracts, of what they are paid in.
    pub(super) async fn held(&self, login: &Login) -> Result<BTreeMap<Asset, Balance>, Failed> {
        let wish = Wish::read("fetch_balance", Vec::new());
        let (told, answer) = self.heard(&login.site, Some(login), &[], &wish, login.now).await?;
        if self.ways.assets_at.is_some_and(|at| !has_list(&answer, at)) {
            return Err(Failed::Lost("the exchange tells balances without its list of assets".to_owned()));
        }
        balances(&told)
    }
}

/// What is cut short may still be JSON.
fn has_list(answer: &Answer, at: &str) -> bool {
    answer.json::<serde_json::Value>().is_some_and(|told| told.pointer(at).is_some_and(serde_json::Value::is_array))
}

/// An asset whose name is none that we can write is none that we trade.
fn balances(told: &Balances) -> Result<BTreeMap<Asset, Balance>, Failed> {
    let named = |name: &String| name.parse::<Asset>().ok();
    told.free.iter().filter_map(|(name, free)| Some(balance(told, name, named(name)?, *free))).collect()
}

fn balance(told: &Balances, name: &str, asset: Asset, free: Option<About>) -> Result<(Asset, Balance), Failed> {
    match (free, told.used.get(name).copied().flatten()) {
        (Some(About(free)), Some(About(locked))) => Ok((asset, Balance { free, locked })),
        _ => Err(Failed::Lost(format!("the exchange does not tell what is free and what is locked of {asset}"))),
    }
}
