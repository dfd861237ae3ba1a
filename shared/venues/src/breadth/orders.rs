//! Orders there: sent, ended, found and listed.
//!
//! 1. An answer is an acceptance only where it has the exchange's own id for an order, and names no other than ours.
//! 2. An order is absent only where the exchange does not know its id, its own where we know that, and lists it nowhere since
//!    it may have been sent.

use super::asked::{Kind, Wish};
use super::line::{Failed, merge, symbol};
use super::read::Order;
use super::trades::trades_of;
use super::{Spoken, outcome};
use crate::native::{Login, words};
use app::ports::{Address, Cancelled, Listed, Outcome, Request, VenueOrder};
use ccxt_base::Value;
use domain::clock::{Millis, Timestamp};
use domain::market::MarketKey;
use domain::order::{Direction, Fact};
use domain::preset::OrderKind;
use serde_json::json;
use std::collections::BTreeMap;

const ROWS_MAX: usize = 100;
/// What a list begins earlier than an order may have been sent: clocks differ, by half a minute before any of these exchanges
/// refuses a request for its time and so tells of it (OKX, Bitget).
const MARGIN: Millis = Millis::seconds(65);
/// What the library calls lists of orders that are over: one with all of them, or one for each end.
const ALL_ENDED: (&str, &str) = ("fetchCanceledAndClosedOrders", "fetch_canceled_and_closed_orders");
const EACH_ENDED: [(&str, &str); 2] =
    [("fetchClosedOrders", "fetch_closed_orders"), ("fetchCanceledOrders", "fetch_canceled_orders")];
const OPEN: &str = "fetch_open_orders";

pub(super) async fn submit(spoken: &Spoken, login: &Login, request: &Request) -> Outcome {
    let wish = match wish(spoken, request) {
        Ok(wish) => wish,
        Err((word, why)) => return Outcome::Rejected(words::refusal(word, why)),
    };
    let market = &request.market.key;
    match spoken.asked::<Order>(&login.site, Some(login), &[market], &wish, request.sent_at).await {
        Ok(order) if order.may_be(&request.client_id) => order.accepted().map_or_else(
            || Outcome::Unknown("accepted, without an id of the exchange's own".to_owned()),
            Outcome::Accepted,
        ),
        Ok(_) => Outcome::Unknown("the answer is about another order".to_owned()),
        Err(Failed::Lost(why)) => Outcome::Unknown(why),
        Err(Failed::Refused(status, error)) => outcome::word_for(request, status, &error).map_or_else(
            || Outcome::Unknown(error.to_string()),
            |word| Outcome::Rejected(words::refusal(word, error.to_string())),
        ),
        Err(Failed::Not(error)) => outcome::word(0, &error).filter(|_| !error.is("NetworkError")).map_or_else(
            || Outcome::NotSent(error.to_string()),
            |word| Outcome::Rejected(words::refusal(word, error.to_string())),
        ),
    }
}

/// # Errors
/// The word and the reason for which nothing can be asked for.
fn wish(spoken: &Spoken, request: &Request) -> Result<Wish, (&'static str, String)> {
    let no = |why: &str| (words::REFUSED_BY_VENUE, why.to_owned());
    let lot = spoken.lot(&request.market.key).map_err(|why| (words::UNKNOWN_MARKET, why.to_string()))?;
    let contracts = lot.contracts(request.quantity);
    let contracts = contracts
        .ok_or_else(|| (words::OFF_QUANTITY_STEP, format!("{} is no whole number of steps", request.quantity)))?;
    let mut params = about(spoken, "clientOrderId", request.client_id.as_str());
    if let Some(contracts) = &spoken.ways.contracts {
        merge(&mut params, &contracts.with_orders);
        if request.reduce_only {
            merge(&mut params, &json!({"reduceOnly": true}));
        }
    }
    let (kind, price) = match request.kind {
        OrderKind::Market => ("market", Value::Null),
        OrderKind::Limit(price) => ("limit", Value::from(price.to_string())),
    };
    let side = match request.direction {
        Direction::Buy => "buy",
        Direction::Sell => "sell",
    };
    if request.trigger.is_some() {
        return Err(no("stops are not kept there"));
    }
    if (kind, side) == ("market", "buy") {
        let more = spoken
            .market_buy()
            .ok_or_else(|| no("what is bought at the market there is told in quote: buy with a limit"))?;
        merge(&mut params, &more);
    }
    let args = vec![
        symbol(&request.market.key),
        Value::from(kind),
        Value::from(side),
        Value::from(contracts.to_string()),
        price.clone(),
        Value::from(params),
    ];
    let price = price.as_str().map(|price| format!(" at {price}")).unwrap_or_default();
    let Request { market, quantity, client_id, .. } = request;
    let shown = format!("{kind} {side} {quantity} {}{price} as {client_id}", market.key.symbol);
    Ok(Wish { kind: Kind::Order, method: "create_order", args, shown })
}

