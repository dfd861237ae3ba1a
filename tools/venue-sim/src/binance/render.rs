//! Orders and trades as Binance writes them.

use crate::engine::{Exchange, Millis, Order, Side, Status, TimeInForce, Trade};
use domain::money::Decimal;
use serde_json::{Map, Value, json};

/// Eight decimals, always.
pub(super) fn eight(value: Decimal) -> String {
    format!("{value:.8}")
}

/// The market's name without what stands between its assets.
pub(super) fn symbol(market: &str) -> String {
    market.replace('/', "")
}

pub(super) fn side(side: Side) -> &'static str {
    if side == Side::Buy { "BUY" } else { "SELL" }
}

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::New => "NEW",
        Status::PartiallyFilled => "PARTIALLY_FILLED",
        Status::Filled => "FILLED",
        Status::Cancelled => "CANCELED",
        Status::Expired => "EXPIRED",
    }
}

pub(super) fn time_in_force(time: TimeInForce) -> &'static str {
    match time {
        TimeInForce::Gtc | TimeInForce::Until(_) => "GTC",
        TimeInForce::Ioc => "IOC",
        TimeInForce::Fok => "FOK",
    }
}

fn list_id(order: &Order) -> i64 {
    order.pair.and_then(|id| i64::try_from(id).ok()).unwrap_or(-1)
}

pub(super) fn ack(order: &Order) -> Map<String, Value> {
    object(json!({
        "symbol": symbol(&order.draft.market),
        "orderId": order.id,
        "orderListId": list_id(order),
        "clientOrderId": order.draft.client_id,
        "transactTime": order.updated_at,
    }))
}

/// What creating and cancelling have in common.
pub(super) fn result(order: &Order) -> Map<String, Value> {
    let mut all = ack(order);
    all.extend(state(order));
    all
}

pub(super) fn full(order: &Order, trades: &[Trade]) -> Map<String, Value> {
    let mut all = result(order);
    let fills: Vec<Value> = trades.iter().filter(|trade| trade.order == order.id).map(fill).collect();
    all.insert("fills".to_owned(), Value::Array(fills));
    all
}

fn fill(trade: &Trade) -> Value {
    json!({
        "price": eight(trade.price.get()),
        "qty": eight(trade.quantity.get()),
        "commission": eight(trade.fee.get()),
        "commissionAsset": trade.fee_asset,
        "tradeId": trade.id,
    })
}

fn state(order: &Order) -> Map<String, Value> {
    let draft = &order.draft;
    let quote = draft.words.get("quote").and_then(Value::as_str).and_then(|text| Decimal::from_str_exact(text).ok());
    let mut all = object(json!({
        "price": eight(draft.price.map(|price| price.get()).unwrap_or_default()),
        "origQty": eight(order.quantity.get()),
        "executedQty": eight(order.filled.get()),
        "origQuoteOrderQty": eight(quote.unwrap_or_default()),
        "cummulativeQuoteQty": eight(order.value.get()),
        "status": status(order.status),
        "timeInForce": time_in_force(draft.time_in_force),
        "type": draft.words.get("type"),
        "side": side(draft.side),
        "workingTime": order.working_at.unwrap_or(-1),
        "selfTradePreventionMode": "NONE",
    }));
    if let Some(trigger) = draft.trigger {
        all.insert("stopPrice".to_owned(), eight(trigger.price.get()).into());
    }
    all
}

/// An order that is asked about.
pub(super) fn queried(order: &Order) -> Value {
    let mut all = object(json!({
        "symbol": symbol(&order.draft.market),
        "orderId": order.id,
        "orderListId": list_id(order),
        "clientOrderId": order.draft.client_id,
        "stopPrice": eight(Decimal::ZERO),
        "icebergQty": eight(Decimal::ZERO),
        "time": order.created_at,
        "updateTime": order.updated_at,
        "isWorking": order.working_at.is_some(),
    }));
    all.extend(state(order));
    Value::Object(all)
}

/// An order that was cancelled by a request with an id of its own.
pub(super) fn cancelled(order: &Order, request_id: &str) -> Value {
    let mut all = result(order);
    all.insert("origClientOrderId".to_owned(), order.draft.client_id.clone().into());
    all.insert("clientOrderId".to_owned(), request_id.into());
    all.remove("workingTime");
    Value::Object(all)
}

pub(super) fn trade(trade: &Trade, exchange: &Exchange) -> Value {
    json!({
        "symbol": symbol(&trade.market),
        "id": trade.id,
        "orderId": trade.order,
        "orderListId": exchange.orders.get(&trade.order).map_or(-1, list_id),
        "price": eight(trade.price.get()),
        "qty": eight(trade.quantity.get()),
        "quoteQty": eight(trade.value.get()),
        "commission": eight(trade.fee.get()),
        "commissionAsset": trade.fee_asset,
        "time": trade.at,
        "isBuyer": trade.side == Side::Buy,
        "isMaker": trade.is_maker,
        "isBestMatch": true,
    })
}

/// A field is in this span of time.
pub(super) fn is_within(at: Millis, from: Option<Millis>, to: Option<Millis>) -> bool {
    from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to)
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
