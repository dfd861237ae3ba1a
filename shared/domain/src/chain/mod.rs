//! Addresses of chains that are looked at, and never traded: whose one is, and what it has.
//!
//! 1. An address is its owner's once a challenge was signed with its key; the key itself never comes here.
//! 2. A challenge is signed once, before it ends; what answers it deletes it.
//! 3. What a chain tells is kept exactly or not at all.

mod address;
mod endpoint;
mod held;
mod signature;

pub use address::{BadAddress, EvmAddress};
pub use endpoint::{BadEndpointUrl, EndpointUrl, is_local};
pub use held::{ChainFault, Challenge, HeldAddress, Unproven};
pub use signature::{BadSignature, Signature};

use crate::market::Asset;
use crate::money::{Amount, Decimal, MoneyError};
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::Zero;

/// Decimals that a coin may have.
pub const COIN_DECIMALS_MAX: u8 = 18;

/// A chain, and which of its coins are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// As EIP-155 numbers them.
    pub id: u64,
    /// In which its fees are paid.
    pub native: Coin,
    pub tokens: Vec<Token>,
    /// Who is asked, one after the other.
    pub rpc_urls: Vec<EndpointUrl>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coin {
    pub asset: Asset,
    pub decimals: u8,
}

/// A coin that a contract keeps, as ERC-20 says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub coin: Coin,
    pub contract: EvmAddress,
}

impl Coin {
    /// So many of its smallest units, as big-endian bytes.
    ///
    /// # Errors
    /// Where that has more digits than can be kept exactly.
    pub fn amount(&self, units: &[u8]) -> Result<Amount, MoneyError> {
        let (mut units, ten, mut decimals) = (BigUint::from_bytes_be(units), BigUint::from(10_u8), self.decimals);
        while decimals > 0 {
            let (fewer, rest) = units.div_rem(&ten);
            if !rest.is_zero() {
                break;
            }
            units = fewer;
            decimals = decimals.saturating_sub(1);
        }
        let (digits, decimals) = (units.to_string(), usize::from(decimals));
        let padded = format!("{digits:0>width$}", width = decimals.saturating_add(1));
        let (whole, rest) = padded.split_at_checked(padded.len().saturating_sub(decimals)).unwrap_or_default();
        let text = if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") };
        Amount::new(Decimal::from_str_exact(&text).map_err(|_| MoneyError::Inexact)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_become_an_amount_to_the_last_digit_or_none() {
        let check = |units: &str, decimals: u8, amount: Option<&str>| {
            let coin = Coin { asset: "ETH".parse().unwrap(), decimals };
            let read = coin.amount(&units.parse::<BigUint>().unwrap().to_bytes_be());
            assert_eq!(read.map(|read| read.to_string()).ok().as_deref(), amount, "{units} {decimals}");
        };
        check("0", 18, Some("0"));
        check("1", 18, Some("0.000000000000000001"));
        check("1234567890123456789", 18, Some("1.234567890123456789"));
        check("1000000000000000000", 18, Some("1"));
        check("120000000", 6, Some("120"));
        check("7", 0, Some("7"));
        check("1000000000000000000000000000000", 18, Some("1000000000000"));
        check("999999999999999", 0, Some("999999999999999"));
        check("1000000000000000", 0, Some("1000000000000000"));
        check("79228162514000000000000000001", 18, Some("79228162514.000000000000000001"));
        check("79228162515000000000000000001", 18, None);
        check(&(BigUint::from(2_u8).pow(256) - 1_u8).to_string(), 18, None);
    }
}
