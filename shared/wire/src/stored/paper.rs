//! The paper venue's book and orders.

use super::{Fee, Market, OrderKind, Schema};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::Asset;
use domain::money::{Amount, Price, Quantity};
use domain::order::{self, Direction, Status, TradeId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One account's book with its open orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperBook {
    pub v: Schema<1>,
    pub account: Text<AccountId>,
    pub balances: BTreeMap<Text<Asset>, PaperBalance>,
    pub looked_at: i64,
    pub fee_in: PaperFeeIn,
    pub fill_max: Option<Text<Quantity>>,
    pub fault: Option<PaperFault>,
    pub open: Vec<PaperOrder>,
    pub sequence: u64,
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperBalance {
    pub free: Text<Amount>,
    pub locked: Text<Amount>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperFault {
    pub kind: PaperFaultKind,
    pub times: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperFeeIn {
    Quote,
    Received,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperFaultKind {
    Abort,
    Hang,
    Reset,
}

/// An order as the venue knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperOrder {
    pub v: Schema<1>,
    pub client_id: Text<ClientOrderId>,
    pub venue_id: String,
    pub market: Market,
    pub direction: Text<Direction>,
    pub kind: OrderKind,
    pub quantity: Text<Quantity>,
    pub status: Text<Status>,
    pub trades: Vec<PaperTrade>,
    pub accepted_at: i64,
}

/// One trade of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperTrade {
    pub trade: Text<TradeId>,
    pub price: Text<Price>,
    pub quantity: Text<Quantity>,
    pub fee: Option<Fee>,
    pub at: i64,
}

impl PaperTrade {
    pub fn of(trade: &TradeId, fill: &order::Fill) -> Self {
        Self {
            trade: Text(trade.clone()),
            price: Text(fill.price),
            quantity: Text(fill.quantity),
            fee: fill.fee.as_ref().map(Fee::from),
            at: fill.at.millis(),
        }
    }
}

impl From<PaperTrade> for (TradeId, order::Fill) {
    fn from(stored: PaperTrade) -> Self {
        let fee = stored.fee.map(order::Fee::from);
        let at = Timestamp::from_millis(stored.at);
        (stored.trade.0, order::Fill { fee, price: stored.price.0, quantity: stored.quantity.0, at })
    }
}
