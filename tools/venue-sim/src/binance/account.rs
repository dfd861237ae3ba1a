//! The account, its trades, and its key.

use super::error::Refused;
use super::render::eight;
use super::{Answered, Ask, draft, render};
use crate::engine::Millis;
use crate::site::Right;
use domain::money::{Decimal, Fraction, Rate};
use serde_json::{Value, json};

pub(super) fn account(ask: &mut Ask) -> Answered {
    let exchange = &ask.site.exchange;
    let only_some = ask.params.get("omitZeroBalances") == Some("true");
    let balances = exchange.accounts.get(&ask.account).map(|account| account.balances.iter()).into_iter().flatten();
    let balances = balances.filter(|(_, balance)| !only_some || *balance != &crate::engine::Balance::default());
    let balances = balances.map(|(asset, balance)| {
        json!({ "asset": asset, "free": eight(balance.free.get()), "locked": eight(balance.locked.get()) })
    });
    let may = |right| ask.key.as_ref().is_some_and(|key| key.may(right));
    let (maker, taker) = (exchange.policy.maker, exchange.policy.taker);
    Ok(json!({
        "makerCommission": basis_points(maker),
        "takerCommission": basis_points(taker),
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": rates(maker, taker),
        "canTrade": true,
        "canWithdraw": may(Right::Withdraw),
        "canDeposit": true,
        "brokered": false,
        "requireSelfTradePrevention": false,
        "preventSor": false,
        "updateTime": exchange.orders_of(&ask.account, ask.now).map(|order| order.updated_at).max().unwrap_or(0),
        "accountType": "SPOT",
        "balances": balances.collect::<Vec<_>>(),
        "permissions": ["SPOT"],
        "uid": uid(ask),
    }))
}

pub(super) fn uid(ask: &Ask) -> u64 {
    ask.account.bytes().fold(354_937_868, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)) >> 8)
}

/// What a trade costs, by maker and taker, as is written here.
pub(super) fn rates_of(ask: &Ask) -> (String, String) {
    let policy = ask.site.exchange.policy;
    (eight(policy.maker.get()), eight(policy.taker.get()))
}

fn rates(maker: Rate, taker: Rate) -> Value {
    let none = eight(Decimal::ZERO);
    json!({ "maker": eight(maker.get()), "taker": eight(taker.get()), "buyer": none, "seller": none })
}

fn basis_points(rate: Rate) -> i64 {
    let points = rate.fraction() * Fraction::whole(10_000);
    points.floor_to(Decimal::ONE).ok().and_then(|points| points.try_into().ok()).unwrap_or(0)
}

pub(super) fn commission(ask: &mut Ask) -> Answered {
    let market = draft::symbol(ask)?;
    let policy = ask.site.exchange.policy;
    let none = rates(Rate::ZERO, Rate::ZERO);
    Ok(json!({
        "symbol": render::symbol(market),
        "standardCommission": rates(policy.maker, policy.taker),
        "specialCommission": none,
        "taxCommission": none,
        "discount": { "enabledForAccount": false, "enabledForSymbol": false, "discountAsset": "BNB", "discount": eight(Decimal::ZERO) },
    }))
}

pub(super) fn order_counts(ask: &mut Ask) -> Answered {
    let count = ask.site.limits.orders_so_far(ask.now);
    let limit = ask.site.limits.allowed.orders;
    Ok(json!([
        { "rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": limit, "count": count },
        { "rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 200_000, "count": count },
    ]))
}

/// What the key may do: of the wallet's interface, which the testnet does not have.
pub(super) fn restrictions(ask: &mut Ask) -> Answered {
    let key = ask.key.as_ref().ok_or_else(Refused::key)?;
    let created_at: Millis = key.created_at;
    Ok(json!({
        "ipRestrict": !key.ips.is_empty(),
        "createTime": created_at,
        "enableReading": key.may(Right::Read),
        "enableSpotAndMarginTrading": key.may(Right::Trade),
        "enableWithdrawals": key.may(Right::Withdraw),
        "enableInternalTransfer": false,
        "permitsUniversalTransfer": false,
        "enableMargin": false,
        "enableFutures": false,
        "enableVanillaOptions": false,
        "enablePortfolioMarginTrading": false,
        "enableFixApiTrade": false,
        "enableFixReadOnly": false,
    }))
}

pub(super) fn coins(ask: &mut Ask) -> Answered {
    let exchange = &ask.site.exchange;
    let held = exchange.accounts.get(&ask.account).map(|account| account.balances.iter()).into_iter().flatten();
    let coins = held.map(|(asset, balance)| {
        json!({
            "coin": asset,
            "name": asset,
            "free": balance.free.get().to_string(),
            "locked": balance.locked.get().to_string(),
            "depositAllEnable": true,
            "withdrawAllEnable": true,
            "trading": true,
            "isLegalMoney": false,
            "networkList": [],
        })
    });
    Ok(coins.collect())
}

/// Margin has no markets here.
pub(super) fn nothing(_: &mut Ask) -> Answered {
    Ok(json!([]))
}
