//! Addresses of watched blockchains.

use super::Blockchain;
use crate::chain::EvmAddress;
use std::fmt;

/// BIP 173, "Segwit address format": `bc`, the separator `1` and data of the character set below, 90 characters at most; read
/// 2026-11-30 at github.com/bitcoin/bips.
const BECH32: (&str, &str, usize) = ("bc1", "qpzry9x8gf2tvdw0s3jn54khce6mua7l", 90);
/// Base58 leaves out `0`, `O`, `I` and `l`; an address begins with `1` or `3` and has 26 to 35 characters. Bitcoin wiki, "Invoice address",
/// as quoted at github.com/bxcodec/faker/issues/152; read 2026-11-30.
const BASE58: (&str, usize, usize) = ("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 26, 35);

/// An address, spelled as its chain compares it: in lower case where capitals say nothing. It is text from outside; its checksum is
/// not looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainAddress(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address of {}", .0.as_str())]
pub struct BadAddress(Blockchain);

impl ChainAddress {
    /// # Errors
    /// [`BadAddress`] where the text is no address of this chain.
    pub fn parse(chain: Blockchain, text: &str) -> Result<Self, BadAddress> {
        let spelled = match chain {
            Blockchain::Ethereum | Blockchain::BinanceSmartChain => {
                text.parse::<EvmAddress>().ok().map(|address| address.lower().to_string())
            }
            Blockchain::Bitcoin => bech32(text).or_else(|| base58(text)),
        };
        spelled.map(Self).ok_or(BadAddress(chain))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ChainAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// All in lower case or all in capitals.
fn bech32(text: &str) -> Option<String> {
    let (prefix, characters, most) = BECH32;
    let lower = text.to_ascii_lowercase();
    let data = lower.strip_prefix(prefix)?;
    let is_one_case = text == lower || text == text.to_ascii_uppercase();
    let fits =
        is_one_case && text.len() <= most && !data.is_empty() && data.chars().all(|each| characters.contains(each));
    fits.then_some(lower)
}

fn base58(text: &str) -> Option<String> {
    let (characters, least, most) = BASE58;
    let fits = text.starts_with(['1', '3'])
        && (least..=most).contains(&text.len())
        && text.chars().all(|each| characters.contains(each));
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_spelled_as_its_chain_compares_it_and_another_text_is_none() {
        let of = |chain, text: &str| ChainAddress::parse(chain, text).map(|address| address.to_string());
        let evm = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        assert_eq!(of(Blockchain::Ethereum, evm), Ok(evm.to_ascii_lowercase()));
        assert_eq!(of(Blockchain::BinanceSmartChain, evm), Ok(evm.to_ascii_lowercase()));
        // The examples of BIP 173 and of the Bitcoin wiki.
        let segwit = "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4";
        assert_eq!(of(Blockchain::Bitcoin, segwit), Ok(segwit.to_ascii_lowercase()));
        for kept in ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"] {
            assert_eq!(of(Blockchain::Bitcoin, kept), Ok(kept.to_owned()));
        }
        let long = format!("bc1{}", "q".repeat(88));
        for wrong in
            ["", "bc1", "Bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", &long, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNL0", evm]
        {
            assert!(of(Blockchain::Bitcoin, wrong).is_err(), "{wrong}");
        }
        let refused = of(Blockchain::Ethereum, segwit).unwrap_err();
        assert_eq!(refused.to_string(), "must be an address of ethereum");
    }
}
