//! An address of a chain of Ethereum's kind.

use std::fmt;
use std::str::FromStr;

const DIGITS: usize = 40;

/// `0x` and forty hexadecimal digits, as they were spelled. What its capitals vouch for (EIP-55) is looked at by whoever
/// knows the chain's hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EvmAddress(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 0x and 40 hexadecimal digits, an address and never a key")]
pub struct BadAddress;

impl EvmAddress {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without what its capitals vouch for.
    #[must_use]
    pub fn lower(&self) -> Self {
        Self(self.0.to_ascii_lowercase())
    }

    /// Its digits, without `0x`.
    pub fn digits(&self) -> &str {
        self.0.strip_prefix("0x").unwrap_or_default()
    }

    /// Whether its capitals say anything.
    pub fn is_mixed(&self) -> bool {
        let has = |of: fn(&u8) -> bool| self.digits().as_bytes().iter().any(of);
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
    }
}

impl FromStr for EvmAddress {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let digits = text.strip_prefix("0x").ok_or(BadAddress)?;
        let fits = digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if fits { Ok(Self(text.to_owned())) } else { Err(BadAddress) }
    }
}

impl fmt::Display for EvmAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_forty_digits_and_a_private_key_is_none() {
        let of = |text: &str| text.parse::<EvmAddress>();
        let spelled = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        assert_eq!(of(spelled).unwrap().to_string(), spelled);
        assert!(of(spelled).unwrap().is_mixed() && !of(spelled).unwrap().lower().is_mixed());
        let key = format!("0x{}", "4".repeat(64));
        let short = format!("0x{}", "a".repeat(39));
        for wrong in ["", "0x", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", &key, &short, &format!("{short}g")] {
            assert_eq!(of(wrong), Err(BadAddress), "{wrong}");
            assert!(wrong.len() < 10 || !BadAddress.to_string().contains(wrong));
        }
    }
}
