//! Orders and fills.

use super::words::{Mode, OrderOutcome, OrderPurpose, OrderSide, OrderState, OrderStatus, OrderType, ReasonCode, Time};
use super::{ByAsset, by_asset, time};
use crate::member::{self, Written};
use crate::text::Text;
use domain::market::Asset;
use domain::money::{Amount, Fraction, MoneyError, Price, Quantity};
use domain::order::{self, FeeValue};
use domain::preset::OrderKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// The id of the order, `ord_…`.
    pub id: String,
    /// The position, `grp_…`.
    pub position_group_id: String,
    /// The mode of its position; null in what earlier releases have opened.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// The exchange of its position, such as `BINANCE`; null in what earlier releases have opened.
    #[serde(default)]
    pub exchange: Option<String>,
    /// The market of its position, `BASE/QUOTE`; null in what earlier releases have opened.
    #[serde(default)]
    pub symbol: Option<String>,
    /// What it is for.
    pub purpose: OrderPurpose,
    /// Which entry of the position it belongs to: 0 is the opening or all entries, from 1 on additions.
    pub pyramid: u32,
    /// Place in the ladder: 0 is the base order or concerns the whole position, from 1 on safety orders.
    pub leg: u32,
    /// Each new decision about the same thing is the next epoch.
    pub epoch: u32,
    /// Whether it buys or sells.
    pub side: OrderSide,
    /// The kind of order.
    #[serde(rename = "type")]
    pub kind: OrderType,
    /// Limit price, in the quote currency; null for a market order.
    pub price: Option<String>,
    /// Stop price of an order that rests at the exchange: it is executed at market once the price is reached; null without a stop.
    pub stop_price: Option<String>,
    /// Whether the stop has sold it.
    #[serde(default)]
    #[schema(required)]
    pub stop_triggered: bool,
    /// How much is to be bought or sold, in base units.
    pub quantity: String,
    /// How much of `quantity` has been filled, in base units.
    pub filled: String,
    /// Average price of the fills without fees, in the quote currency; null before the first fill.
    pub average_fill_price: Option<String>,
    /// Fees of the fills, by the asset in which they were paid, reported by the exchange or estimated.
    pub fees: ByAsset,
    /// How far it is, in the four words of the specification.
    pub status: OrderStatus,
    /// How far it is.
    pub state: OrderState,
    /// Why it was not placed.
    pub reason: Option<Reason>,
    /// Whether its fill was stated by the user, because the exchange has reported none.
    pub declared: bool,
    /// The id that Moniqo gave the order at the exchange.
    pub client_order_id: String,
    /// Client order id of the stop beside its limit, which has an id of its own at the exchange; null for other orders.
    pub stop_client_order_id: Option<String>,
    /// The id that the exchange gave the order; null until the exchange has reported it.
    pub exchange_order_id: Option<String>,
    /// When the order was made; it may be sent later.
    pub created_at: Time,
    /// When the order was sent to the exchange; null if it was not sent.
    pub submitted_at: Option<Time>,
    /// When cancelling the order was requested; null if it never was.
    pub cancel_requested_at: Option<Time>,
    /// When the exchange executed the newest fill; null before the first fill.
    pub last_fill_at: Option<Time>,
    /// An entry that was not sent by then is not sent any more; null for orders that close.
    pub valid_until: Option<Time>,
}

/// Body of `POST /api/v1/orders/{id}/resolve`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveRequest {
    /// What became of it; `cancelled` is for an order that the exchange had accepted, `not_placed` for one that it had not.
    pub outcome: OrderOutcome,
    /// Of a fill: how much in all, and at what average price.
    #[schema(value_type = Option<String>)]
    pub quantity: Option<Written<Quantity>>,
    /// Average price of the fill, in the quote currency; required for `filled`, refused otherwise.
    #[schema(value_type = Option<String>)]
    pub price: Option<Written<Price>>,
    /// The fee that the exchange took; none if left out.
    #[schema(value_type = Option<String>)]
    pub fee: Option<Written<Amount>>,
    /// Asset in which `fee` was paid; required with `fee`.
    #[schema(value_type = Option<String>)]
    pub fee_asset: Option<Written<Asset>>,
    /// How you know the outcome, in 1 to 200 characters; stored in the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: member::Reason,
}

/// An order with its fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderDetail {
    #[serde(flatten)]
    pub order: Order,
    /// The fills of the order, by the time of the exchange.
    pub fills: Vec<Fill>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// The reason as a word.
    pub code: ReasonCode,
    /// The reason in plain words, with the numbers.
    pub detail: String,
}

/// In the place of a trade id, where the fill is its user's word.
const DECLARED: &str = "declared";

/// One trade at the exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fill {
    /// The exchange's id of the trade; `declared` if the user entered the fill by hand.
    pub trade_id: String,
    /// The order, `ord_…`.
    pub order_id: String,
    /// What its order is for.
    pub purpose: OrderPurpose,
    /// Whether the fill bought or sold.
    pub side: OrderSide,
    /// The price of the fill, in quote currency.
    pub price: String,
    /// The filled size, in base units before fees.
    pub quantity: String,
    /// The fee, in `fee_asset`; estimated if `fee_reckoned`; null until it is known.
    pub fee: Option<String>,
    /// The asset in which the fee was taken; null until the fee is known.
    pub fee_asset: Option<String>,
    /// Value of a fee in a third asset, in quote currency, at the price when the trade was made; missing until it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fee_value: Option<String>,
    /// Whether its value could not be determined.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fee_unvalued: bool,
    /// Whether the fee is estimated by the market's fee rate, because the exchange has not reported it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fee_reckoned: bool,
    /// When the trade was made, by the exchange's clock; for a fill entered by hand, when it was entered.
    pub at: Time,
}

