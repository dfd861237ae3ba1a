//! What is asked: the forms, each with its fields in one order. The number of the request goes before them.

use super::names;
use app::ports::{Request, Trigger, TriggerKind};
use domain::clock::{Millis, Timestamp};
use domain::order::Direction;
use domain::preset::OrderKind;

/// The names of the questions to the account.
pub(super) const ADD_ORDER: &str = "AddOrder";
pub(super) const CANCEL_ORDER: &str = "CancelOrder";
pub(super) const OPEN_ORDERS: &str = "OpenOrders";
pub(super) const CLOSED_ORDERS: &str = "ClosedOrders";
pub(super) const QUERY_ORDERS: &str = "QueryOrders";
pub(super) const TRADES_HISTORY: &str = "TradesHistory";
pub(super) const QUERY_TRADES: &str = "QueryTrades";
pub(super) const BALANCES: &str = "BalanceEx";
pub(super) const TRADE_VOLUME: &str = "TradeVolume";
pub(super) const KEY_INFO: &str = "GetApiKeyInfo";

/// How much a question counts: lists of trades are said to count two, and the engine counts orders and their ends by itself.
pub(super) fn counts(method: &str) -> i64 {
    match method {
        ADD_ORDER | CANCEL_ORDER => 0,
        TRADES_HISTORY | QUERY_TRADES => 2,
        _ => 1,
    }
}

/// After this the matching engine refuses an order that was under way: at least two seconds and at most sixty.
pub(super) const VALIDITY: Millis = Millis::seconds(5);
/// How much earlier than it may be is asked for: neither clock is exact, and a beginning is left out itself. Ours may be ahead by
/// as much as a deadline may lie in the future: an order is taken all the same, and nothing tells of the clock.
const ROOM: Millis = Millis::seconds(65);
/// As many orders as are asked about at once.
pub(super) const ORDERS_AT_ONCE_MAX: usize = 50;
/// As many trades as are asked about at once.
pub(super) const TRADES_AT_ONCE_MAX: usize = 20;

/// Fields with their values, as they are sent.
pub(super) type Form = Vec<(&'static str, String)>;

/// A new order, signed at this time of the exchange. Its fee is taken in quote: what is bought can be sold whole.
pub(super) fn add_order(request: &Request, signed_at: Timestamp) -> Option<Form> {
    let (kind, price, price2) = kind(request);
    let mut form = vec![
        ("ordertype", kind.to_owned()),
        ("type", direction(request.direction).to_owned()),
        ("volume", request.quantity.to_string()),
        ("pair", names::pair(&request.market.key.symbol)),
    ];
    form.extend(price.map(|price| ("price", price)));
    form.extend(price2.map(|price| ("price2", price)));
    form.push(("cl_ord_id", request.client_id.to_string()));
    form.push(("oflags", "fciq".to_owned()));
    form.push(("deadline", moment(signed_at.plus(VALIDITY))?));
    Some(form)
}

/// Whether an answer such as `buy 1.25 XBTUSD @ limit 37500.0` describes this order: its side, volume and pair.
pub(super) fn is_described(told: &str, request: &Request) -> bool {
    let mut words = told.split(' ');
    let is_side = words.next() == Some(direction(request.direction));
    let is_volume = words.next().and_then(|volume| volume.parse().ok()) == Some(request.quantity);
    is_side && is_volume && words.next().is_some_and(|pair| names::is_pair(&request.market.key.symbol, pair))
}

/// The name of an order's kind, its price, and its second price.
fn kind(request: &Request) -> (&'static str, Option<String>, Option<String>) {
    let text = |price: domain::money::Price| Some(price.to_string());
    match (request.trigger, request.kind) {
        (None, OrderKind::Market) => ("market", None, None),
        (None, OrderKind::Limit(limit)) => ("limit", text(limit), None),
        (Some(Trigger { kind, price }), OrderKind::Market) => (triggered(kind), text(price), None),
        (Some(Trigger { kind, price }), OrderKind::Limit(limit)) => (triggered_limit(kind), text(price), text(limit)),
    }
}

fn triggered(kind: TriggerKind) -> &'static str {
    match kind {
        TriggerKind::StopLoss => "stop-loss",
        TriggerKind::TakeProfit => "take-profit",
    }
}

fn triggered_limit(kind: TriggerKind) -> &'static str {
    match kind {
        TriggerKind::StopLoss => "stop-loss-limit",
        TriggerKind::TakeProfit => "take-profit-limit",
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Buy => "buy",
        Direction::Sell => "sell",
    }
}

/// RFC 3339 in milliseconds.
fn moment(at: Timestamp) -> Option<String> {
    Some(format!("{:.3}", jiff::Timestamp::from_millisecond(at.millis()).ok()?))
}

/// The second from which orders and trades are asked for that cannot be older than this, with room for clocks.
pub(super) fn from_before(at: Timestamp) -> String {
    at.minus(ROOM).millis().div_euclid(1_000).to_string()
}
