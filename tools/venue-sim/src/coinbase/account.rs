//! The account, what its key may do, and its fees.

use super::error::Refused;
use super::render::number;
use super::{Answered, Ask};
use crate::engine::Balance;
use crate::keys;
use crate::site::Right;
use serde_json::{Value, json};

/// These are money of states; all else is not.
pub(super) const FIAT: [&str; 3] = ["USD", "EUR", "GBP"];

pub(super) fn accounts(ask: &mut Ask, _: &str) -> Answered {
    let all = all(ask);
    Ok(json!({ "accounts": all, "has_next": false, "cursor": "", "size": all.len() }))
}

pub(super) fn account(ask: &mut Ask, id: &str) -> Answered {
    let found = all(ask).into_iter().find(|account| account.get("uuid").and_then(Value::as_str) == Some(id));
    Ok(json!({ "account": found.ok_or_else(|| Refused::not_found("account not found"))? }))
}

fn all(ask: &Ask) -> Vec<Value> {
    let held = ask.site.exchange.accounts.get(&ask.account).map(|account| account.balances.iter());
    held.into_iter().flatten().map(|(asset, balance)| one(ask, asset, *balance)).collect()
}

fn one(ask: &Ask, asset: &str, balance: Balance) -> Value {
    let is_fiat = FIAT.contains(&asset);
    json!({
        "uuid": keys::uuid_of(&format!("account {} {asset}", ask.account)),
        "name": format!("{asset} Wallet"),
        "currency": asset,
        "available_balance": { "value": number(balance.free.get()), "currency": asset },
        "default": true,
        "active": true,
        "created_at": "2024-01-01T00:00:00Z",
        "updated_at": "2024-01-01T00:00:00Z",
        "deleted_at": null,
        "type": if is_fiat { "ACCOUNT_TYPE_FIAT" } else { "ACCOUNT_TYPE_CRYPTO" },
        "ready": true,
        "hold": { "value": number(balance.locked.get()), "currency": asset },
        "retail_portfolio_id": portfolio(ask),
        "platform": "ACCOUNT_PLATFORM_CONSUMER",
    })
}

fn portfolio(ask: &Ask) -> String {
    keys::uuid_of(&format!("portfolio {}", ask.account))
}

pub(super) fn permissions(ask: &mut Ask, _: &str) -> Answered {
    let may = |right| ask.key.as_ref().is_some_and(|key| key.may(right));
    Ok(json!({
        "can_view": may(Right::Read),
        "can_trade": may(Right::Trade),
        "can_transfer": may(Right::Withdraw),
        "portfolio_uuid": portfolio(ask),
        "portfolio_type": "DEFAULT",
    }))
}

pub(super) fn summary(ask: &mut Ask, _: &str) -> Answered {
    let policy = ask.site.exchange.policy;
    Ok(json!({
        "total_volume": 0,
        "total_fees": 0,
        "fee_tier": {
            "pricing_tier": "Advanced 1",
            "usd_from": "0",
            "usd_to": "1000",
            "taker_fee_rate": number(policy.taker.get()),
            "maker_fee_rate": number(policy.maker.get()),
            "aop_from": "",
            "aop_to": "",
        },
        "margin_rate": null,
        "goods_and_services_tax": null,
        "advanced_trade_only_volume": 0,
        "advanced_trade_only_fees": 0,
        "coinbase_pro_volume": 0,
        "coinbase_pro_fees": 0,
        "total_balance": "",
        "has_promo_fee": false,
    }))
}
