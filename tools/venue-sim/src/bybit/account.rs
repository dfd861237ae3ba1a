//! The account, what its key may do, and its fees.

use super::render::{number, symbol};
use super::{Answered, Ask, Refused};
use crate::engine::{Balance, Market, Millis};
use crate::keys;
use crate::site::Right;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A key without a list of addresses ends then.
const ENDS_AFTER: Millis = 90 * 86_400_000;

pub(super) fn wallet(ask: &mut Ask) -> Answered {
    if ask.params.get("accountType") != Some("UNIFIED") {
        return Err(Refused::new(10001, "accountType only support UNIFIED."));
    }
    let wanted = |asset: &str| ask.params.get("coin").is_none_or(|coins| coins.split(',').any(|coin| coin == asset));
    let held = ask.site.exchange.accounts.get(&ask.account).map(|account| account.balances.iter());
    let coins = held.into_iter().flatten().filter(|(asset, _)| wanted(asset));
    let coins: Vec<Value> = coins.map(|(asset, balance)| coin(asset, *balance)).collect();
    Ok(json!({ "list": [{
        "accountType": "UNIFIED",
        "accountIMRate": "",
        "accountMMRate": "",
        "totalEquity": "",
        "totalWalletBalance": "",
        "totalAvailableBalance": "",
        "totalInitialMargin": "",
        "totalMaintenanceMargin": "",
        "coin": coins,
    }] }))
}

/// What may be withdrawn is not told any more of such an account.
fn coin(asset: &str, balance: Balance) -> Value {
    let all = number(balance.free.plus(balance.locked).unwrap_or(balance.free).get());
    json!({
        "coin": asset,
        "equity": all,
        "walletBalance": all,
        "free": "",
        "locked": number(balance.locked.get()),
        "availableToWithdraw": "",
        "availableToBorrow": "",
        "borrowAmount": "0",
        "accruedInterest": "0",
        "totalOrderIM": "0",
        "totalPositionIM": "0",
        "totalPositionMM": "0",
        "unrealisedPnl": "0",
        "cumRealisedPnl": "0",
        "bonus": "0",
        "marginCollateral": true,
        "collateralSwitch": true,
    })
}

pub(super) fn info(ask: &mut Ask) -> Answered {
    Ok(json!({
        "unifiedMarginStatus": 6,
        "marginMode": "REGULAR_MARGIN",
        "isMasterTrader": false,
        "spotHedgingStatus": "OFF",
        "updatedTime": ask.now.to_string(),
        "dcpStatus": "OFF",
        "timeWindow": 0,
        "smpGroup": 0,
    }))
}

pub(super) fn key(ask: &mut Ask) -> Answered {
    let key = ask.key.as_ref().ok_or_else(|| Refused::new(10003, "API key is invalid."))?;
    let words = |right, words: &[&str]| if key.may(right) { json!(words) } else { json!([]) };
    let at =
        |at: Millis| jiff::Timestamp::from_second(at.div_euclid(1000)).map(|at| at.to_string()).unwrap_or_default();
    let addresses = if key.ips.is_empty() { json!(["*"]) } else { json!(key.ips) };
    let holder = keys::uuid_of(&format!("bybit {}", key.account));
    Ok(json!({
        "id": keys::uuid_of(&key.id),
        "note": key.name,
        "apiKey": key.id,
        "readOnly": u8::from(!key.may(Right::Trade)),
        "secret": "",
        "permissions": {
            "ContractTrade": [],
            "Spot": words(Right::Trade, &["SpotTrade"]),
            "Wallet": words(Right::Withdraw, &["Withdraw"]),
            "Options": [],
            "Derivatives": [],
            "CopyTrading": [],
            "BlockTrade": [],
            "Exchange": [],
            "NFT": [],
            "Affiliate": [],
            "Earn": [],
        },
        "ips": addresses,
        "type": 1,
        "deadlineDay": 90,
        "expiredAt": at(key.created_at.saturating_add(ENDS_AFTER)),
        "createdAt": at(key.created_at),
        "unified": 0,
        "uta": 1,
        "userID": u32::from_str_radix(holder.get(..7).unwrap_or_default(), 16).unwrap_or_default(),
        "isMaster": true,
    }))
}

pub(super) fn fees(ask: &mut Ask) -> Answered {
    ask.of_coins()?;
    let policy = ask.site.exchange.policy;
    let fee = |market: &Market| {
        let (taker, maker) = (number(policy.taker.get()), number(policy.maker.get()));
        json!({ "symbol": symbol(market), "baseCoin": "", "takerFeeRate": taker, "makerFeeRate": maker })
    };
    let list: Vec<Value> = match ask.named()? {
        Some((_, market)) => vec![fee(market)],
        None => ask.site.exchange.markets.values().map(fee).collect(),
    };
    Ok(json!({ "category": "spot", "list": list }))
}

/// None can be sent or received.
pub(super) fn coins(ask: &mut Ask) -> Answered {
    let markets = ask.site.exchange.markets.values();
    let all: BTreeSet<&str> = markets.flat_map(|market| [market.base.as_str(), market.quote.as_str()]).collect();
    let row = |coin: &str| json!({ "name": coin, "coin": coin, "remainAmount": "0", "chains": [] });
    Ok(json!({ "rows": all.into_iter().map(row).collect::<Vec<_>>() }))
}
