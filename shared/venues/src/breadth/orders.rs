//! Orders there: sent and ended.
//!
//! An answer is an acceptance only where it has the exchange's own id for an order, and names no other than ours: neither another
//! id, nor another side or quantity.

use super::asked::{Kind, Wish};
use super::failed::Failed;
use super::find::find;
use super::line::{merge, symbol};
use super::read::Order;
use super::{Spoken, outcome};
use crate::native::{Login, words};
use app::ports::{Address, Cancelled, Outcome, Request};
use ccxt_base::Value;
use domain::money::Quantity;
use domain::order::{Direction, Fact};
use domain::preset::OrderKind;
use domain::reason::Reason;
use serde_json::json;

pub(super) async fn submit(spoken: &Spoken, login: &Login, request: &Request) -> Outcome {
    let wish = match wish(spoken, request) {
        Ok(wish) => wish,
        Err((word, why)) => return Outcome::Rejected(words::refusal(word, why)),
    };
    let market = &request.market.key;
    match spoken.asked::<Order>(&login.site, Some(login), &[market], &wish, request.sent_at).await {
        Ok(order) => answered(spoken, request, &order),
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

/// What an answer that is no refusal says of the order.
fn answered(spoken: &Spoken, request: &Request, order: &Order) -> Outcome {
    let unknown = |why: &str| Outcome::Unknown(why.to_owned());
    let is_asked_for = contracts(spoken, request).is_ok_and(|contracts| order.may_be_for(request, contracts));
    if !order.may_be(&request.client_id) || !is_asked_for {
        return unknown("the answer is about another order");
    }
    if let Some(refusal) = order.refusal() {
        return Outcome::Rejected(refusal);
    }
    order.accepted().map_or_else(|| unknown("accepted, without an id of the exchange's own"), Outcome::Accepted)
}

/// # Errors
/// The word and the reason for which nothing can be asked for.
pub(super) fn wish(spoken: &Spoken, request: &Request) -> Result<Wish, (Reason, String)> {
    let no = |why: &str| (words::REFUSED_BY_VENUE, why.to_owned());
    let contracts = contracts(spoken, request)?;
    let mut params = about(spoken, spoken.ways.sent_as, request.client_id.as_str());
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
            .ways
            .market_buy
            .as_ref()
            .ok_or_else(|| no("what is bought at the market there is told in quote: buy with a limit"))?;
        merge(&mut params, more);
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
    let (asked, names) = ("create_order", Some(client_id.to_string()));
    Ok(Wish { kind: Kind::Order, asked, method: asked, args, names, shown })
}

/// How much is asked for, as the exchange counts it.
fn contracts(spoken: &Spoken, request: &Request) -> Result<Quantity, (Reason, String)> {
    let lot = spoken.lot(&request.market.key).map_err(|why| (words::UNKNOWN_MARKET, why.to_string()))?;
    let off_step = || (words::OFF_QUANTITY_STEP, format!("{} is no whole number of steps", request.quantity));
    lot.contracts(request.quantity).ok_or_else(off_step)
}

/// What is sent along with whatever concerns orders, and this.
pub(super) fn about(spoken: &Spoken, name: &str, value: &str) -> serde_json::Value {
    let mut params = spoken.ways.with_orders.clone();
    merge(&mut params, &json!({ name: value }));
    params
}

/// Ends the order, and reads what became of it.
pub(super) async fn cancel(spoken: &Spoken, login: &Login, address: &Address) -> Cancelled {
    let (wish, market) = (cancelling(spoken, address), &address.market.key);
    let asked = spoken.asked::<serde::de::IgnoredAny>(&login.site, Some(login), &[market], &wish, login.now).await;
    match asked {
        Ok(_) => ended(find(spoken, login, address).await),
        Err(Failed::Refused(status, error)) if outcome::is_gone(status, &error) => Cancelled::Gone,
        Err(failed) => Cancelled::Unknown(failed.to_string()),
    }
}

/// By our id; where nobody has looked at whether the exchange takes that, by its own, once that is known.
pub(super) fn cancelling(spoken: &Spoken, address: &Address) -> Wish {
    let (ours, market) = (&address.client_id, &address.market.key);
    let (id, params, name) = match address.venue_id.as_ref().filter(|_| spoken.ways.is_unseen()) {
        Some(id) => (Value::from(id.as_str()), spoken.ways.with_orders.clone(), id.clone()),
        None => (Value::Null, about(spoken, spoken.ways.client_id, ours.as_str()), ours.to_string()),
    };
    let (asked, args) = ("cancel_order", vec![id, symbol(market), Value::from(params)]);
    let shown = format!("{} {ours}", market.symbol);
    Wish { kind: Kind::Cancel, asked, method: asked, args, names: Some(name), shown }
}

fn ended(found: Result<Option<Fact>, Failed>) -> Cancelled {
    match found {
        Ok(Some(fact)) if fact.status.is_some_and(domain::order::Status::is_final) => Cancelled::Done(fact),
        Ok(_) => Cancelled::Unknown("the exchange has taken the cancel and does not show its end yet".to_owned()),
        Err(failed) => Cancelled::Unknown(failed.to_string()),
    }
}

pub(super) fn not_understood() -> Failed {
    Failed::Lost("an order in words that are not known".to_owned())
}
