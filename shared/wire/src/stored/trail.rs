//! What stands beside a group and its user: pointer, history, outbox.

use super::Schema;
use super::evidence::{Cause, LimitKept, Said, SeenPrice};
use crate::text::Text;
use domain::ids::{AccountId, GroupId, OrderId};
use domain::market::{Exchange, Symbol, Timeframe};
use serde::{Deserialize, Serialize};

/// The one group of an account, market and timeframe that is not closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePointer {
    pub v: Schema<1>,
    pub account: Text<AccountId>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub timeframe: Option<Text<Timeframe>>,
    pub group: Text<GroupId>,
}

/// When the newest exit of an account, market and timeframe was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastExit {
    pub v: Schema<1>,
    pub event_at: i64,
}

/// One change of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub v: Schema<1>,
    pub group: Text<GroupId>,
    pub version: u64,
    pub why: String,
    pub before: Option<String>,
    pub after: String,
    pub at: i64,
    /// Which it made or changed. No row of the first release says so, and none of them says what stood behind it.
    pub orders: Option<Vec<Text<OrderId>>>,
    pub cause: Option<Cause>,
    pub prices: Option<Vec<SeenPrice>>,
    pub limits: Option<Vec<LimitKept>>,
    pub said: Option<Vec<Said>>,
}

/// A bell that is to be rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    pub v: Schema<1>,
    pub account: Text<AccountId>,
    pub group: Text<GroupId>,
    pub version: u64,
    pub again: Option<String>,
    pub trace: String,
    pub due_at: Option<i64>,
    pub sends: u32,
}
