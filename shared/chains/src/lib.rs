//! Chains of Ethereum's kind behind [`app::ports::ReadChain`]: what an address has, asked by JSON-RPC.
//!
//! 1. One request asks for all coins of an address, and which chain it is that answers.
//! 2. Whoever is asked is of the public internet, by https, also after their name was looked up; on a local stack, and
//!    there alone, of this machine. No redirect is followed, no proxy of the environment is used.
//! 3. An answer is short, comes soon, and is understood whole; else nothing of it is believed.
//! 4. An address that is asked may hold a provider's key: no error tells it.
#![allow(async_fn_in_trait, reason = "ports are generic and never boxed; adapters decide whether futures are Send")]

mod answer;
mod client;
mod question;

use app::ports::ReadChain;
use client::Client;
use domain::chain::{Chain, ChainFault, EvmAddress, RpcUrl};
use domain::market::Asset;
use domain::money::Amount;
use std::collections::BTreeMap;

/// Asks whom the wallet names, one after the other, until one tells.
#[derive(Debug)]
pub struct JsonRpc {
    client: Client,
}

impl JsonRpc {
    /// `is_local` where this deployment stands on one machine.
    pub fn new(is_local: bool) -> Self {
        Self { client: Client::new(is_local) }
    }

    async fn ask(
        &self,
        url: &RpcUrl,
        chain: &Chain,
        address: &EvmAddress,
    ) -> Result<BTreeMap<Asset, Amount>, ChainFault> {
        let said = self.client.post(url, question::batch(chain, address)).await?;
        answer::read(&said, chain)
    }
}

impl ReadChain for JsonRpc {
    async fn holdings(&self, chain: &Chain, address: &EvmAddress) -> Result<BTreeMap<Asset, Amount>, ChainFault> {
        let mut fault = ChainFault::NotSet;
        for url in &chain.rpc_urls {
            match self.ask(url, chain, address).await {
                Ok(holdings) => return Ok(holdings),
                Err(why) => fault = why,
            }
        }
        Err(fault)
    }
}
