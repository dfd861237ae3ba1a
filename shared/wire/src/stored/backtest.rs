//! Backtests that somebody asked for: how far one is, what was asked for, and which may go on.

use super::Schema;
use crate::text::Text;
use domain::backtests::{self, BacktestState, Going, GoingOfAll};
use domain::clock::Timestamp;
use domain::ids::{BacktestId, Sha, UserId};
use domain::market::{Exchange, Interval, MarketKey, Symbol};
use domain::series::Series;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How far one is, and what came of it in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backtest {
    pub v: Schema<1>,
    pub id: Text<BacktestId>,
    pub version: u64,
    pub user: Text<UserId>,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub timeframe: Text<Interval>,
    pub since: i64,
    pub until: i64,
    pub asked: Text<Sha>,
    pub state: Text<BacktestState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<BacktestPlan>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub played: BTreeSet<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    pub created_at: i64,
    pub went_on_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BacktestPlan {
    pub candles: u32,
    pub digest: Text<Sha>,
    pub items: u32,
    pub items_per_part: u32,
    pub spread: bool,
}

/// What was asked for, as JSON. It is put once and stays: progress does not write it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BacktestAsked {
    pub v: Schema<1>,
    pub asked: String,
}

/// Which of somebody's may go on, and how many were begun within a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BacktestsGoing {
    pub v: Schema<1>,
    pub version: u64,
    pub user: Text<UserId>,
    pub ids: BTreeSet<Text<BacktestId>>,
    pub day: i64,
    pub today: u32,
}

/// Which of everybody's may go on, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BacktestsOfAll {
    pub v: Schema<1>,
    pub version: u64,
    pub ids: BTreeMap<Text<BacktestId>, Text<UserId>>,
}

impl From<&backtests::Backtest> for Backtest {
    fn from(backtest: &backtests::Backtest) -> Self {
        let Series { market: MarketKey { exchange, symbol }, interval } = backtest.series.clone();
        Self {
            v: Schema,
            id: Text(backtest.id.clone()),
            version: backtest.version,
            user: Text(backtest.by.clone()),
            exchange: Text(exchange),
            symbol: Text(symbol),
            timeframe: Text(interval),
            since: backtest.since.millis(),
            until: backtest.until.millis(),
            asked: Text(backtest.asked.clone()),
            state: Text(backtest.state),
            plan: backtest.plan.clone().map(BacktestPlan::from),
            played: backtest.played.clone(),
            figures: backtest.figures.clone(),
            why: backtest.why.clone(),
            created_at: backtest.created_at.millis(),
            went_on_at: backtest.updated_at.millis(),
        }
    }
}

impl From<Backtest> for backtests::Backtest {
    fn from(row: Backtest) -> Self {
        let at = Timestamp::from_millis;
        let market = MarketKey { exchange: row.exchange.0, symbol: row.symbol.0 };
        Self {
            id: row.id.0,
            by: row.user.0,
            version: row.version,
            series: Series { market, interval: row.timeframe.0 },
            since: at(row.since),
            until: at(row.until),
            asked: row.asked.0,
            state: row.state.0,
            plan: row.plan.map(backtests::BacktestPlan::from),
            played: row.played,
            figures: row.figures,
            why: row.why,
            created_at: at(row.created_at),
            updated_at: at(row.went_on_at),
        }
    }
}

impl From<backtests::BacktestPlan> for BacktestPlan {
    fn from(plan: backtests::BacktestPlan) -> Self {
        let backtests::BacktestPlan { candles, digest, items, items_per_part, is_spread: spread } = plan;
        Self { candles, digest: Text(digest), items, items_per_part, spread }
    }
}

impl From<BacktestPlan> for backtests::BacktestPlan {
    fn from(row: BacktestPlan) -> Self {
        let BacktestPlan { candles, digest, items, items_per_part, spread: is_spread } = row;
        Self { candles, digest: digest.0, items, items_per_part, is_spread }
    }
}

impl From<&Going> for BacktestsGoing {
    fn from(going: &Going) -> Self {
        let Going { by, version, ids, day, today } = going.clone();
        Self { v: Schema, version, user: Text(by), ids: ids.into_iter().map(Text).collect(), day, today }
    }
}

impl From<BacktestsGoing> for Going {
    fn from(row: BacktestsGoing) -> Self {
        let BacktestsGoing { version, user, ids, day, today, .. } = row;
        Self { by: user.0, version, ids: ids.into_iter().map(|id| id.0).collect(), day, today }
    }
}

impl From<&GoingOfAll> for BacktestsOfAll {
    fn from(going: &GoingOfAll) -> Self {
        let GoingOfAll { version, ids } = going.clone();
        Self { v: Schema, version, ids: ids.into_iter().map(|(id, user)| (Text(id), Text(user))).collect() }
    }
}

impl From<BacktestsOfAll> for GoingOfAll {
    fn from(row: BacktestsOfAll) -> Self {
        let ids = row.ids.into_iter().map(|(id, user)| (id.0, user.0)).collect();
        Self { version: row.version, ids }
    }
}
