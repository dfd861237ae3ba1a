//! Orders, one at a time.

use super::draft::{self, ALONE};
use super::error::Refused;
use super::{Answered, Ask, render};
use crate::engine::{Order, Refusal, Size, Status, Trade};
use serde_json::{Value, json};

const LIMIT: usize = 500;
const LIMIT_MAX: usize = 1000;
/// Between the two times that may be asked about.
pub(super) const DAY: i64 = 86_400_000;

pub(super) fn create(ask: &mut Ask) -> Answered {
    let draft = draft::draft(ask, &ALONE)?;
    refuse_nothing(draft.size)?;
    count(ask)?;
    let by_default = if draft.trigger.is_some() || draft.post_only { "ACK" } else { "FULL" };
    let cap = ask.site.cap.take();
    let id = ask.site.exchange.place(&ask.account, draft, cap, ask.now)?;
    let order = ask.site.exchange.orders.get(&id).ok_or_else(Refused::no_such_order)?;
    Ok(Value::Object(match ask.params.get("newOrderRespType").unwrap_or(by_default) {
        "ACK" => render::ack(order),
        "RESULT" => render::result(order),
        _ => render::full(order, &ask.site.exchange.trades),
    }))
}

/// Counts one more order of this account.
pub(super) fn count(ask: &mut Ask) -> Result<(), Refused> {
    let allowed = ask.site.limits.allowed.orders;
    ask.site.limits.order(ask.now).map(|_| ()).map_err(|excess| Refused::too_many_orders(allowed, excess))
}

pub(super) fn test(ask: &mut Ask) -> Answered {
    let draft = draft::draft(ask, &ALONE)?;
    refuse_nothing(draft.size)?;
    match ask.site.exchange.check(&ask.account, &draft) {
        // Whether the id is taken is the matching engine's to say, which a test does not reach.
        Ok(_) | Err(Refusal::DuplicateId | Refusal::WouldTrigger | Refusal::WouldMatch) => Ok(json!({})),
        Err(refusal) => Err(refusal.into()),
    }
}

pub(super) fn refuse_nothing(size: Size) -> Result<(), Refused> {
    match size {
        Size::Base(quantity) if quantity.is_zero() => Err(Refused::new(-1013, "Invalid quantity.")),
        _ => Ok(()),
    }
}

pub(super) fn query(ask: &mut Ask) -> Answered {
    let id = found(ask, true)?.ok_or_else(Refused::no_such_order)?;
    ask.site.exchange.orders.get(&id).map(render::queried).ok_or_else(Refused::no_such_order)
}

pub(super) fn cancel(ask: &mut Ask) -> Answered {
    let id = found(ask, false)?.ok_or_else(Refused::not_cancelled)?;
    let order = ask.site.exchange.orders.get(&id).ok_or_else(Refused::not_cancelled)?;
    check_restrictions(ask, order)?;
    if let Some(pair) = order.pair.filter(|_| order.is_open()) {
        return super::lists::cancelled(ask, pair);
    }
    let request_id = draft::client_id(&ask.params, "newClientOrderId", ask)?;
    ask.site.exchange.cancel(&ask.account, id, ask.now)?;
    let order = ask.site.exchange.orders.get(&id).ok_or_else(Refused::not_cancelled)?;
    Ok(render::cancelled(order, &request_id))
}

fn check_restrictions(ask: &Ask, order: &Order) -> Result<(), Refused> {
    let is_kept = match ask.params.get("cancelRestrictions") {
        None => true,
        Some("ONLY_NEW") => order.status == Status::New,
        Some("ONLY_PARTIALLY_FILLED") => order.status == Status::PartiallyFilled,
        Some(_) => return Err(Refused::new(-1145, "Invalid cancelRestrictions")),
    };
    if is_kept { Ok(()) } else { Err(Refused::new(-2011, "Order was not canceled due to cancel restrictions.")) }
}

pub(super) fn cancel_all(ask: &mut Ask) -> Answered {
    let market = draft::symbol(ask)?.to_owned();
    let is_here = |order: &&Order| order.draft.market == market;
    let open: Vec<(u64, Option<u64>)> =
        ask.site.exchange.open_of(&ask.account).filter(is_here).map(|order| (order.id, order.pair)).collect();
    if open.is_empty() {
        return Err(Refused::not_cancelled());
    }
    let mut all = Vec::new();
    for (id, pair) in open {
        let is_open = ask.site.exchange.orders.get(&id).is_some_and(Order::is_open);
        match pair {
            Some(pair) if is_open => all.push(super::lists::cancelled(ask, pair)?),
            None => {
                ask.site.exchange.cancel(&ask.account, id, ask.now)?;
                let request_id = draft::client_id(&ask.params, "newClientOrderId", ask)?;
                all.extend(ask.site.exchange.orders.get(&id).map(|order| render::cancelled(order, &request_id)));
            }
            Some(_) => {}
        }
    }
    Ok(Value::Array(all))
}

