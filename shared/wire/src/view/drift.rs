//! What is missing at a venue, and orders there that nobody knows.

use super::time;
use super::words::{OrderSide, OrderState, Time};
use crate::text::Text;
use domain::drift;
use domain::market::Asset;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Differences between the exchange and the positions of one account; empty if there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct DriftState {
    /// By asset: what positions hold and the exchange does not have. Meanwhile none of the asset is bought.
    pub missing: BTreeMap<String, Missing>,
    /// Orders under this deployment's prefix that no position group counts on, and that rest at the exchange or have traded there.
    /// They are never cancelled and never sold, and no fill is made of what they have traded.
    pub stray_orders: Vec<StrayOrder>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MissingAsset)]
pub struct Missing {
    /// Amount of the asset that positions hold and the exchange does not have.
    pub missing: String,
    /// Amount of the asset that positions of the account hold, the missing part included, as last recorded.
    pub held: String,
    /// Amount of the asset at the exchange, free and locked, as last recorded.
    pub at_venue: String,
    /// When the shortage was first seen.
    pub since: Time,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StrayOrder {
    /// The id under which the order was placed; it has the prefix of this deployment.
    pub client_order_id: String,
    /// The id that the exchange gave the order.
    pub exchange_order_id: String,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// The market, `BASE/QUOTE`.
    pub symbol: String,
    /// Whether it buys or sells.
    pub side: OrderSide,
    /// How much was to be bought or sold, in base units.
    pub quantity: String,
    /// How much of it has traded. Those coins, or what they were sold for, are in no position.
    pub filled: String,
    /// As of an order: `open` and `partially_filled` rest, the others are over.
    pub state: OrderState,
    /// When the order was first seen at the exchange.
    pub first_seen_at: Time,
}

impl From<&drift::Drift> for DriftState {
    fn from(drift: &drift::Drift) -> Self {
        let missing = |(asset, shortage): (&Asset, &drift::Shortage)| (asset.to_string(), Missing::from(shortage));
        let believed = drift.shortages.iter().filter(|(asset, _)| drift.of(asset).is_some());
        let confirmed = drift.strays.iter().filter(|stray| stray.confirmed);
        Self { missing: believed.map(missing).collect(), stray_orders: confirmed.map(StrayOrder::from).collect() }
    }
}

impl From<&drift::Shortage> for Missing {
    fn from(shortage: &drift::Shortage) -> Self {
        Self {
            missing: shortage.missing.to_string(),
            held: shortage.expected.to_string(),
            at_venue: shortage.there.to_string(),
            since: time(shortage.since),
        }
    }
}

impl From<&drift::Stray> for StrayOrder {
    fn from(stray: &drift::Stray) -> Self {
        Self {
            client_order_id: stray.client_id.to_string(),
            exchange_order_id: stray.venue_id.clone(),
            exchange: stray.market.exchange.to_string(),
            symbol: stray.market.symbol.to_string(),
            side: Text(stray.direction),
            quantity: stray.quantity.to_string(),
            filled: stray.filled.to_string(),
            state: Text(stray.status),
            first_seen_at: time(stray.first_seen_at),
        }
    }
}
