//! Ids as they are typed.

use domain::whale::{Blockchain, ChainAddress};
use domain::words::UnknownWord;

pub(super) fn account(text: &str) -> Result<String, &'static str> {
    if text.starts_with("acc_") { word(text) } else { Err("must be an account, acc_…") }
}

pub(super) fn bot(text: &str) -> Result<String, &'static str> {
    if text.starts_with("bot_") { word(text) } else { Err("must be a bot, bot_…") }
}

pub(super) fn credential(text: &str) -> Result<String, &'static str> {
    if text.starts_with("crd_") { word(text) } else { Err("must be an exchange key, crd_…") }
}

pub(super) fn group(text: &str) -> Result<String, &'static str> {
    if text.starts_with("grp_") { word(text) } else { Err("must be a position, grp_…") }
}

pub(super) fn parked(text: &str) -> Result<String, &'static str> {
    if text.starts_with("prk_") { word(text) } else { Err("must be a dead letter, prk_…") }
}

pub(super) fn preset(text: &str) -> Result<String, &'static str> {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b));
    let fits = plain && (1..=40).contains(&text.len()) && text != "import";
    if fits { Ok(text.to_owned()) } else { Err("must be 1 to 40 of a-z, 0-9, _ and -, and not import") }
}

pub(super) fn route(text: &str) -> Result<String, &'static str> {
    if text == "import" {
        Ok(text.to_owned())
    } else {
        preset(text).map_err(|_| "must be 1 to 40 of a-z, 0-9, _ and -")
    }
}

pub(super) fn whale(text: &str) -> Result<String, &'static str> {
    if text.starts_with("wha_") { word(text) } else { Err("must be a whale alert, wha_…") }
}

pub(super) fn source(text: &str) -> Result<String, &'static str> {
    if text.starts_with("src_") { word(text) } else { Err("must be a source of whale alerts, src_…") }
}

/// A blockchain and an address, spelled as the API does.
pub(super) fn label(text: &str) -> Result<String, String> {
    let (chain, address) = text.split_once(':').ok_or("must be a blockchain and an address, ethereum:0x…")?;
    let chain: Blockchain = chain.parse().map_err(|wrong: UnknownWord| format!("a blockchain {wrong}"))?;
    ChainAddress::parse(chain, address)
        .map(|address| format!("{}:{address}", chain.as_str()))
        .map_err(|bad| bad.to_string())
}

pub(super) fn rule(text: &str) -> Result<String, &'static str> {
    if text.starts_with("rsk_") { word(text) } else { Err("must be a risk rule, rsk_…") }
}

pub(super) fn order(text: &str) -> Result<String, &'static str> {
    if text.starts_with("ord_") { word(text) } else { Err("must be an order, ord_…") }
}

pub(super) fn order_or_group(text: &str) -> Result<String, &'static str> {
    let fits = text.starts_with("ord_") || text.starts_with("grp_");
    if fits { word(text) } else { Err("must be an order, ord_…, or a position, grp_…") }
}

pub(super) fn user(text: &str) -> Result<String, &'static str> {
    if text.starts_with("usr_") { word(text) } else { Err("must be a user, usr_…") }
}

/// An id goes into a path: nothing that means something there.
pub(super) fn word(text: &str) -> Result<String, &'static str> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if plain { Ok(text.to_owned()) } else { Err("must be an id: letters, digits and _") }
}
