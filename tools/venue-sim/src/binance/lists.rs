//! Two orders of which one cancels the other.

use super::draft::{self, Names};
use super::error::Refused;
use super::{Answered, Ask, orders, render};
use crate::engine::{Order, Pair};
use serde_json::{Value, json};

const ABOVE: Names = Names {
    kind: "aboveType",
    client_id: "aboveClientOrderId",
    price: "abovePrice",
    stop: "aboveStopPrice",
    time: "aboveTimeInForce",
};
const BELOW: Names = Names {
    kind: "belowType",
    client_id: "belowClientOrderId",
    price: "belowPrice",
    stop: "belowStopPrice",
    time: "belowTimeInForce",
};

pub(super) fn create(ask: &mut Ask) -> Answered {
    let drafts = [draft::draft(ask, &ABOVE)?, draft::draft(ask, &BELOW)?];
    if drafts.iter().all(|draft| draft.trigger.is_none()) {
        return Err(Refused::new(-1168, "At least one OCO order must be contingent."));
    }
    let client_id = draft::client_id(&ask.params, "listClientOrderId", ask)?;
    if open_pairs(ask).any(|pair| pair.client_id == client_id) {
        return Err(Refused::new(-2010, "Duplicate order sent."));
    }
    for _ in &drafts {
        orders::count(ask)?;
    }
    let id = ask.site.exchange.place_pair(&ask.account, drafts, &client_id, ask.now)?;
    let pair = ask.site.exchange.pairs.get(&id).ok_or_else(Refused::no_such_order)?;
    let kind = ask.params.get("newOrderRespType").unwrap_or("RESULT");
    let reports = both(ask, pair).map(|order| match kind {
        "ACK" => render::ack(order),
        "FULL" => render::full(order, &ask.site.exchange.trades),
        _ => render::result(order),
    });
    Ok(with_reports(ask, pair, reports.map(Value::Object).collect()))
}

pub(super) fn cancel(ask: &mut Ask) -> Answered {
    let (number, client_id) = (ask.params.number::<u64>("orderListId"), ask.params.get("listClientOrderId"));
    let market = draft::symbol(ask)?;
    let is_meant = |pair: &&Pair| {
        pair.market == market
            && number.is_none_or(|number| pair.id == number)
            && client_id.is_none_or(|id| pair.client_id == id)
    };
    let id = open_pairs(ask).filter(is_meant).last().map(|pair| pair.id).ok_or_else(Refused::not_cancelled)?;
    cancelled(ask, id)
}

/// Cancels both, and says so as of a list.
pub(super) fn cancelled(ask: &mut Ask, id: u64) -> Answered {
    let request_id = draft::client_id(&ask.params, "newClientOrderId", ask)?;
    let pair = ask.site.exchange.pairs.get(&id).cloned().ok_or_else(Refused::not_cancelled)?;
    let open = both(ask, &pair).find(|order| order.is_open()).map(|order| order.id);
    ask.site.exchange.cancel(&ask.account, open.ok_or_else(Refused::not_cancelled)?, ask.now)?;
    let reports = both(ask, &pair).map(|order| render::cancelled(order, &request_id)).collect();
    Ok(with_reports(ask, &pair, reports))
}

pub(super) fn query(ask: &mut Ask) -> Answered {
    let (number, client_id) = (ask.params.number::<u64>("orderListId"), ask.params.get("origClientOrderId"));
    if number.is_none() && client_id.is_none() {
        return Err(Refused::missing("orderListId"));
    }
    let is_meant =
        |pair: &&Pair| number.is_none_or(|number| pair.id == number) && client_id.is_none_or(|id| pair.client_id == id);
    let pair = pairs(ask).filter(is_meant).last();
    pair.map(|pair| rendered(ask, pair)).ok_or_else(|| Refused::new(-2018, "Order list does not exist."))
}

pub(super) fn open(ask: &mut Ask) -> Answered {
    Ok(open_pairs(ask).map(|pair| rendered(ask, pair)).collect())
}

pub(super) fn all(ask: &mut Ask) -> Answered {
    let (from, to) = orders::span(ask, orders::DAY)?;
    let since: u64 = ask.params.number("fromId").unwrap_or(0);
    let is_wanted = |pair: &&Pair| pair.id >= since && render::is_within(pair.created_at, from, to);
    let pairs: Vec<Value> = pairs(ask).filter(is_wanted).map(|pair| rendered(ask, pair)).collect();
    Ok(Value::Array(orders::page(ask, pairs, since > 0 || from.is_some())))
}

fn pairs<'a>(ask: &'a Ask) -> impl Iterator<Item = &'a Pair> {
    ask.site.exchange.pairs.values().filter(|pair| pair.account == ask.account)
}

fn open_pairs<'a>(ask: &'a Ask) -> impl Iterator<Item = &'a Pair> {
    pairs(ask).filter(|pair| ask.site.exchange.is_pair_open(pair))
}

fn both<'a>(ask: &'a Ask, pair: &'a Pair) -> impl Iterator<Item = &'a Order> {
    pair.orders.iter().filter_map(|id| ask.site.exchange.orders.get(id))
}

fn with_reports(ask: &Ask, pair: &Pair, reports: Vec<Value>) -> Value {
    let mut all = render::object(rendered(ask, pair));
    all.insert("orderReports".to_owned(), Value::Array(reports));
    Value::Object(all)
}

fn rendered(ask: &Ask, pair: &Pair) -> Value {
    let is_open = ask.site.exchange.is_pair_open(pair);
    let orders = both(ask, pair).map(|order| {
        json!({
            "symbol": render::symbol(&pair.market),
            "orderId": order.id,
            "clientOrderId": order.draft.client_id,
        })
    });
    json!({
        "orderListId": pair.id,
        "contingencyType": "OCO",
        "listStatusType": if is_open { "EXEC_STARTED" } else { "ALL_DONE" },
        "listOrderStatus": if is_open { "EXECUTING" } else { "ALL_DONE" },
        "listClientOrderId": pair.client_id,
        "transactionTime": both(ask, pair).map(|order| order.updated_at).max(),
        "symbol": render::symbol(&pair.market),
        "orders": orders.collect::<Vec<_>>(),
    })
}
