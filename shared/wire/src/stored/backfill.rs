//! Candles of a time long past that somebody asked for.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::{BackfillId, UserId};
use domain::market::{Exchange, Interval, MarketKey, Symbol};
use domain::series::{self, BackfillState, Series};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backfill {
    pub v: Schema<1>,
    pub id: Text<BackfillId>,
    pub version: u64,
    pub user: Text<UserId>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub timeframe: Text<Interval>,
    pub since: i64,
    pub until: i64,
    pub reached: i64,
    pub candles: u32,
    pub corrected: u32,
    pub state: Text<BackfillState>,
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub failures: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub created_at: i64,
    pub went_on_at: i64,
}

/// How many were ever begun: of two that begin at once one is first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackfillsBegun {
    pub v: Schema<1>,
    pub version: u64,
}

impl From<&series::Backfill> for Backfill {
    fn from(backfill: &series::Backfill) -> Self {
        let Series { market: MarketKey { exchange, symbol }, interval } = backfill.series.clone();
        Self {
            v: Schema,
            id: Text(backfill.id.clone()),
            version: backfill.version,
            user: Text(backfill.by.clone()),
            exchange: Text(exchange),
            symbol: Text(symbol),
            timeframe: Text(interval),
            since: backfill.since.millis(),
            until: backfill.until.millis(),
            reached: backfill.reached.millis(),
            candles: backfill.candles,
            corrected: backfill.corrected,
            state: Text(backfill.state),
            failures: backfill.failures,
            detail: backfill.detail.clone(),
            created_at: backfill.created_at.millis(),
            went_on_at: backfill.updated_at.millis(),
        }
    }
}

impl From<Backfill> for series::Backfill {
    fn from(row: Backfill) -> Self {
        let at = Timestamp::from_millis;
        let market = MarketKey { exchange: row.exchange.0, symbol: row.symbol.0 };
        Self {
            id: row.id.0,
            by: row.user.0,
            version: row.version,
            series: Series { market, interval: row.timeframe.0 },
            since: at(row.since),
            until: at(row.until),
            reached: at(row.reached),
            candles: row.candles,
            corrected: row.corrected,
            state: row.state.0,
            failures: row.failures,
            detail: row.detail,
            created_at: at(row.created_at),
            updated_at: at(row.went_on_at),
        }
    }
}
