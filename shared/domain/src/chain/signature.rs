//! A signature as wallets give it out.

use data_encoding::HEXLOWER_PERMISSIVE;
use std::str::FromStr;

const BYTES: usize = 65;

/// `r`, `s` and which of the possible keys it was, 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    pub rs: [u8; 64],
    pub is_odd: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be what personal_sign answers, 0x and 130 hexadecimal digits, the last two 00, 01, 1b or 1c: that of a \
     contract wallet (ERC-1271) cannot be checked here, and a private key must never be given to anybody"
)]
pub struct BadSignature;

impl FromStr for Signature {
    type Err = BadSignature;

    fn from_str(text: &str) -> Result<Self, BadSignature> {
        let digits = text.trim().strip_prefix("0x").filter(|digits| digits.len() == BYTES * 2).ok_or(BadSignature)?;
        let bytes = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| BadSignature)?;
        let (rs, last) = bytes.split_first_chunk().ok_or(BadSignature)?;
        let is_odd = match last {
            [0 | 27] => false,
            [1 | 28] => true,
            _ => return Err(BadSignature),
        };
        Ok(Self { rs: *rs, is_odd })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_byte_says_which_key_in_either_count() {
        let of = |last: &str| format!("0x{}{last}", "ab".repeat(64)).parse::<Signature>().map(|read| read.is_odd);
        assert_eq!([of("00"), of("1b"), of("01"), of("1C")], [Ok(false), Ok(false), Ok(true), Ok(true)]);
        for wrong in ["", "02", "1a", "1d", "25", "1b00", "xx"] {
            assert_eq!(of(wrong), Err(BadSignature), "{wrong}");
        }
        let key = format!("0x{}", "4".repeat(64));
        assert_eq!(key.parse::<Signature>(), Err(BadSignature));
    }
}