/// What is sent along with whatever concerns orders, and this.
pub(super) fn about(spoken: &Spoken, name: &str, value: &str) -> serde_json::Value {
    let mut params = spoken.ways.with_orders.clone();
    merge(&mut params, &json!({ name: value }));
    params
}

/// Ends the order, and reads what became of it.
pub(super) async fn cancel(spoken: &Spoken, login: &Login, address: &Address) -> Cancelled {
    let (id, market) = (&address.client_id, &address.market.key);
    let params = about(spoken, spoken.ways.client_id, id.as_str());
    let args = vec![Value::Null, symbol(market), Value::from(params)];
    let wish = Wish { kind: Kind::Cancel, method: "cancel_order", args, shown: format!("{} {id}", market.symbol) };
    let asked = spoken.asked::<serde::de::IgnoredAny>(&login.site, Some(login), &[market], &wish, login.now).await;
    match asked {
        Ok(_) => ended(find(spoken, login, address).await),
        Err(Failed::Refused(status, error)) if outcome::is_gone(status, &error) => Cancelled::Gone,
        Err(failed) => Cancelled::Unknown(failed.to_string()),
    }
}

fn ended(found: Result<Option<Fact>, Failed>) -> Cancelled {
    match found {
        Ok(Some(fact)) if fact.status.is_some_and(domain::order::Status::is_final) => Cancelled::Done(fact),
        Ok(_) => Cancelled::Unknown("the exchange has taken the cancel and does not show its end yet".to_owned()),
        Err(failed) => Cancelled::Unknown(failed.to_string()),
    }
}

pub(super) async fn find(spoken: &Spoken, login: &Login, address: &Address) -> Result<Option<Fact>, Failed> {
    let market = &address.market.key;
    let since = login.signed_at(address.since).minus(MARGIN);
    let found = match one(spoken, login, address).await? {
        Some(order) => Some(order),
        None => in_lists(spoken, login, address, since).await?,
    };
    let Some(order) = found else { return Ok(None) };
    let fills = trades_of(spoken, login, market, &order, &address.known, since).await?;
    order.fact(fills, spoken.lot(market)?).map(Some).ok_or_else(not_understood)
}

/// The order itself, by the exchange's own id where that is known, else by ours; none where the exchange does not tell of one,
/// or does not know it.
async fn one(spoken: &Spoken, login: &Login, address: &Address) -> Result<Option<Order>, Failed> {
    if !spoken.ways.tells_one {
        return Ok(None);
    }
    let (own, params) = match &address.venue_id {
        Some(id) => (Value::from(id.as_str()), spoken.ways.with_orders.clone()),
        None => (Value::Null, about(spoken, spoken.ways.client_id, address.client_id.as_str())),
    };
    let args = vec![own, symbol(&address.market.key), Value::from(params)];
    match spoken.told::<Order>(login, Some(&address.market.key), "fetch_order", args).await {
        Ok(order) if is_meant(&order, address) => Ok(Some(order)),
        Ok(_) => Err(Failed::Lost("the answer is about another order".to_owned())),
        Err(Failed::Refused(status, error)) if outcome::is_gone(status, &error) => Ok(None),
        Err(failed) => Err(failed),
    }
}

/// Whether it is the order that was asked for: what is of its exchange's own id need not say ours.
fn is_meant(order: &Order, address: &Address) -> bool {
    match &address.venue_id {
        Some(id) => order.id.as_ref() == Some(id) && order.may_be(&address.client_id),
        None => order.is(&address.client_id),
    }
}

