//! The account, its fees, and what its key may do.

use super::render::eight;
use super::{Answered, Ask, names};
use crate::engine::Balance;
use crate::site::Right;
use domain::money::{Amount, Decimal, Fraction, Rate};
use serde_json::{Map, Value, json};

pub(super) fn balance(ask: &mut Ask) -> Answered {
    Ok(Value::Object(all(ask, |balance| eight(sum(balance).get()).into())))
}

pub(super) fn extended(ask: &mut Ask) -> Answered {
    let one =
        |balance: Balance| json!({ "balance": eight(sum(balance).get()), "hold_trade": eight(balance.locked.get()) });
    Ok(Value::Object(all(ask, one)))
}

fn all(ask: &Ask, shown: impl Fn(Balance) -> Value) -> Map<String, Value> {
    let held = ask.site.exchange.accounts.get(&ask.account).map(|account| account.balances.iter());
    held.into_iter().flatten().map(|(asset, balance)| (names::asset(asset), shown(*balance))).collect()
}

fn sum(balance: Balance) -> Amount {
    balance.free.plus(balance.locked).unwrap_or(balance.free)
}

pub(super) fn volume(ask: &mut Ask) -> Answered {
    let (name, policy) = (names::asked(ask).map(|(_, market)| names::pair(market)), ask.site.exchange.policy);
    let fee = |rate: Rate| json!({ "fee": percent(rate), "minfee": percent(rate), "maxfee": percent(rate) });
    let (mut taker, mut maker) = (Map::new(), Map::new());
    if let Ok(name) = name {
        taker.insert(name.clone(), fee(policy.taker));
        maker.insert(name, fee(policy.maker));
    }
    Ok(json!({ "currency": "ZUSD", "volume": "0.0000", "fees": taker, "fees_maker": maker }))
}

/// In hundredths, with four decimals.
pub(super) fn percent(rate: Rate) -> String {
    let percent = (rate.fraction() * Fraction::whole(100)).floor_to(Decimal::new(1, 4)).unwrap_or_default();
    format!("{percent:.4}")
}

pub(super) fn key(ask: &mut Ask) -> Answered {
    let key = ask.key.as_ref().ok_or("EAPI:Invalid key")?;
    let mut permissions: Vec<&str> = Vec::new();
    for (right, names) in [
        (Right::Read, &["query-funds", "query-open-trades", "query-closed-trades"][..]),
        (Right::Trade, &["modify-trades", "close-trades"][..]),
        (Right::Withdraw, &["withdraw-funds"][..]),
    ] {
        permissions.extend(names.iter().filter(|_| key.may(right)));
    }
    let created = key.created_at.div_euclid(1000).to_string();
    Ok(json!({
        "apiKeyName": key.name,
        "apiKey": key.id,
        "nonce": ask.site.nonces.get(&key.id).map(ToString::to_string),
        "nonceWindow": key.nonce_window,
        "permissions": permissions,
        "iban": "AA88 N84G WOAK NMOI",
        "validUntil": "0",
        "queryFrom": "0",
        "queryTo": "0",
        "createdTime": created,
        "modifiedTime": created,
        "ipAllowlist": key.ips,
        "lastUsed": ask.now.div_euclid(1000).to_string(),
    }))
}

/// No way of withdrawing, for whoever may.
pub(super) fn nothing(_: &mut Ask) -> Answered {
    Ok(json!([]))
}
