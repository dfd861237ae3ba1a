//! Orders and trades, page by page: the newest first.

use super::{Answered, Ask, Refused, render};
use crate::engine::{Millis, Order, Trade};
use serde_json::{Value, json};

const ORDERS: usize = 20;
const ORDERS_MAX: usize = 50;
const TRADES: usize = 50;
const TRADES_MAX: usize = 100;
/// Of orders that are over, a question for one that is open knows so many.
const RECENT: usize = 500;

/// Those that are open. One that is named is told in whatever state it is.
pub(super) fn realtime(ask: &mut Ask) -> Answered {
    let is_named = ask.params.get("orderId").or(ask.params.get("orderLinkId")).is_some();
    let wants_ended = ask.params.get("openOnly") == Some("1");
    let newest: Vec<&Order> = meant(ask)?.into_iter().take(RECENT).collect();
    let open = newest.into_iter().filter(|order| is_named || order.is_open() != wants_ended);
    orders(ask, open.collect())
}

pub(super) fn history(ask: &mut Ask) -> Answered {
    let ended = meant(ask)?.into_iter().filter(|order| !order.is_open() && is_in(ask, order.created_at));
    orders(ask, ended.collect())
}

/// The newest first.
fn meant<'a>(ask: &'a Ask) -> Result<Vec<&'a Order>, Refused> {
    ask.of_coins()?;
    let market = ask.named()?.map(|(name, _)| name);
    let id = ask.params.get("orderId").map(render::number_of);
    let client_id = ask.params.get("orderLinkId");
    let is_meant = |order: &&Order| {
        market.is_none_or(|market| order.draft.market == market)
            && id.is_none_or(|id| id == Some(order.id))
            && client_id.is_none_or(|client_id| order.draft.client_id == client_id)
    };
    let mut all: Vec<&Order> = ask.site.exchange.orders_of(&ask.account, ask.now).filter(is_meant).collect();
    all.reverse();
    Ok(all)
}

fn orders(ask: &Ask, all: Vec<&Order>) -> Answered {
    let limit = ask.params.number("limit").unwrap_or(ORDERS).clamp(1, ORDERS_MAX);
    let (rows, cursor) = page(ask, all, limit, |order| (order.id, order.created_at));
    let list: Vec<Value> = rows.into_iter().map(|order| render::order(order, &ask.site.exchange)).collect();
    Ok(json!({ "category": "spot", "nextPageCursor": cursor, "list": list }))
}

pub(super) fn trades(ask: &mut Ask) -> Answered {
    ask.of_coins()?;
    let market = ask.named()?.map(|(name, _)| name);
    let order = ask.params.get("orderId").map(render::number_of);
    let is_meant = |trade: &&Trade| {
        market.is_none_or(|market| trade.market == market)
            && order.is_none_or(|order| order == Some(trade.order))
            && is_in(ask, trade.at)
    };
    let mut all: Vec<&Trade> = ask.site.exchange.trades_of(&ask.account, ask.now).filter(is_meant).collect();
    all.reverse();
    let limit = ask.params.number("limit").unwrap_or(TRADES).clamp(1, TRADES_MAX);
    let (rows, cursor) = page(ask, all, limit, |trade| (trade.id, trade.at));
    let list: Vec<Value> = rows.into_iter().map(|trade| render::trade(trade, &ask.site.exchange)).collect();
    Ok(json!({ "category": "spot", "nextPageCursor": cursor, "list": list }))
}

/// One page, and by what the next one is asked for. A page with rows tells that always: what is behind the last is empty.
fn page<T>(ask: &Ask, all: Vec<T>, limit: usize, mark: impl Fn(&T) -> (u64, Millis)) -> (Vec<T>, String) {
    let before = ask.params.get("cursor").and_then(|cursor| cursor.split(':').next()?.parse::<u64>().ok());
    let behind = all.into_iter().filter(|row| before.is_none_or(|before| mark(row).0 < before));
    let rows: Vec<T> = behind.take(limit).collect();
    let cursor = rows.last().map(mark).map(|(id, at)| format!("{id}%3A{at}"));
    (rows, cursor.unwrap_or_default())
}

fn is_in(ask: &Ask, at: Millis) -> bool {
    let bound = |name: &str| ask.params.number::<Millis>(name);
    bound("startTime").is_none_or(|start| at >= start) && bound("endTime").is_none_or(|end| at <= end)
}
