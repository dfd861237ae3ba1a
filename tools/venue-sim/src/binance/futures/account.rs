//! The futures wallet, what is held, and the key.

use super::super::account::{rates_of, restrictions as restrictions_of, uid};
use super::super::draft;
use super::super::render::{eight, symbol};
use super::super::{Answered, Ask};
use super::render;
use crate::engine::Balance;
use crate::site::Right;
use domain::money::{Amount, Decimal};
use serde_json::{Value, json};

/// An asset, and what stands behind positions that are paid for in it.
struct Held<'a> {
    asset: &'a str,
    balance: Balance,
    margin: Amount,
}

impl Held<'_> {
    fn cross(&self) -> Amount {
        self.balance.free.plus(self.balance.locked).unwrap_or(self.balance.free)
    }

    fn wallet(&self) -> Amount {
        self.cross().plus(self.margin).unwrap_or(self.balance.free)
    }
}

fn held<'a>(ask: &'a Ask) -> Vec<Held<'a>> {
    let exchange = &ask.site.exchange;
    let margin = |asset: &str| {
        let own = exchange.positions_of(&ask.account);
        let own = own.filter(|(market, _)| exchange.markets.get(*market).is_some_and(|market| market.quote == asset));
        own.fold(Amount::ZERO, |sum, (_, position)| sum.plus(position.margin()).unwrap_or(sum))
    };
    let balances = exchange.accounts.get(&ask.account).map(|account| account.balances.iter()).into_iter().flatten();
    balances.map(|(asset, balance)| Held { asset, balance: *balance, margin: margin(asset) }).collect()
}

pub(super) fn balance(ask: &mut Ask) -> Answered {
    let rows = held(ask).into_iter().map(|held| {
        json!({
            "accountAlias": format!("Sg{}", uid(ask)),
            "asset": held.asset,
            "balance": eight(held.wallet().get()),
            "crossWalletBalance": eight(held.cross().get()),
            "crossUnPnl": eight(Decimal::ZERO),
            "availableBalance": eight(held.balance.free.get()),
            "maxWithdrawAmount": eight(held.balance.free.get()),
            "marginAvailable": true,
            "updateTime": ask.now,
        })
    });
    Ok(rows.collect())
}

pub(super) fn account(ask: &mut Ask) -> Answered {
    let assets = held(ask).into_iter().map(|held| {
        let initial = held.margin.plus(held.balance.locked).unwrap_or(held.margin);
        json!({
            "asset": held.asset,
            "walletBalance": eight(held.wallet().get()),
            "unrealizedProfit": eight(Decimal::ZERO),
            "marginBalance": eight(held.wallet().get()),
            "maintMargin": eight(Decimal::ZERO),
            "initialMargin": eight(initial.get()),
            "positionInitialMargin": eight(held.margin.get()),
            "openOrderInitialMargin": eight(held.balance.locked.get()),
            "crossWalletBalance": eight(held.cross().get()),
            "crossUnPnl": eight(Decimal::ZERO),
            "availableBalance": eight(held.balance.free.get()),
            "maxWithdrawAmount": eight(held.balance.free.get()),
            "updateTime": ask.now,
        })
    });
    let assets: Vec<Value> = assets.collect();
    Ok(json!({ "assets": assets, "positions": open(ask) }))
}

pub(super) fn positions(ask: &mut Ask) -> Answered {
    Ok(Value::Array(open(ask)))
}

fn open(ask: &Ask) -> Vec<Value> {
    let markets = &ask.site.exchange.markets;
    let wanted = ask.params.get("symbol");
    let own = ask.site.exchange.positions_of(&ask.account);
    let own = own.filter(|(market, _)| wanted.is_none_or(|wanted| wanted == symbol(market)));
    own.filter_map(|(market, position)| Some(render::position(markets.get(market)?, position))).collect()
}

pub(super) fn config(ask: &mut Ask) -> Answered {
    let may = |right| ask.key.as_ref().is_some_and(|key| key.may(right));
    Ok(json!({
        "feeTier": 0,
        "canTrade": may(Right::Trade),
        "canDeposit": true,
        "canWithdraw": true,
        "dualSidePosition": ask.site.exchange.is_hedged(&ask.account),
        "updateTime": 0,
        "multiAssetsMargin": false,
        "tradeGroupId": -1,
    }))
}

pub(super) fn commission(ask: &mut Ask) -> Answered {
    let market = symbol(draft::symbol(ask)?);
    let (maker, taker) = rates_of(ask);
    Ok(json!({ "symbol": market, "makerCommissionRate": maker, "takerCommissionRate": taker }))
}

pub(super) fn order_counts(ask: &mut Ask) -> Answered {
    let (limit, count) = (ask.site.limits.allowed.orders, ask.site.limits.orders_so_far(ask.now));
    Ok(json!([{ "rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": limit, "count": count }]))
}

/// The wallet tells of a key of contracts what it tells of any, and that it has the right to them.
pub(super) fn restrictions(ask: &mut Ask) -> Answered {
    let mut told = restrictions_of(ask)?;
    let may = told.get("enableSpotAndMarginTrading").cloned().unwrap_or_default();
    if let Value::Object(told) = &mut told {
        told.insert("enableFutures".to_owned(), may);
        told.insert("enableSpotAndMarginTrading".to_owned(), false.into());
    }
    Ok(told)
}