pub(super) fn open(ask: &mut Ask) -> Answered {
    Ok(open_orders(ask)?.map(render::queried).collect())
}

/// Those that are open, of one market or of all.
pub(super) fn open_orders<'a>(ask: &'a Ask) -> Result<impl Iterator<Item = &'a Order>, Refused> {
    let market = ask.params.get("symbol").map(|_| draft::symbol(ask)).transpose()?;
    let is_wanted = move |order: &&Order| order.is_open() && market.is_none_or(|market| order.draft.market == market);
    Ok(ask.site.exchange.orders_of(&ask.account, ask.now).filter(is_wanted))
}

pub(super) fn all(ask: &mut Ask) -> Answered {
    let (orders, from_the_oldest) = all_orders(ask, DAY)?;
    let orders: Vec<Value> = orders.into_iter().map(render::queried).collect();
    Ok(Value::Array(page(ask, orders, from_the_oldest)))
}

/// Those of a market that are asked about by number or time, and whether the oldest of them count.
pub(super) fn all_orders<'a>(ask: &'a Ask, span_max: i64) -> Result<(Vec<&'a Order>, bool), Refused> {
    let market = draft::symbol(ask)?;
    let (from, to) = span(ask, span_max)?;
    let since: u64 = ask.params.number("orderId").unwrap_or(0);
    let is_wanted = |order: &&Order| {
        order.draft.market == market && order.id >= since && render::is_within(order.created_at, from, to)
    };
    let orders = ask.site.exchange.orders_of(&ask.account, ask.now).filter(is_wanted).collect();
    Ok((orders, since > 0 || from.is_some()))
}

/// The same of trades.
pub(super) fn all_trades<'a>(ask: &'a Ask, span_max: i64) -> Result<(Vec<&'a Trade>, bool), Refused> {
    let market = draft::symbol(ask)?;
    let (from, to) = span(ask, span_max)?;
    let (order, since) = (ask.params.number::<u64>("orderId"), ask.params.number("fromId").unwrap_or(0));
    let is_wanted = |trade: &&Trade| {
        trade.market == market
            && order.is_none_or(|order| trade.order == order)
            && trade.id >= since
            && render::is_within(trade.at, from, to)
    };
    let trades = ask.site.exchange.trades_of(&ask.account, ask.now).filter(is_wanted).collect();
    Ok((trades, since > 0 || from.is_some()))
}

pub(super) fn trades(ask: &mut Ask) -> Answered {
    let (trades, from_the_oldest) = all_trades(ask, DAY)?;
    let trades: Vec<Value> = trades.into_iter().map(|trade| render::trade(trade, &ask.site.exchange)).collect();
    Ok(Value::Array(page(ask, trades, from_the_oldest)))
}

/// The two times that are asked about, which may not lie further apart than this.
pub(super) fn span(ask: &Ask, most: i64) -> Result<(Option<i64>, Option<i64>), Refused> {
    let (from, to): (Option<i64>, Option<i64>) = (ask.params.number("startTime"), ask.params.number("endTime"));
    let is_too_long = from.zip(to).is_some_and(|(from, to)| to.saturating_sub(from) > most);
    if is_too_long {
        let hours = most.div_euclid(3_600_000);
        Err(Refused::new(-1127, format!("More than {hours} hours between startTime and endTime.")))
    } else {
        Ok((from, to))
    }
}

/// The oldest ones where a beginning is given, else the newest.
pub(super) fn page(ask: &Ask, mut all: Vec<Value>, from_the_oldest: bool) -> Vec<Value> {
    let limit = ask.params.number("limit").unwrap_or(LIMIT).min(LIMIT_MAX);
    if from_the_oldest {
        all.truncate(limit);
        return all;
    }
    let skipped = all.len().saturating_sub(limit);
    all.split_off(skipped)
}

/// The order that is meant: by its number, and else by the client's id, of which the newest counts.
pub(super) fn found(ask: &Ask, only_visible: bool) -> Result<Option<u64>, Refused> {
    let market = draft::symbol(ask)?;
    let (number, client_id) = (ask.params.number::<u64>("orderId"), ask.params.get("origClientOrderId"));
    if number.is_none() && client_id.is_none() {
        let told = "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!";
        return Err(Refused::new(-1102, told));
    }
    let is_meant = |order: &&Order| {
        order.draft.market == market
            && number.is_none_or(|number| order.id == number)
            && client_id.is_none_or(|id| order.draft.client_id == id)
    };
    // Cancelling asks the matching engine, which knows at once.
    let now = if only_visible { ask.now } else { i64::MAX };
    Ok(ask.site.exchange.orders_of(&ask.account, now).filter(is_meant).last().map(|order| order.id))
}
