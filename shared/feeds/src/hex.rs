//! Numbers and words as JSON-RPC of Ethereum spells them.
//!
//! <https://ethereum.org/developers/docs/apis/json-rpc/#hex-encoding>: a quantity has no zeros before it, data has two digits a byte; read by
//! alloy's `alloy_serde::quantity` (github.com/alloy-rs/alloy, crates/rpc-types-eth/src/log.rs at 1b4abfba, 2026-11-30).

use domain::whale::{Blockchain, ChainAddress, FeedFault};

/// Of 32 bytes.
const WORD: usize = 64;
/// An address stands in the last 20 bytes of a word.
const BEFORE_ADDRESS: usize = 24;

pub(crate) fn quantity(text: &str) -> Result<u64, FeedFault> {
    let digits = text.strip_prefix("0x").filter(|digits| is_hex(digits)).ok_or(FeedFault::Unreadable)?;
    u64::from_str_radix(digits, 16).map_err(|_| FeedFault::Unreadable)
}

pub(crate) fn spelled(number: u64) -> String {
    format!("{number:#x}")
}

/// None of more than can be counted: nothing that exists is so many units.
pub(crate) fn units(text: &str) -> Result<Option<u128>, FeedFault> {
    let digits = text.strip_prefix("0x").filter(|digits| is_hex(digits) && digits.len() <= WORD);
    let digits = digits.ok_or(FeedFault::Unreadable)?.trim_start_matches('0');
    if digits.is_empty() { Ok(Some(0)) } else { Ok(u128::from_str_radix(digits, 16).ok()) }
}

/// The hash of a block or a transaction, in lower case.
pub(crate) fn hash(text: &str) -> Result<String, FeedFault> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == WORD && is_hex(digits));
    digits.map(|digits| format!("0x{}", digits.to_ascii_lowercase())).ok_or(FeedFault::Unreadable)
}

/// That stands in an indexed word of a log; none of zeros, which creates and destroys.
pub(crate) fn address_of_word(chain: Blockchain, text: &str) -> Result<Option<ChainAddress>, FeedFault> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == WORD && is_hex(digits));
    let (before, digits) =
        digits.and_then(|digits| digits.split_at_checked(BEFORE_ADDRESS)).ok_or(FeedFault::Unreadable)?;
    if before.bytes().any(|digit| digit != b'0') {
        return Err(FeedFault::Unreadable);
    }
    if digits.bytes().all(|digit| digit == b'0') {
        return Ok(None);
    }
    ChainAddress::parse(chain, &format!("0x{digits}")).map(Some).map_err(|_| FeedFault::Unreadable)
}

fn is_hex(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_whole_or_not_at_all() {
        for (text, number) in [("0x0", Some(0)), ("0x10d4f", Some(68_943)), ("0xffffffffffffffff", Some(u64::MAX))] {
            assert_eq!(quantity(text).ok(), number, "{text}");
        }
        for wrong in ["", "0x", "10", "0x+1", "0x1_0", "0x10000000000000000", "0xg"] {
            assert_eq!(quantity(wrong), Err(FeedFault::Unreadable), "{wrong}");
        }
        assert_eq!(spelled(68_943), "0x10d4f");
        assert_eq!(units(&format!("0x{:064x}", 5_000_000)), Ok(Some(5_000_000)));
        assert_eq!(units(&format!("0x{}", "f".repeat(64))), Ok(None), "more than can be counted");
        assert_eq!(units("0x"), Err(FeedFault::Unreadable), "no data");
    }

    #[test]
    fn an_address_is_the_end_of_its_word() {
        let of =
            |text: &str| address_of_word(Blockchain::Ethereum, text).map(|address| address.map(|it| it.to_string()));
        let address = "a".repeat(40);
        assert_eq!(of(&format!("0x{address:0>64}")), Ok(Some(format!("0x{address}"))));
        assert_eq!(of(&format!("0x{}", "0".repeat(64))), Ok(None));
        assert_eq!(of(&format!("0x1{address:0>63}")), Err(FeedFault::Unreadable), "a number is no address");
        assert_eq!(of(&address), Err(FeedFault::Unreadable));
    }
}
