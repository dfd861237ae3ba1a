//! Fills: the venue's trades, each known by its trade id.

use crate::clock::Timestamp;
use crate::market::Asset;
use crate::money::{Amount, Price, Quantity};

/// The venue's id of a trade, unique within a market.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TradeId(pub String);

/// What a trade cost, in the asset that the venue took.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fee {
    pub asset: Asset,
    pub amount: Amount,
}

/// One trade of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fill {
    /// Unknown where the venue tells it apart from the trade.
    pub fee: Option<Fee>,
    pub price: Price,
    /// Base units, before a fee taken in base.
    pub quantity: Quantity,
    pub at: Timestamp,
}
