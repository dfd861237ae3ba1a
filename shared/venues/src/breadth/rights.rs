//! What a key may do, as far as its exchange tells: what the library asks for in no way of its own.
//!
//! Words of permissions are each exchange's. One that is not known here says nothing; a key whose exchange tells in no word
//! that it trades, or that it can withdraw, is told so only where the words for these are documented.

use domain::clock::Timestamp;
use domain::vault::{HolderId, KeyFacts};
use serde_json::Value;

/// Where an exchange tells of the key that asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rights {
    /// The question, by the library's own name for it.
    pub(super) asked: &'static str,
    /// What its answer says; none where it says nothing that is known here.
    pub(super) told: fn(&Value, Traded) -> Option<KeyFacts>,
}

/// What the key is to trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Traded {
    Coins,
    Contracts,
}

/// <https://bybit-exchange.github.io/docs/v5/user/apikey-info>
pub(super) const BYBIT: Rights = Rights { asked: "private_get_v5_user_query_api", told: bybit };
/// <https://www.okx.com/docs-v5/en/#trading-account-rest-api-get-account-configuration>
pub(super) const OKX: Rights = Rights { asked: "private_get_account_config", told: okx };
/// <https://www.kucoin.com/docs-new/rest/account-info/account-funding/get-apikey-info>
pub(super) const KUCOIN: Rights = Rights { asked: "private_get_user_api_key", told: kucoin };
/// <https://www.bitget.com/api-doc/spot/account/Get-Account-Info>
pub(super) const BITGET: Rights = Rights { asked: "private_spot_get_v2_spot_account_info", told: bitget };

/// A key without a list of addresses has `*` in its place, and ends.
fn bybit(answer: &Value, traded: Traded) -> Option<KeyFacts> {
    let key = answer.get("result")?;
    let may = |kind: &str, word: &str| {
        let words = key.pointer(&format!("/permissions/{kind}")).and_then(Value::as_array);
        words.is_some_and(|words| words.iter().any(|told| told == word))
    };
    let trades = match traded {
        Traded::Coins => may("Spot", "SpotTrade"),
        Traded::Contracts => may("ContractTrade", "Order") || may("Derivatives", "DerivativesTrade"),
    };
    key.get("permissions")?.as_object()?;
    let bound = key.get("ips").and_then(Value::as_array)?;
    let addresses: Vec<String> =
        bound.iter().filter_map(Value::as_str).filter(|ip| *ip != "*").map(str::to_owned).collect();
    let ends = key.get("expiredAt").and_then(Value::as_str).and_then(|at| at.parse::<jiff::Timestamp>().ok());
    Some(KeyFacts {
        reads: Some(true),
        trades: Some(trades && key.get("readOnly")? == 0),
        withdraws: Some(may("Wallet", "Withdraw")),
        expires_at: ends.filter(|_| addresses.is_empty()).map(|at| Timestamp::from_millis(at.as_millisecond())),
        addresses: Some(addresses),
        holder: holder(key.get("userID")),
        side_by_side: None,
    })
}

fn okx(answer: &Value, _: Traded) -> Option<KeyFacts> {
    let key = answer.pointer("/data/0")?;
    let may = words(key.get("perm")?.as_str()?);
    Some(KeyFacts {
        reads: Some(true),
        trades: Some(has(&may, &["trade"])),
        withdraws: Some(has(&may, &["withdraw"])),
        addresses: key.get("ip").and_then(Value::as_str).map(words),
        expires_at: None,
        holder: holder(key.get("uid")),
        side_by_side: None,
    })
}

/// `Transfer` is its word for what leaves the exchange; between one's own accounts it is `InnerTransfer`. Keys of an older kind
/// have `Trade` for `Spot`.
fn kucoin(answer: &Value, traded: Traded) -> Option<KeyFacts> {
    let key = answer.get("data")?;
    let may = words(key.get("permission")?.as_str()?);
    let trades = match traded {
        Traded::Coins => has(&may, &["Spot", "Trade"]),
        Traded::Contracts => has(&may, &["Futures"]),
    };
    Some(KeyFacts {
        reads: Some(has(&may, &["General"])),
        trades: Some(trades),
        withdraws: Some(has(&may, &["Transfer", "Withdrawal"])),
        addresses: Some(key.get("ipWhitelist").and_then(Value::as_str).map(words).unwrap_or_default()),
        expires_at: None,
        holder: holder(key.get("uid")),
        side_by_side: None,
    })
}

/// Its words for trading have changed more than once, and are not relied on.
fn bitget(answer: &Value, _: Traded) -> Option<KeyFacts> {
    let key = answer.get("data")?;
    let may: Vec<String> =
        key.get("authorities")?.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Some(KeyFacts {
        reads: Some(true),
        trades: None,
        withdraws: (!may.is_empty()).then(|| has(&may, &["wwow", "withdraw"])),
        addresses: key.get("ips").and_then(Value::as_str).map(words),
        expires_at: None,
        holder: holder(key.get("userId")),
        side_by_side: None,
    })
}

/// Its own number of the account, or of the part of one that the key is for; written as a text or a number.
fn holder(told: Option<&Value>) -> Option<HolderId> {
    let told = match told? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    // Nobody's.
    let is_none = told.is_empty() || told == "0";
    (!is_none).then(|| HolderId::of(&[&told]))
}

/// Of a list that is written as one text.
fn words(list: &str) -> Vec<String> {
    list.split([',', ';']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn has(may: &[String], any: &[&str]) -> bool {
    any.iter().any(|word| may.iter().any(|told| told.eq_ignore_ascii_case(word)))
}
