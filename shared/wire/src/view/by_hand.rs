//! Orders by hand, as they are described and answered.

use super::preset_members::{EndMembers, ProfitTarget, StopMembers};
use super::words::{EntryOrderType, OrderSide};
use super::written::joined;
use super::{FlagOrText, Lent, NumberOrText, PriceSeen, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /api/v1/orders`, and of its preview.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// Id or label of the account; needed if you have more than one, and not with `position_id`.
    #[schema(min_length = 1, max_length = 200)]
    pub account: Option<String>,
    /// The market, such as `BTC/USDT` or `BTCUSDT`; needed without `position_id`.
    #[schema(min_length = 1, max_length = 40)]
    pub symbol: Option<String>,
    /// The open position that the order adds to, or makes smaller. Without one the order opens a position with the timeframe `manual`,
    /// of which an account has one for each market.
    pub position_id: Option<String>,
    /// `sell` without a position opens a short, which only perpetual contracts have.
    pub side: OrderSide,
    /// How the order is sent; `market` if left out. An order that makes a position smaller is sent at the market.
    #[serde(rename = "type")]
    pub kind: Option<EntryOrderType>,
    /// The size in base units. Of an order that makes a position smaller, at most what is held is sold.
    pub quantity: Option<NumberOrText>,
    /// The size in quote units, in place of `quantity`.
    pub quote: Option<NumberOrText>,
    /// The price of a limit order: required with `limit`, refused otherwise.
    pub limit_price: Option<NumberOrText>,
    /// For a preview alone: the price to plan by if none younger than 60 seconds is stored. A market order at an exchange needs it there.
    pub price: Option<NumberOrText>,
    /// The order may make a position smaller and nothing else. Without `position_id`, exactly one that it could make smaller has to be open.
    pub reduce_only: Option<FlagOrText>,
    /// Where the opened position is closed; the preset's exits count where this says nothing. Null is no stop and no time limit; the
    /// take-profit stays the preset's.
    #[schema(value_type = Option<NewOrderExits>)]
    pub exits: Option<serde_json::Value>,
    /// Whose exits, and leverage of contracts, count where the order says nothing; `default` if left out.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub preset: Option<String>,
    /// How many times its margin a position of contracts may be worth.
    pub leverage: Option<Lent>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct NewOrderProfit {
    /// Where the position is closed with profit. It cannot be null.
    #[schema(required = false, nullable = false)]
    take_profit: ProfitTarget,
}

joined! {
    /// The exits of a position that an order opens. A member that is left out is the preset's; null is none.
    NewOrderExits = closed [NewOrderProfit, StopMembers, EndMembers];
}

/// An order that is stored, and is decided on next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlacedOrder {
    /// What became of it is the verdict at `/api/v1/deliveries/{id}`.
    pub delivery_id: String,
    /// The position that it opens or changes, `grp_…`. One that it opens is there once the order is accepted.
    pub position_id: String,
}

/// What an order would come to, as everything is now. Nothing is stored, and no exchange is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderPreview {
    /// What would become of the order: `accepted`, or why not.
    pub verdict: Verdict,
    /// The open position that it would change; null if it would open one.
    pub position_id: Option<String>,
    /// The price by which it is planned; null if it would sell, or would not be accepted.
    pub price: Option<PriceSeen>,
    /// What would be bought or sold, in base units; null if it would not be accepted.
    pub quantity: Option<String>,
    /// How much of the balance the order would hold until it is filled, in quote units, with its fee and room for the price; null if it
    /// would sell, or would not be accepted.
    pub reserved: Option<String>,
    /// Where the position would take its profit once the order is filled at that price; empty if it would sell.
    pub take_profit: Vec<PlannedSale>,
    /// Where its stop would then be; null without one.
    pub stop_price: Option<String>,
    /// After how many minutes it would be closed; null without a limit.
    pub time_limit_minutes: Option<i64>,
    /// Risk rules that need the exchange's order book, which a preview does not read. The order is assessed by them as it is placed.
    pub not_assessed: Vec<String>,
}

/// A sale that a position would rest at its exchange, or keep by polling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedSale {
    /// Its price.
    pub price: String,
    /// How much of the position it sells, in base units.
    pub quantity: String,
}
