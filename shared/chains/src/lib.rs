//! Chains of Ethereum's kind behind [`app::ports::ReadChain`]: what an address has, asked by JSON-RPC.
//!
//! 1. One request asks for all coins of an address, and which chain it is that answers.
//! 2. Addresses are asked by [`outbound`], which reaches nothing but the public internet.
//! 3. An answer is understood whole; else nothing of it is believed.
#![allow(async_fn_in_trait, reason = "ports are generic and never boxed; adapters decide whether futures are Send")]

mod answer;
mod question;

use app::ports::ReadChain;
use domain::chain::{Chain, ChainFault, EndpointUrl, EvmAddress};
use domain::market::Asset;
use domain::money::Amount;
use outbound::{Client, Fault, Limits};
use std::collections::BTreeMap;
use std::time::Duration;

/// Three that do not answer take less than a venue that does not.
const LIMITS: Limits = Limits { within: Duration::from_millis(1_500), bytes: 64 * 1024 };

/// Asks whom the wallet names, one after the other, until one tells.
#[derive(Debug)]
pub struct JsonRpc {
    client: Client,
}

impl JsonRpc {
    /// `is_local` where this deployment stands on one machine.
    pub fn new(is_local: bool) -> Self {
        Self { client: Client::new(is_local, LIMITS) }
    }

    async fn ask(
        &self,
        url: &EndpointUrl,
        chain: &Chain,
        address: &EvmAddress,
    ) -> Result<BTreeMap<Asset, Amount>, ChainFault> {
        let answer = self.client.post(url, question::batch(chain, address)).await.map_err(|fault| match fault {
            Fault::Unreachable | Fault::TimedOut => ChainFault::Unreachable,
            Fault::TooLong => ChainFault::Unreadable,
        })?;
        if answer.status != 200 {
            return Err(ChainFault::Refused);
        }
        answer::read(&answer.body, chain)
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
