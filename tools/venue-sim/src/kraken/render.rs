//! Orders and trades as Kraken writes them.

use super::{Ask, names};
use crate::engine::{Draft, Exchange, Market, Millis, Order, Side, Size, Status, TimeInForce, Trade};
use crate::keys;
use domain::money::{Amount, Decimal, Fraction, Quantity};
use serde_json::{Value, json};

const UNNAMED: &str = "\u{0}unnamed";
/// Averages are cut off here.
const AVERAGE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

/// An id for an order that came without one.
pub(super) fn unnamed(count: usize, now: Millis) -> String {
    format!("{UNNAMED} {count} {now}")
}

pub(super) fn order_id(number: u64) -> String {
    id('O', number)
}

pub(super) fn trade_id(number: u64) -> String {
    id('T', number)
}

/// A letter, ten more that mean nothing, and the number.
fn id(kind: char, number: u64) -> String {
    let hashed = keys::uuid_of(&format!("{kind}{number}")).replace('-', "").to_uppercase();
    let (first, second): (String, String) =
        (hashed.chars().take(5).collect(), hashed.chars().skip(5).take(5).collect());
    format!("{kind}{first}-{second}-{number:06X}")
}

/// The number in an id, where it is one of ours.
pub(super) fn number_of(id_text: &str) -> Option<u64> {
    let number = u64::from_str_radix(id_text.rsplit('-').next()?, 16).ok()?;
    (id(id_text.chars().next()?, number) == id_text).then_some(number)
}

/// A time in seconds, with its fraction.
pub(super) fn seconds(at: Millis) -> Value {
    let text = format!("{}.{:03}", at.div_euclid(1000), at.rem_euclid(1000));
    serde_json::from_str(&text).unwrap_or_default()
}

pub(super) fn side(side: Side) -> &'static str {
    if side == Side::Buy { "buy" } else { "sell" }
}

/// As many decimals as the market's prices have.
pub(super) fn price(market: &Market, price: Decimal) -> String {
    let places = usize::try_from(market.rules.tick.normalize().scale()).unwrap_or(0);
    format!("{price:.places$}")
}

pub(super) fn eight(value: Decimal) -> String {
    format!("{value:.8}")
}

/// The order in a sentence: `buy 1.25000000 XBTUSD @ limit 30010.0`.
pub(super) fn sentence(ask: &Ask, draft: &Draft) -> String {
    let Some(market) = ask.site.exchange.markets.get(&draft.market) else { return String::new() };
    let volume = match draft.size {
        Size::Base(base) => base.get(),
        Size::Quote(quote) | Size::QuoteWithFees(quote) => quote.get(),
    };
    told(market, draft, volume)
}

fn told(market: &Market, draft: &Draft, volume: Decimal) -> String {
    let kind = draft.words.get("ordertype").and_then(Value::as_str).unwrap_or_default();
    let kind = kind.trim_end_matches("-limit").replace('-', " ");
    let trigger = draft.trigger.map(|trigger| format!(" {}", price(market, trigger.price.get())));
    let arrow = if draft.trigger.is_some() { " -> limit " } else { " " };
    let limit = draft.price.map(|limit| format!("{arrow}{}", price(market, limit.get())));
    let (side, pair) = (side(draft.side), names::short_pair(market));
    let (trigger, limit) = (trigger.unwrap_or_default(), limit.unwrap_or_default());
    format!("{side} {} {pair} @ {kind}{trigger}{limit}", eight(volume))
}

fn status(order: &Order) -> &'static str {
    match (order.status, order.draft.time_in_force) {
        (Status::New | Status::PartiallyFilled, _) => "open",
        (Status::Filled, _) => "closed",
        (Status::Expired, TimeInForce::Until(_)) => "expired",
        (Status::Cancelled | Status::Expired, _) => "canceled",
    }
}

pub(super) fn order(order: &Order, exchange: &Exchange, with_trades: bool) -> Value {
    let Some(market) = exchange.markets.get(&order.draft.market) else { return Value::Null };
    let (draft, zero) = (&order.draft, price(market, Decimal::ZERO));
    let limit = draft.price.map(|limit| price(market, limit.get()));
    let trigger = draft.trigger.map(|trigger| price(market, trigger.price.get()));
    let (first, second) = if trigger.is_some() { (trigger.clone(), limit) } else { (limit, None) };
    let mut all = json!({
        "refid": null,
        "userref": draft.words.get("userref"),
        "cl_ord_id": (!draft.client_id.starts_with(UNNAMED)).then_some(&draft.client_id),
        "status": status(order),
        "opentm": seconds(order.created_at),
        "starttm": 0,
        "expiretm": if let TimeInForce::Until(end) = draft.time_in_force { seconds(end) } else { json!(0) },
        "descr": {
            "pair": names::short_pair(market),
            "type": side(draft.side),
            "ordertype": draft.words.get("ordertype"),
            "price": first.unwrap_or_else(|| "0".to_owned()),
            "price2": second.unwrap_or_else(|| "0".to_owned()),
            "leverage": "none",
            "order": told(market, draft, order.quantity.get()),
            "close": "",
        },
        "vol": eight(order.quantity.get()),
        "vol_exec": eight(order.filled.get()),
        "cost": eight(order.value.get()),
        "fee": eight(order.fee.get()),
        "price": eight(average(order.value, order.filled)),
        "stopprice": trigger.unwrap_or(zero),
        "limitprice": "0.00000",
        "misc": "",
        "oflags": draft.words.get("oflags"),
    });
    if let Value::Object(fields) = &mut all {
        if !order.is_open() {
            fields.insert("closetm".to_owned(), seconds(order.updated_at));
            fields.insert("reason".to_owned(), reason(order));
        }
        let trades = exchange.trades.iter().filter(|trade| trade.order == order.id).map(|trade| trade_id(trade.id));
        if with_trades && order.fills > 0 {
            fields.insert("trades".to_owned(), trades.collect());
        }
    }
    all
}

fn reason(order: &Order) -> Value {
    if order.status == Status::Cancelled { "User requested".into() } else { Value::Null }
}

fn average(value: Amount, filled: Quantity) -> Decimal {
    let exact = Fraction::from(value.get()).over(&filled.fraction());
    exact.and_then(|exact| exact.floor_to(AVERAGE_STEP).ok()).unwrap_or_default()
}

pub(super) fn trade(trade: &Trade, exchange: &Exchange) -> Value {
    let market = exchange.markets.get(&trade.market);
    let order = exchange.orders.get(&trade.order);
    json!({
        "ordertxid": order_id(trade.order),
        "postxid": "TKH2SE-M7IF5-CFI7LT",
        "pair": market.map(names::pair),
        "time": seconds(trade.at),
        "type": side(trade.side),
        "ordertype": order.and_then(|order| order.draft.words.get("ordertype")),
        "price": market.map(|market| price(market, trade.price.get())),
        "cost": eight(trade.value.get()),
        "fee": eight(trade.fee.get()),
        "vol": eight(trade.quantity.get()),
        "margin": eight(Decimal::ZERO),
        "leverage": "0",
        "misc": "",
        "trade_id": trade.id,
        "maker": trade.is_maker,
    })
}
