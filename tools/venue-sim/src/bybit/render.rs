//! Markets, orders and trades as Bybit writes them.

use crate::engine::{Exchange, Market, Millis, Order, Side, Status, Trade};
use domain::money::{Amount, Decimal, Fraction, Quantity};
use serde_json::{Map, Value, json};

const UNNAMED: &str = "\u{0}unnamed";
/// Averages are cut off here.
const AVERAGE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 8);
/// Its numbers are as long, and grow with time.
const ORDERS_FROM: u64 = 1_800_000_000_000_000_000;
const TRADES_FROM: u64 = 2_290_000_000_000_000_000;

/// An id for an order that came without one: what begins like this is never shown.
pub(super) fn unnamed(count: usize, now: Millis) -> String {
    format!("{UNNAMED} {count} {now}")
}

pub(super) fn own_id(client_id: &str) -> &str {
    if client_id.starts_with(UNNAMED) { "" } else { client_id }
}

pub(super) fn order_id(number: u64) -> String {
    ORDERS_FROM.saturating_add(number).to_string()
}

/// The number in an id, where it is one of ours.
pub(super) fn number_of(id: &str) -> Option<u64> {
    id.parse::<u64>().ok()?.checked_sub(ORDERS_FROM)
}

pub(super) fn trade_id(number: u64) -> String {
    TRADES_FROM.saturating_add(number).to_string()
}

/// The market's name there: `BTCUSDT`.
pub(super) fn symbol(market: &Market) -> String {
    format!("{}{}", market.base, market.quote)
}

/// As many decimals as the market's prices have.
pub(super) fn price(market: &Market, price: Decimal) -> String {
    at_step(price, market.rules.tick)
}

/// As many decimals as the market's quantities have.
pub(super) fn quantity(market: &Market, quantity: Quantity) -> String {
    at_step(quantity.get(), market.rules.step)
}

fn at_step(value: Decimal, step: Decimal) -> String {
    let places = usize::try_from(step.normalize().scale()).unwrap_or(0);
    format!("{value:.places$}")
}

pub(super) fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

fn side(side: Side) -> &'static str {
    if side == Side::Buy { "Buy" } else { "Sell" }
}

fn status(order: &Order) -> &'static str {
    match order.status {
        Status::New => "New",
        Status::PartiallyFilled => "PartiallyFilled",
        Status::Filled => "Filled",
        Status::Cancelled | Status::Expired if order.filled.is_zero() => "Cancelled",
        Status::Cancelled | Status::Expired => "PartiallyFilledCanceled",
    }
}

pub(super) fn order(order: &Order, exchange: &Exchange) -> Value {
    let Some(market) = exchange.markets.get(&order.draft.market) else { return Value::Null };
    let (draft, word) = (&order.draft, |name: &str| order.draft.words.get(name).cloned().unwrap_or_default());
    let left = if order.is_open() { order.remaining() } else { Quantity::ZERO };
    let is_cancelled = order.status == Status::Cancelled;
    let fees = (order.fills > 0).then(|| (order.fee_asset.clone(), Value::from(number(order.fee.get()))));
    json!({
        "orderId": order_id(order.id),
        "orderLinkId": own_id(&draft.client_id),
        "blockTradeId": "",
        "symbol": symbol(market),
        "price": price(market, draft.price.map_or(Decimal::ZERO, |limit| limit.get())),
        "qty": word("qty"),
        "side": side(draft.side),
        "isLeverage": "0",
        "positionIdx": 0,
        "orderStatus": status(order),
        "createType": "CreateByUser",
        "cancelType": if is_cancelled { "CancelByUser" } else { "UNKNOWN" },
        "rejectReason": if is_cancelled { "EC_PerCancelRequest" } else { "EC_NoError" },
        "avgPrice": average(market, order.value, order.filled),
        "leavesQty": quantity(market, left),
        "leavesValue": number((left.fraction() * price_of(order)).floor_to(AVERAGE_STEP).unwrap_or_default()),
        "cumExecQty": quantity(market, order.filled),
        "cumExecValue": number(order.value.get()),
        "cumExecFee": number(order.fee.get()),
        "cumFeeDetail": fees.into_iter().collect::<Map<_, _>>(),
        "timeInForce": word("timeInForce"),
        "orderType": word("orderType"),
        "marketUnit": word("marketUnit"),
        "stopOrderType": "",
        "orderIv": "",
        "triggerPrice": "0",
        "takeProfit": "",
        "stopLoss": "",
        "tpslMode": "",
        "triggerDirection": 0,
        "reduceOnly": false,
        "closeOnTrigger": false,
        "smpType": "None",
        "createdTime": order.created_at.to_string(),
        "updatedTime": order.updated_at.to_string(),
    })
}

fn price_of(order: &Order) -> Fraction {
    order.draft.price.map_or(Fraction::whole(0), domain::money::Price::fraction)
}

/// Nothing where nothing was traded.
fn average(market: &Market, value: Amount, filled: Quantity) -> String {
    let exact = Fraction::from(value.get()).over(&filled.fraction());
    exact.and_then(|exact| exact.floor_to(AVERAGE_STEP).ok()).map_or_else(String::new, |at| {
        if at.normalize().scale() <= market.rules.tick.normalize().scale() { price(market, at) } else { number(at) }
    })
}

pub(super) fn trade(trade: &Trade, exchange: &Exchange) -> Value {
    let Some(market) = exchange.markets.get(&trade.market) else { return Value::Null };
    let order = exchange.orders.get(&trade.order);
    let word = |name: &str| order.and_then(|order| order.draft.words.get(name).cloned()).unwrap_or_default();
    let limit = order.and_then(|order| order.draft.price).map_or(Decimal::ZERO, |limit| limit.get());
    let policy = exchange.policy;
    let rate = if trade.is_maker { policy.maker } else { policy.taker };
    json!({
        "symbol": symbol(market),
        "orderId": order_id(trade.order),
        "orderLinkId": order.map_or("", |order| own_id(&order.draft.client_id)),
        "side": side(trade.side),
        "orderPrice": price(market, limit),
        "orderQty": word("qty"),
        "leavesQty": "",
        "createType": "CreateByUser",
        "orderType": word("orderType"),
        "stopOrderType": "",
        "execFee": number(trade.fee.get()),
        "feeCurrency": trade.fee_asset,
        "execId": trade_id(trade.id),
        "execPrice": price(market, trade.price.get()),
        "execQty": quantity(market, trade.quantity),
        "execType": "Trade",
        "execValue": number(trade.value.get()),
        "execTime": trade.at.to_string(),
        "isMaker": trade.is_maker,
        "feeRate": number(rate.get()),
        "marketUnit": word("marketUnit"),
        "blockTradeId": "",
        "closedSize": "",
        "seq": trade.id,
    })
}
