//! What a user's book ended a day with, and what a user keeps beside trades.

use super::Schema;
use crate::text::Text;
use domain::alert::Side;
use domain::clock::Timestamp;
use domain::ids::{AccountId, UserId};
use domain::market::{Asset, Exchange, Symbol};
use domain::money::{Amount, Price, Quantity};
use domain::trade_record;
use domain::vault::Mode;
use serde::{Deserialize, Serialize};

/// A user's accounts as they were found last on a UTC day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookDay {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    /// Since 1970-01-01.
    pub day: i64,
    pub at: i64,
    pub lines: Vec<BookLine>,
}

/// One account in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookLine {
    pub account: Text<AccountId>,
    pub currency: Text<Asset>,
    pub cash: Text<Amount>,
    /// Of what is open.
    pub cost: Text<Amount>,
    /// Profit of what is open, at the last prices.
    pub open: Text<Amount>,
    /// In which it traded then, if that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text<Mode>>,
}

/// Notes and tags of a position, `grp_…`; or a trade that was made elsewhere, `trd_…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradeRecord {
    pub v: Schema<1>,
    pub id: String,
    pub user: Text<UserId>,
    pub version: u64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// None of a position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade: Option<OwnTrade>,
    pub updated_at: i64,
    /// Its user has deleted it. The row stays for a while, so that nothing brings an older version back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// A trade that was made elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTrade {
    pub mode: Text<Mode>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub side: Text<Side>,
    pub quantity: Text<Quantity>,
    pub entry_price: Text<Price>,
    pub exit_price: Text<Price>,
    pub fees: Text<Amount>,
    pub opened_at: i64,
    pub closed_at: i64,
}

impl From<&trade_record::OwnTrade> for OwnTrade {
    fn from(trade: &trade_record::OwnTrade) -> Self {
        Self {
            mode: Text(trade.mode),
            exchange: Text(trade.exchange.clone()),
            symbol: Text(trade.symbol.clone()),
            side: Text(trade.side),
            quantity: Text(trade.quantity),
            entry_price: Text(trade.entry_price),
            exit_price: Text(trade.exit_price),
            fees: Text(trade.fees),
            opened_at: trade.opened_at.millis(),
            closed_at: trade.closed_at.millis(),
        }
    }
}

impl From<&OwnTrade> for trade_record::OwnTrade {
    fn from(row: &OwnTrade) -> Self {
        Self {
            mode: row.mode.0,
            exchange: row.exchange.0.clone(),
            symbol: row.symbol.0.clone(),
            side: row.side.0,
            quantity: row.quantity.0,
            entry_price: row.entry_price.0,
            exit_price: row.exit_price.0,
            fees: row.fees.0,
            opened_at: Timestamp::from_millis(row.opened_at),
            closed_at: Timestamp::from_millis(row.closed_at),
        }
    }
}