impl Order {
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn of(order: &order::Order) -> Result<Self, MoneyError> {
        Ok(Self {
            id: order.id.to_string(),
            position_group_id: order.group.to_string(),
            mode: order.mode.map(Text),
            exchange: order.market.as_ref().map(|market| market.exchange.to_string()),
            symbol: order.market.as_ref().map(|market| market.symbol.to_string()),
            purpose: Text(order.purpose),
            pyramid: order.pyramid,
            leg: order.leg,
            epoch: order.epoch,
            side: Text(order.direction),
            kind: kind(order),
            price: if let OrderKind::Limit(price) = order.kind { Some(price.to_string()) } else { None },
            stop_price: order.stop.map(|price| price.to_string()),
            stop_triggered: order.triggered,
            quantity: order.quantity.to_string(),
            filled: order.filled()?.to_string(),
            average_fill_price: average(order)?,
            fees: fees(order)?,
            status: Text(order.status.spec_word()),
            state: Text(order.status),
            reason: order.refusal.as_ref().map(Reason::from),
            declared: order.believed().is_some(),
            client_order_id: order.client_id.to_string(),
            stop_client_order_id: order.stop_id().map(|id| id.to_string()),
            exchange_order_id: order.venue_id.clone(),
            created_at: time(order.planned_at),
            submitted_at: order.submission.as_ref().map(|submission| time(submission.sent_at)),
            cancel_requested_at: order.cancel_wanted.map(time),
            last_fill_at: order.counted().map(|fill| fill.at).max().map(time),
            valid_until: order.valid_until.map(time),
        })
    }
}

impl OrderDetail {
    /// # Errors
    /// As [`Order::of`].
    pub fn of(order: &order::Order) -> Result<Self, MoneyError> {
        Ok(Self { order: Order::of(order)?, fills: Fill::all([order]) })
    }
}

impl Fill {
    /// The fills of these orders, by venue time and trade id.
    pub(super) fn all<'a>(orders: impl IntoIterator<Item = &'a order::Order>) -> Vec<Self> {
        let known = |order: &'a order::Order| order.fills.iter().map(move |(trade, fill)| (order, &*trade.0, fill));
        let declared = |order: &'a order::Order| order.believed().map(|fill| (order, DECLARED, fill));
        let mut fills: Vec<_> = orders.into_iter().flat_map(|order| known(order).chain(declared(order))).collect();
        fills.sort_by_key(|(_, trade, fill)| (fill.at, *trade));
        fills.into_iter().map(|(order, trade, fill)| Self::of(order, trade, fill)).collect()
    }

    fn of(order: &order::Order, trade: &str, fill: &order::Fill) -> Self {
        Self {
            trade_id: trade.to_owned(),
            order_id: order.id.to_string(),
            purpose: Text(order.purpose),
            side: Text(order.direction),
            price: fill.price.to_string(),
            quantity: fill.quantity.to_string(),
            fee: fill.fee.as_ref().map(|fee| fee.amount.to_string()),
            fee_asset: fill.fee.as_ref().map(|fee| fee.asset.to_string()),
            fee_value: fill.fee.as_ref().and_then(order::Fee::worth).map(|worth| worth.to_string()),
            fee_unvalued: fill.fee.as_ref().is_some_and(|fee| fee.value == FeeValue::Unvalued),
            fee_reckoned: fill.fee.as_ref().is_some_and(|fee| fee.value == FeeValue::Reckoned),
            at: time(fill.at),
        }
    }
}

impl From<&order::Refusal> for Reason {
    fn from(refusal: &order::Refusal) -> Self {
        Self { code: Text(refusal.code.clone()), detail: refusal.detail.clone() }
    }
}

fn kind(order: &order::Order) -> OrderType {
    match (order.kind, order.stop) {
        (OrderKind::Market, None) => OrderType::Market,
        (OrderKind::Limit(_), None) => OrderType::Limit,
        (OrderKind::Market, Some(_)) => OrderType::Stop,
        (OrderKind::Limit(_), Some(_)) => OrderType::Oco,
    }
}

/// Price by quantity over the known fills; fees are shown beside it.
fn average(order: &order::Order) -> Result<Option<String>, MoneyError> {
    let (mut value, mut quantity) = (Fraction::whole(0), Fraction::whole(0));
    for fill in order.counted() {
        value = value + fill.price.times(fill.quantity)?.fraction();
        quantity = quantity + fill.quantity.fraction();
    }
    Ok(value.over(&quantity).map(|average| average.approximate().to_string()))
}

fn fees(order: &order::Order) -> Result<ByAsset, MoneyError> {
    let mut fees = BTreeMap::new();
    for fee in order.counted().filter_map(|fill| fill.fee.as_ref()) {
        let total = fees.entry(fee.asset.clone()).or_default();
        *total = fee.amount.plus(*total)?;
    }
    Ok(by_asset(&fees))
}
