//! What is answered: each number that was asked, once, in any order.

use crate::question::BEFORE_TOKENS;
use data_encoding::HEXLOWER_PERMISSIVE;
use domain::chain::{Chain, ChainFault, Coin};
use domain::market::Asset;
use domain::money::Amount;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Of 32 bytes.
const DIGITS_MAX: usize = 64;

#[derive(Deserialize)]
struct Answer {
    id: Value,
    #[serde(default)]
    result: Option<Value>,
    #[serde(default)]
    error: Option<Value>,
}

pub(crate) fn read(said: &[u8], chain: &Chain) -> Result<BTreeMap<Asset, Amount>, ChainFault> {
    let said: Value = serde_json::from_slice(said).map_err(|_| ChainFault::Unreadable)?;
    // Who takes no batch, or none of so many, says so once.
    if said.get("error").is_some() {
        return Err(ChainFault::Refused);
    }
    let answers: Vec<Answer> = serde_json::from_value(said).map_err(|_| ChainFault::Unreadable)?;
    let mut told = by_number(answers, chain.tokens.len().saturating_add(BEFORE_TOKENS))?.into_iter();
    let mut next = || told.next().ok_or(ChainFault::Unreadable);
    if number(&next()?)? != id_bytes(chain.id) {
        return Err(ChainFault::OtherChain);
    }
    let mut holdings = BTreeMap::from([amount(&chain.native, &number(&next()?)?)?]);
    for token in &chain.tokens {
        let (asset, amount) = amount(&token.coin, &word(&next()?)?)?;
        holdings.insert(asset, amount);
    }
    Ok(holdings)
}

/// In the order in which they were asked.
fn by_number(answers: Vec<Answer>, asked: usize) -> Result<Vec<String>, ChainFault> {
    let mut told: BTreeMap<usize, String> = BTreeMap::new();
    for Answer { id, result, error } in answers {
        if error.is_some_and(|error| !error.is_null()) {
            return Err(ChainFault::Refused);
        }
        let id = id.as_u64().and_then(|id| usize::try_from(id).ok()).filter(|id| *id < asked);
        let (Some(id), Some(Value::String(result))) = (id, result) else { return Err(ChainFault::Unreadable) };
        if told.insert(id, result).is_some() {
            return Err(ChainFault::Unreadable);
        }
    }
    if told.len() == asked { Ok(told.into_values().collect()) } else { Err(ChainFault::Unreadable) }
}

/// A number, without zeros before it, as bytes.
fn number(text: &str) -> Result<Vec<u8>, ChainFault> {
    let digits = text.strip_prefix("0x").filter(|digits| (1..=DIGITS_MAX).contains(&digits.len()));
    let digits = digits.ok_or(ChainFault::Unreadable)?;
    let even = if digits.len().is_multiple_of(2) { digits.to_owned() } else { format!("0{digits}") };
    let bytes = HEXLOWER_PERMISSIVE.decode(even.as_bytes()).map_err(|_| ChainFault::Unreadable)?;
    Ok(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}

/// What a contract answers, filled up to 32 bytes; one that is not there answers nothing.
fn word(text: &str) -> Result<Vec<u8>, ChainFault> {
    let is_word = text.len() == "0x".len().saturating_add(DIGITS_MAX);
    if is_word { number(text) } else { Err(ChainFault::Unreadable) }
}

fn id_bytes(id: u64) -> Vec<u8> {
    id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect()
}

fn amount(coin: &Coin, units: &[u8]) -> Result<(Asset, Amount), ChainFault> {
    let amount = coin.amount(units).map_err(|_| ChainFault::Beyond)?;
    Ok((coin.asset.clone(), amount))
}
