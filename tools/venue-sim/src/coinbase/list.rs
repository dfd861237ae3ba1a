//! Orders and fills of the past, newest first, page by page.

use super::error::Refused;
use super::{Answered, Ask, render};
use crate::engine::{Millis, Order, Trade};
use serde_json::{Value, json};

const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1000;

pub(super) fn order(ask: &mut Ask, id: &str) -> Answered {
    let missing = || Refused::not_found("order with this orderID was not found");
    let number = render::number_of(id).ok_or_else(missing)?;
    let order = ask.site.exchange.orders_of(&ask.account, ask.now).find(|order| order.id == number);
    Ok(json!({ "order": render::order(order.ok_or_else(missing)?) }))
}

pub(super) fn orders(ask: &mut Ask, _: &str) -> Answered {
    let statuses: Vec<&str> = ask.params.all("order_status").collect();
    if statuses.len() > 1 && statuses.contains(&"OPEN") {
        return Err(Refused::argument("Cannot query for OPEN orders with other order statuses"));
    }
    let (from, to) = (time(ask, "start_date")?, time(ask, "end_date")?);
    let is_wanted = |order: &Order| {
        is_in(order.created_at, from, to)
            && names(ask, &["product_id", "product_ids"], &render::product_id(&order.draft.market))
            && names(ask, &["order_ids"], &render::order_id(order.id))
            && names(ask, &["order_side"], render::side(order.draft.side))
    };
    let own = ask.site.exchange.orders_of(&ask.account, ask.now).filter(|order| is_wanted(order));
    let shown = own.map(render::order).filter(|order| is_of(order, &statuses));
    let (page, cursor) = page(ask, shown.collect());
    Ok(json!({ "orders": page, "sequence": "0", "has_next": !cursor.is_empty(), "cursor": cursor }))
}

fn is_of(order: &Value, statuses: &[&str]) -> bool {
    statuses.is_empty() || order.get("status").and_then(Value::as_str).is_some_and(|status| statuses.contains(&status))
}

pub(super) fn fills(ask: &mut Ask, _: &str) -> Answered {
    let (from, to) = (time(ask, "start_sequence_timestamp")?, time(ask, "end_sequence_timestamp")?);
    let is_wanted = |trade: &Trade| {
        is_in(trade.at, from, to)
            && names(ask, &["product_id", "product_ids"], &render::product_id(&trade.market))
            && names(ask, &["order_id", "order_ids"], &render::order_id(trade.order))
            && names(ask, &["trade_ids"], &trade.id.to_string())
    };
    let own = ask.site.exchange.trades_of(&ask.account, ask.now).filter(|trade| is_wanted(trade));
    let (page, cursor) = page(ask, own.map(render::fill).collect());
    Ok(json!({ "fills": page, "cursor": cursor }))
}

/// Nothing is asked for by these names, or this.
fn names(ask: &Ask, names: &[&str], value: &str) -> bool {
    let mut asked = names.iter().flat_map(|name| ask.params.all(name)).peekable();
    asked.peek().is_none() || asked.any(|asked| asked == value)
}

fn time(ask: &Ask, name: &str) -> Result<Option<Millis>, Refused> {
    let Some(text) = ask.params.get(name) else { return Ok(None) };
    let at: jiff::Timestamp = text.parse().map_err(|_| Refused::argument(name))?;
    Ok(Some(at.as_millisecond()))
}

fn is_in(at: Millis, from: Option<Millis>, to: Option<Millis>) -> bool {
    from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to)
}

/// The newest that have not been shown, and a cursor where there are more.
fn page(ask: &Ask, all: Vec<Value>) -> (Vec<Value>, String) {
    let limit = ask.params.number("limit").unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let from: usize = ask.params.number("cursor").unwrap_or(0);
    let (count, next) = (all.len(), from.saturating_add(limit));
    let page = all.into_iter().rev().skip(from).take(limit).collect();
    (page, if next < count { next.to_string() } else { String::new() })
}
