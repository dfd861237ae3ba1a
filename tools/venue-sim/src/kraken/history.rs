//! Orders and trades that were, and the orders that are open.

use super::{Answered, Ask, render};
use crate::engine::{Millis, Order, Trade};
use serde_json::{Map, Value, json};

/// As many as are shown at once.
const PAGE: usize = 50;
const ASKED_MAX: usize = 50;

pub(super) fn open(ask: &mut Ask) -> Answered {
    let is_wanted = |order: &&Order| order.is_open() && is_named(ask, order);
    let open = ask.site.exchange.orders_of(&ask.account, ask.now).filter(is_wanted);
    Ok(json!({ "open": shown(ask, open) }))
}

pub(super) fn closed(ask: &mut Ask) -> Answered {
    let is_wanted = |order: &&Order| !order.is_open() && is_named(ask, order) && is_in(ask, order.updated_at);
    let closed: Vec<&Order> = ask.site.exchange.orders_of(&ask.account, ask.now).filter(is_wanted).collect();
    let count = closed.len();
    Ok(json!({ "closed": shown(ask, page(ask, closed)), "count": count }))
}

/// Of those asked for, the ones that are there.
pub(super) fn query(ask: &mut Ask) -> Answered {
    let numbers = numbers(ask)?;
    let is_wanted = |order: &&Order| numbers.contains(&order.id) && is_named(ask, order);
    let found = ask.site.exchange.orders_of(&ask.account, ask.now).filter(is_wanted);
    Ok(Value::Object(shown(ask, found)))
}

pub(super) fn trades(ask: &mut Ask) -> Answered {
    let is_wanted = |trade: &&Trade| is_in(ask, trade.at);
    let trades: Vec<&Trade> = ask.site.exchange.trades_of(&ask.account, ask.now).filter(is_wanted).collect();
    let count = trades.len();
    Ok(json!({ "trades": told(ask, page(ask, trades)), "count": count }))
}

pub(super) fn query_trades(ask: &mut Ask) -> Answered {
    let numbers = numbers(ask)?;
    let found = ask.site.exchange.trades_of(&ask.account, ask.now).filter(|trade| numbers.contains(&trade.id));
    Ok(Value::Object(told(ask, found)))
}

fn shown<'a>(ask: &Ask, orders: impl Iterator<Item = &'a Order>) -> Map<String, Value> {
    let with_trades = ask.params.get("trades").is_some_and(|trades| trades.eq_ignore_ascii_case("true"));
    orders.map(|order| (render::order_id(order.id), render::order(order, &ask.site.exchange, with_trades))).collect()
}

fn told<'a>(ask: &Ask, trades: impl Iterator<Item = &'a Trade>) -> Map<String, Value> {
    trades.map(|trade| (render::trade_id(trade.id), render::trade(trade, &ask.site.exchange))).collect()
}

/// The newest first, from the offset on.
fn page<T>(ask: &Ask, all: Vec<T>) -> impl Iterator<Item = T> {
    let from = ask.params.number("ofs").unwrap_or(0);
    all.into_iter().rev().skip(from).take(PAGE)
}

/// The numbers asked for, parted by commas.
fn numbers(ask: &Ask) -> Result<Vec<u64>, String> {
    let ids: Vec<&str> =
        ask.params.get("txid").ok_or("EGeneral:Invalid arguments")?.split(',').map(str::trim).collect();
    if ids.len() > ASKED_MAX {
        return Err("EGeneral:Invalid arguments".to_owned());
    }
    Ok(ids.into_iter().filter_map(render::number_of).collect())
}

/// No client's id or reference is asked for, or this order's.
fn is_named(ask: &Ask, order: &Order) -> bool {
    let reference = order.draft.words.get("userref").and_then(Value::as_i64);
    ask.params.get("cl_ord_id").is_none_or(|id| order.draft.client_id == id)
        && ask.params.number("userref").is_none_or(|wanted: i64| reference == Some(wanted))
}

/// After `start`, and not after `end`, both in seconds.
fn is_in(ask: &Ask, at: Millis) -> bool {
    let bound = |name: &str| ask.params.number::<Millis>(name).map(|seconds| seconds.saturating_mul(1000));
    bound("start").is_none_or(|start| at > start) && bound("end").is_none_or(|end| at <= end)
}
