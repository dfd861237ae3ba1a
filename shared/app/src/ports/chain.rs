//! Chains: whose signature it is, and what an address has.

use domain::chain::{Chain, ChainFault, EvmAddress, Signature};
use domain::market::Asset;
use domain::money::Amount;
use std::collections::BTreeMap;

/// What the chain's mathematics say; nothing is asked of anybody.
pub trait RecoverSigner {
    /// With the capitals of its checksum (EIP-55); none where it has capitals of another.
    fn spelled(&self, address: &EvmAddress) -> Option<EvmAddress>;

    /// Whose personal signature (EIP-191) of this text it is, spelled; none where it is nobody's.
    fn signer(&self, text: &str, signature: &Signature) -> Option<EvmAddress>;
}

pub trait ReadChain {
    /// What an address has of the chain's coins, those too of which it has nothing.
    async fn holdings(&self, chain: &Chain, address: &EvmAddress) -> Result<BTreeMap<Asset, Amount>, ChainFault>;
}