/// Among those that are open, then among those that are over: what ends in between is found by the second.
async fn in_lists(
    spoken: &Spoken,
    login: &Login,
    address: &Address,
    since: Timestamp,
) -> Result<Option<Order>, Failed> {
    let named = (!spoken.ways.tells_one).then_some(address);
    for method in std::iter::once(OPEN).chain(lists_of_ended(spoken)?) {
        let from = (method != OPEN).then_some(since);
        let rows = rows::<Order>(spoken, login, &address.market.key, method, from, named).await?;
        if let Some(order) = rows.into_iter().find(|order| order.is(&address.client_id) || is_meant(order, address)) {
            return Ok(Some(order));
        }
    }
    Ok(None)
}

/// # Errors
/// Where the library has no list of orders that are over: absence cannot be seen there.
fn lists_of_ended(spoken: &Spoken) -> Result<Vec<&'static str>, Failed> {
    let (all, method) = ALL_ENDED;
    if spoken.has(all) {
        return Ok(vec![method]);
    }
    let each: Vec<_> = EACH_ENDED.iter().filter(|(name, _)| spoken.has(name)).map(|(_, method)| *method).collect();
    if each.is_empty() { Err(Failed::Lost("orders that are over are not listed there".to_owned())) } else { Ok(each) }
}

/// A list of one market, whole: from a moment on, or of the order that is named, by the exchange's own id where that is known.
async fn rows<T: serde::de::DeserializeOwned>(
    spoken: &Spoken,
    login: &Login,
    market: &MarketKey,
    method: &'static str,
    from: Option<Timestamp>,
    named: Option<&Address>,
) -> Result<Vec<T>, Failed> {
    let params = match named {
        None => spoken.ways.with_orders.clone(),
        Some(Address { venue_id: Some(id), .. }) => about(spoken, spoken.ways.venue_id, id),
        Some(Address { client_id, .. }) => about(spoken, spoken.ways.client_id, client_id.as_str()),
    };
    let from = from.filter(|_| named.is_none()).map_or(Value::Null, |from| Value::Int(from.millis()));
    let limit = if from == Value::Null { Value::Null } else { Value::Int(i64::try_from(ROWS_MAX).unwrap_or(i64::MAX)) };
    let args = vec![symbol(market), from, limit, Value::from(params)];
    let rows: Vec<T> = spoken.told(login, Some(market), method, args).await?;
    if rows.len() >= ROWS_MAX { Err(too_many()) } else { Ok(rows) }
}

pub(super) async fn list(
    spoken: &Spoken,
    login: &Login,
    market: &MarketKey,
    prefix: &str,
    which: Listed,
) -> Result<Vec<VenueOrder>, Failed> {
    let mut known = BTreeMap::new();
    let (methods, from) = match which {
        Listed::Open => (vec![OPEN], None),
        Listed::Since(at) => {
            (std::iter::once(OPEN).chain(lists_of_ended(spoken)?).collect(), Some(login.signed_at(at)))
        }
    };
    for method in methods {
        let since = from.filter(|_| method != OPEN);
        for order in rows::<Order>(spoken, login, market, method, since, None).await? {
            known.insert(order.id.clone(), order);
        }
    }
    let is_meant = |order: &Order| {
        order.client_order_id.as_deref().is_some_and(|id| id.starts_with(prefix))
            && from.is_none_or(|from| order.timestamp.is_some_and(|at| at >= from.millis()))
    };
    let (mut listed, lot) = (Vec::new(), spoken.lot(market)?);
    for order in known.into_values().filter(is_meant) {
        let since = Timestamp::from_millis(order.timestamp.unwrap_or_default()).minus(MARGIN);
        let fills = trades_of(spoken, login, market, &order, &BTreeMap::new(), since).await?;
        listed.push(order.listed(fills, lot).ok_or_else(not_understood)?);
    }
    listed.sort_by_key(|order| order.accepted_at);
    Ok(listed)
}

fn too_many() -> Failed {
    Failed::Lost("there is more than can be read at once".to_owned())
}

pub(super) fn not_understood() -> Failed {
    Failed::Lost("an order in words that are not known".to_owned())
}
