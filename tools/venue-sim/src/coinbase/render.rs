//! Orders and fills as Coinbase writes them: numbers as text, without zeros at their end.

use crate::engine::{Millis, Order, Side, Size, Status, TimeInForce, Trade};
use crate::keys;
use domain::money::{Amount, Decimal, Fraction, Quantity};
use serde_json::{Value, json};

/// Averages are cut off here.
const AVERAGE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 16);

pub(super) fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

pub(super) fn product_id(market: &str) -> String {
    market.replace('/', "-")
}

pub(super) fn side(side: Side) -> &'static str {
    if side == Side::Buy { "BUY" } else { "SELL" }
}

/// A UUID that has the order's number in its last group.
pub(super) fn order_id(number: u64) -> String {
    let hashed = keys::uuid_of(&format!("order {number}"));
    let head: String = hashed.chars().take(24).collect();
    format!("{head}{number:012x}")
}

pub(super) fn number_of(id: &str) -> Option<u64> {
    let number = u64::from_str_radix(id.rsplit('-').next()?, 16).ok()?;
    (order_id(number) == id).then_some(number)
}

pub(super) fn time(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at).map(|at| format!("{at:.6}")).unwrap_or_default()
}

fn status(order: &Order) -> &'static str {
    match (order.status, order.draft.time_in_force) {
        (Status::New | Status::PartiallyFilled, _) => "OPEN",
        (Status::Filled, _) => "FILLED",
        (Status::Expired, TimeInForce::Until(_)) => "EXPIRED",
        (Status::Cancelled | Status::Expired, _) => "CANCELLED",
    }
}

fn time_in_force(order: &Order) -> &'static str {
    match order.draft.time_in_force {
        TimeInForce::Gtc => "GOOD_UNTIL_CANCELLED",
        TimeInForce::Until(_) => "GOOD_UNTIL_DATE_TIME",
        TimeInForce::Ioc => "IMMEDIATE_OR_CANCEL",
        TimeInForce::Fok => "FILL_OR_KILL",
    }
}

fn kind(order: &Order) -> &'static str {
    match (order.draft.price, order.draft.trigger) {
        (None, _) => "MARKET",
        (Some(_), None) => "LIMIT",
        (Some(_), Some(_)) => "STOP_LIMIT",
    }
}

fn trigger_status(order: &Order) -> &'static str {
    match (order.draft.trigger, order.working_at) {
        (None, _) => "INVALID_ORDER_TYPE",
        (Some(_), None) => "STOP_PENDING",
        (Some(_), Some(_)) => "STOP_TRIGGERED",
    }
}

pub(super) fn order(order: &Order) -> Value {
    json!({
        "order_id": order_id(order.id),
        "product_id": product_id(&order.draft.market),
        "user_id": keys::uuid_of(&order.account),
        "order_configuration": order.draft.words,
        "side": side(order.draft.side),
        "client_order_id": order.draft.client_id,
        "status": status(order),
        "time_in_force": time_in_force(order),
        "created_time": time(order.created_at),
        "completion_percentage": completion(order),
        "filled_size": number(order.filled.get()),
        "average_filled_price": number(average(order.value, order.filled)),
        "fee": "",
        "number_of_fills": order.fills.to_string(),
        "filled_value": number(order.value.get()),
        "pending_cancel": false,
        "size_in_quote": !matches!(order.draft.size, Size::Base(_)),
        "total_fees": number(order.fee.get()),
        "size_inclusive_of_fees": matches!(order.draft.size, Size::QuoteWithFees(_)),
        "total_value_after_fees": number(after_fees(order).get()),
        "trigger_status": trigger_status(order),
        "order_type": kind(order),
        "reject_reason": "REJECT_REASON_UNSPECIFIED",
        "settled": !order.is_open(),
        "product_type": "SPOT",
        "reject_message": "",
        "cancel_message": if order.status == Status::Cancelled { "User requested cancel" } else { "" },
        "order_placement_source": "RETAIL_ADVANCED",
        "outstanding_hold_amount": number(order.locked.get()),
        "is_liquidation": false,
        "last_fill_time": (order.fills > 0).then(|| time(order.updated_at)),
        "edit_history": [],
        "leverage": "",
        "margin_type": "UNKNOWN_MARGIN_TYPE",
        "retail_portfolio_id": keys::uuid_of(&format!("portfolio {}", order.account)),
        "originating_order_id": "",
        "attached_order_id": "",
    })
}

fn completion(order: &Order) -> String {
    let share = order.filled.fraction().over(&order.quantity.fraction());
    let percent = share.and_then(|share| (share * Fraction::whole(100)).floor_to(Decimal::new(1, 2)).ok());
    number(percent.unwrap_or_default())
}

fn average(value: Amount, filled: Quantity) -> Decimal {
    let exact = Fraction::from(value.get()).over(&filled.fraction());
    exact.and_then(|exact| exact.floor_to(AVERAGE_STEP).ok()).unwrap_or_default()
}

/// What it cost in all, or brought in all.
fn after_fees(order: &Order) -> Amount {
    let sum = if order.draft.side == Side::Buy { order.value.plus(order.fee) } else { order.value.minus(order.fee) };
    sum.unwrap_or(order.value)
}

pub(super) fn fill(trade: &Trade) -> Value {
    json!({
        "entry_id": keys::uuid_of(&format!("entry {}", trade.id)),
        "trade_id": trade.id.to_string(),
        "order_id": order_id(trade.order),
        "trade_time": time(trade.at),
        "trade_type": "FILL",
        "price": number(trade.price.get()),
        "size": number(trade.quantity.get()),
        "commission": number(trade.fee.get()),
        "product_id": product_id(&trade.market),
        "sequence_timestamp": time(trade.at),
        "liquidity_indicator": if trade.is_maker { "MAKER" } else { "TAKER" },
        "size_in_quote": false,
        "user_id": keys::uuid_of(&trade.account),
        "side": side(trade.side),
        "retail_portfolio_id": keys::uuid_of(&format!("portfolio {}", trade.account)),
    })
}
