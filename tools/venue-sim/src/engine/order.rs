//! What is asked for, what became of it, and each trade.

use super::Millis;
use domain::money::{Amount, Price, Quantity};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Buy,
    Sell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Base(Quantity),
    /// What to spend or to get, without fees.
    Quote(Amount),
    /// What to spend, fees included.
    QuoteWithFees(Amount),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeInForce {
    Gtc,
    Ioc,
    Fok,
    /// Ends at this time.
    Until(Millis),
}

/// On which side of the trigger the price has to come to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    AtOrAbove,
    AtOrBelow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    pub price: Price,
    pub when: When,
}

impl Trigger {
    pub fn is_met_at(self, last: Price) -> bool {
        match self.when {
            When::AtOrAbove => last >= self.price,
            When::AtOrBelow => last <= self.price,
        }
    }
}

/// An order as it is asked for. Without a price it is a market order, once it is triggered.
#[derive(Debug, Clone)]
pub struct Draft {
    pub market: String,
    pub side: Side,
    pub size: Size,
    pub price: Option<Price>,
    pub trigger: Option<Trigger>,
    pub time_in_force: TimeInForce,
    pub post_only: bool,
    /// Of contracts: it opens and grows nothing.
    pub reduce_only: bool,
    /// Whether its fee is preferred in base, where that is asked.
    pub fee_in_base: bool,
    pub client_id: String,
    /// What the wire wants to say again about this order, in its own words.
    pub words: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    New,
    PartiallyFilled,
    Filled,
    Cancelled,
    Expired,
}

impl Status {
    pub fn is_open(self) -> bool {
        matches!(self, Self::New | Self::PartiallyFilled)
    }
}

#[derive(Debug, Clone)]
pub struct Order {
    pub id: u64,
    pub account: String,
    pub draft: Draft,
    pub quantity: Quantity,
    pub status: Status,
    pub filled: Quantity,
    /// Quote that went over the table, without fees.
    pub value: Amount,
    pub fee: Amount,
    pub fee_asset: String,
    pub fills: u32,
    /// What this order holds: base for who sells, quote for who buys.
    pub locked: Amount,
    pub created_at: Millis,
    pub updated_at: Millis,
    /// Since when it is in the book: not before it is triggered.
    pub working_at: Option<Millis>,
    /// The first time it meets the market it trades no more than this.
    pub cap: Option<Quantity>,
    pub pair: Option<u64>,
    pub visible_at: Millis,
}

impl Order {
    pub fn is_open(&self) -> bool {
        self.status.is_open()
    }

    pub fn is_working(&self) -> bool {
        self.is_open() && self.working_at.is_some()
    }

    pub fn remaining(&self) -> Quantity {
        self.quantity.minus(self.filled).unwrap_or_default()
    }
}

#[derive(Debug, Clone)]
pub struct Trade {
    pub id: u64,
    pub order: u64,
    pub account: String,
    pub market: String,
    pub side: Side,
    pub price: Price,
    pub quantity: Quantity,
    pub value: Amount,
    pub fee: Amount,
    pub fee_asset: String,
    pub at: Millis,
    pub is_maker: bool,
    pub visible_at: Millis,
}
