//! Whale Alert, which knows owners by itself. Its cheap plan is for personal use only.
//!
//! v1: <https://docs.whale-alert.io> (read 2026-11-30), held to the PyPI package whale-alert 0.0.4. v2: the official examples
//! (github.com/whale-alert/whale-alert-examples at 70b3b7a0, README.md and go/{04,06}) and github.com/tigusigalpa/whale-alert-go at
//! ba3d5c30 (both read 2026-11-30). Both know Bitcoin and Ethereum, and no BNB Smart Chain.

mod amount;
mod blocks;
mod list;

pub use blocks::WhaleAlert;
pub use list::TransferList;

use crate::text;
use domain::clock::Timestamp;
use domain::whale::{Blockchain, ChainAddress, FeedFault, Label, LabelCategory, LabelRole};

const SOURCE: &str = "whale-alert.io";
/// It does not say how sure it is of an owner.
const CONFIDENCE: u8 = 60;

/// An owner by its word.
fn label(
    chain: Blockchain,
    address: &ChainAddress,
    (owner, owner_type, address_type): (Option<&str>, Option<&str>, Option<&str>),
    as_of: Timestamp,
) -> Option<Label> {
    // As labels of the deployment spell owners.
    let owner = text::name(owner?)?.to_ascii_lowercase();
    if owner == "unknown" {
        return None;
    }
    let category = match owner_type {
        Some("exchange") => LabelCategory::Exchange,
        Some("defi") => LabelCategory::Defi,
        _ => LabelCategory::Unknown,
    };
    let role = match address_type {
        Some("hot_wallet") => Some(LabelRole::Hot),
        Some("cold_wallet") => Some(LabelRole::Cold),
        _ => None,
    };
    let (address, source) = (address.clone(), SOURCE.to_owned());
    Some(Label { chain, address, owner, category, role, source, as_of, confidence: CONFIDENCE })
}

/// v1 leaves out what begins an address or a hash of Ethereum.
fn spelled(chain: Blockchain, text: &str) -> String {
    if chain == Blockchain::Ethereum && !text.starts_with("0x") { format!("0x{text}") } else { text.to_owned() }
}

fn hash(text: &str) -> Result<String, FeedFault> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let is_hash = digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hash { Ok(text.to_ascii_lowercase()) } else { Err(FeedFault::Unreadable) }
}
