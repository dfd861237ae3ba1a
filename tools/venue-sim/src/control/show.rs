//! The control calls that show something. Decimals are text, without zeros at their end.

use crate::engine::{Account, Exchange, Market, Order, Side, Trade};
use crate::http::Params;
use crate::site::{Site, SiteName};
use crate::world::World;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(super) fn keys(world: &World) -> Value {
    world.sites.values().flat_map(|site| &site.keys).map(|key| json!(key)).collect()
}

/// The exchange that is asked about, or none for all.
fn venue(params: &Params) -> Result<Option<SiteName>, String> {
    let Some(name) = params.get("venue") else { return Ok(None) };
    let found = SiteName::ALL.into_iter().find(|site| site.to_string() == name);
    found.map(Some).ok_or_else(|| format!("venue: there is no {name}"))
}

/// What each exchange holds, after everything has happened that is due.
pub(super) fn books(world: &mut World, query: &str) -> Result<Value, String> {
    let (wanted, now) = (venue(&Params::read(query))?, world.now());
    let sites = world.sites.values_mut().filter(|site| wanted.is_none_or(|wanted| wanted == site.name));
    let mut all = Map::new();
    for site in sites {
        site.exchange.advance(now);
        all.insert(site.name.to_string(), book(site));
    }
    Ok(match wanted {
        Some(wanted) => all.remove(&wanted.to_string()).unwrap_or_default(),
        None => Value::Object(all),
    })
}

fn book(site: &Site) -> Value {
    let exchange = &site.exchange;
    let markets: Map<String, Value> =
        exchange.markets.iter().map(|(name, held)| (name.clone(), market(held))).collect();
    let accounts: Map<String, Value> =
        exchange.accounts.iter().map(|(name, held)| (name.clone(), account(held))).collect();
    json!({
        "markets": markets,
        "balances": accounts,
        "positions": positions(exchange),
        "orders": exchange.orders.values().map(order).collect::<Vec<_>>(),
        "trades": exchange.trades.iter().map(trade).collect::<Vec<_>>(),
    })
}

/// Contracts that are held; none where coins are traded.
fn positions(exchange: &Exchange) -> Vec<Value> {
    let of = |account: &String| {
        let told = exchange.positions_of(account).map(|(market, position)| {
            json!({
                "account": account,
                "market": market,
                "side": position.held.side.as_str(),
                "quantity": position.held.quantity.to_string(),
                "cost": position.held.cost.to_string(),
                "leverage": position.leverage.get(),
                "margin": position.margin().to_string(),
                "isolated": position.is_isolated,
            })
        });
        told.collect::<Vec<_>>()
    };
    exchange.accounts.keys().flat_map(of).collect()
}

fn market(market: &Market) -> Value {
    json!({
        "price": market.last.to_string(),
        "ask": market.ask().to_string(),
        "trading": market.is_trading,
        "steps_left": market.path.steps_left(),
    })
}

fn account(account: &Account) -> Value {
    let balances = account.balances.iter().map(|(asset, balance)| {
        (asset.clone(), json!({ "free": balance.free.to_string(), "locked": balance.locked.to_string() }))
    });
    Value::Object(balances.collect())
}

fn order(order: &Order) -> Value {
    let draft = &order.draft;
    json!({
        "id": order.id,
        "account": order.account,
        "client_order_id": draft.client_id,
        "market": draft.market,
        "side": draft.side,
        "price": draft.price.map(|price| price.to_string()),
        "trigger": draft.trigger.map(|trigger| trigger.price.to_string()),
        "quantity": order.quantity.to_string(),
        "filled": order.filled.to_string(),
        "value": order.value.to_string(),
        "fee": order.fee.to_string(),
        "fee_asset": order.fee_asset,
        "status": order.status,
        "locked": order.locked.to_string(),
        "created_at": order.created_at,
        "updated_at": order.updated_at,
    })
}

fn trade(trade: &Trade) -> Value {
    json!({
        "id": trade.id,
        "order": trade.order,
        "account": trade.account,
        "market": trade.market,
        "side": if trade.side == Side::Buy { "buy" } else { "sell" },
        "price": trade.price.to_string(),
        "quantity": trade.quantity.to_string(),
        "fee": trade.fee.to_string(),
        "fee_asset": trade.fee_asset,
        "at": trade.at,
        "maker": trade.is_maker,
    })
}

pub(super) fn orders(world: &mut World, query: &str) -> Result<Value, String> {
    let params = Params::read(query);
    let (wanted, id, now) = (venue(&params)?, params.get("client_order_id"), world.now());
    let mut all = Vec::new();
    for site in world.sites.values_mut().filter(|site| wanted.is_none_or(|wanted| wanted == site.name)) {
        site.exchange.advance(now);
        let meant = site.exchange.orders.values().filter(|order| id.is_none_or(|id| order.draft.client_id == id));
        all.extend(meant.map(order));
    }
    Ok(Value::Array(all))
}

pub(super) fn requests(world: &World, query: &str) -> Result<Value, String> {
    let wanted = venue(&Params::read(query))?;
    Ok(world
        .journal
        .seen()
        .filter(|seen| wanted.is_none_or(|wanted| wanted == seen.venue))
        .map(|seen| json!(seen))
        .collect())
}

/// Sent more than once is not yet wrong; taken more than once is two orders.
pub(super) fn duplicates(world: &World) -> Value {
    json!({ "sent": world.journal.repeated(), "taken": taken_twice(world) })
}

fn taken_twice(world: &World) -> Vec<Value> {
    let mut counts: BTreeMap<(SiteName, &str, &str), usize> = BTreeMap::new();
    for site in world.sites.values() {
        for order in site.exchange.orders.values() {
            let count = counts.entry((site.name, &order.account, &order.draft.client_id)).or_default();
            *count = count.saturating_add(1);
        }
    }
    let twice = counts.into_iter().filter(|(_, orders)| *orders > 1);
    twice
        .map(|((venue, account, id), orders)| json!({ "venue": venue, "account": account, "client_order_id": id, "orders": orders }))
        .collect()
}
