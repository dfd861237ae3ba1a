//! The paper venue's book and orders.

use super::{Fee, Market, OrderKind, Schema};
use crate::text::Text;
use domain::alert::Side;
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::{Asset, Exchange, Leverage, Symbol};
use domain::money::{Amount, Percent, Price, Quantity, Rate};
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
    /// Percent; none is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slippage: Option<Text<Percent>>,
    /// None is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<i64>,
    /// Where fees are taken instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee_asset: Option<PaperFeeAsset>,
    pub open: Vec<PaperOrder>,
    /// Of markets of contracts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<PaperContracts>,
    pub sequence: u64,
    pub version: u64,
}

/// What is held of one market of contracts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperContracts {
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub side: Text<Side>,
    pub quantity: Text<Quantity>,
    pub cost: Text<Amount>,
    pub leverage: Text<Leverage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperBalance {
    pub free: Text<Amount>,
    pub locked: Text<Amount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperFeeAsset {
    pub asset: Text<Asset>,
    pub rate: Text<Rate>,
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
    /// From when on it meets prices; none is at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_at: Option<i64>,
    /// Where it waits to be placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<PaperTrigger>,
    /// What has set it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_off: Option<PaperTrigger>,
    /// The order that ends with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<PaperPair>,
    /// Of an order of contracts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<PaperContract>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperContract {
    pub reduce_only: bool,
    pub leverage: Text<Leverage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperTrigger {
    pub kind: PaperTriggerKind,
    pub price: Text<Price>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperTriggerKind {
    StopLoss,
    TakeProfit,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperPair {
    pub other: Text<ClientOrderId>,
    /// Of the one that holds what is locked for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locks_at: Option<Text<Price>>,
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

    /// The trade of this symbol; what a fee in a third asset is worth is not the venue's to say.
    pub fn on(self, symbol: &Symbol) -> (TradeId, order::Fill) {
        let fee = self.fee.map(|fee| fee.on(symbol));
        let at = Timestamp::from_millis(self.at);
        (self.trade.0, order::Fill { fee, price: self.price.0, quantity: self.quantity.0, at })
    }
}
