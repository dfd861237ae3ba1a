//! Backtests over the API, and how far they are.

use super::{PlayedStats, PlayedStep, PlayedTry, time};
use domain::backtests;
use domain::series::Series;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Body of `POST /api/v1/backtests`. Numbers may be written as texts.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct NewBacktest {
    pub exchange: String,
    pub symbol: String,
    pub timeframe: String,
    /// From the first candle that opens then or later.
    #[schema(format = "date-time")]
    pub since: String,
    /// Up to the last that closes then or earlier; now where nothing is said.
    #[schema(format = "date-time")]
    pub until: Option<String>,
    /// One of `/api/v1/strategies/list`, or `rules` in its place.
    pub strategy: Option<String>,
    /// As bots have them.
    #[schema(value_type = Option<Object>)]
    pub rules: Option<BTreeMap<String, String>>,
    /// Of the strategy; of rules, what stands at a path in them.
    pub parameters: Option<BTreeMap<String, String>>,
    /// A plan as `/api/v1/ladders` takes it, in the place of all cash at once. It says the market's terms itself.
    #[schema(value_type = Option<Object>)]
    pub ladder: Option<BTreeMap<String, String>>,
    /// A bot's own plan, in the place of all cash at once: over the built-in preset, or beside a ladder.
    #[schema(value_type = Option<Object>)]
    pub plan: Option<BTreeMap<String, String>>,
    /// Entries that are less sure are not followed.
    pub confidence_min: Option<String>,
    /// Of its account.
    pub limits: Option<BacktestLimits>,
    /// 10000 where nothing is said.
    pub cash: Option<String>,
    /// The market's where nothing is said; so are the next eight.
    pub fee_rate: Option<String>,
    pub quantity_step: Option<String>,
    pub price_tick: Option<String>,
    pub notional_min: Option<String>,
    pub quantity_min: Option<String>,
    /// Of one order with a limit.
    pub quantity_max: Option<String>,
    /// Of one order at the market.
    pub market_quantity_max: Option<String>,
    pub notional_max: Option<String>,
    /// Orders that rest at once.
    pub orders_max: Option<String>,
    /// Of contracts.
    pub leverage: Option<String>,
    /// For eight hours, of contracts.
    pub funding_rate: Option<String>,
    /// The same as it was.
    pub funding: Option<BacktestFunding>,
    pub slippage_bps: Option<String>,
    /// Bars that an order needs on its way.
    pub latency: Option<String>,
    /// Where draws begin.
    pub seed: Option<String>,
    /// How often trades and months are drawn anew.
    pub draws: Option<String>,
    pub goals: Option<BacktestGoals>,
    /// Many parameters in the place of one.
    pub sweep: Option<NewSweep>,
}

/// What an account lets in. Nothing is limited where nothing is said.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct BacktestLimits {
    pub open_groups_max: Option<String>,
    pub exposure_max: Option<String>,
    pub order_quote_max: Option<String>,
    pub day_loss_max: Option<String>,
    pub leverage_max: Option<String>,
}

/// What was paid for contracts that were held, as a share of their worth.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct BacktestFunding {
    /// When the first rate was paid.
    #[schema(format = "date-time")]
    pub since: String,
    /// 8 where nothing is said.
    pub every_hours: Option<String>,
    /// One after another; 0 where none was paid.
    #[schema(max_items = 1500)]
    pub rates: Vec<String>,
}

/// What months are held against.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct BacktestGoals {
    pub monthly_percent: Option<String>,
    pub monthly_income: Option<String>,
    pub portfolio: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it is described, and read by another reader")]
pub struct NewSweep {
    /// Parameters with their values: `FROM:TO:STEP`, or `A,B`.
    pub tried: BTreeMap<String, String>,
    /// `grid` (where nothing is said), `random` or `tpe`.
    pub search: Option<String>,
    /// How many of `random` and `tpe`; 200 where nothing is said.
    pub tries: Option<String>,
    /// `sharpe` (where nothing is said), `sortino`, `calmar`, `return` or `profit_factor`.
    pub by: Option<String>,
    /// `TRAIN:TEST`, both in bars: the best of one part is tried on the part behind it, and so on.
    pub walk: Option<String>,
    /// The percent of candles that is chosen on; the rest is tried.
    pub split: Option<String>,
}

/// A backtest that somebody asked for, and how far it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Backtest {
    pub id: String,
    pub exchange: String,
    pub symbol: String,
    pub timeframe: String,
    pub since: jiff::Timestamp,
    pub until: jiff::Timestamp,
    pub state: BacktestState,
    pub progress: BacktestProgress,
    /// Candles that are kept of its time; null until a worker has seen them.
    pub candles: Option<u32>,
    /// Null until it is done.
    #[schema(value_type = Option<BacktestFigures>)]
    pub figures: Option<Box<RawValue>>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    pub created_at: jiff::Timestamp,
    pub updated_at: jiff::Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BacktestState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

/// Tries, or steps of a walk, that were played; 1 of 1 where nothing is tried. Of nothing until a worker has seen how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BacktestProgress {
    pub done: u32,
    pub of: u32,
}

/// What came of it in short: of a sweep those of its best try, of a walk what its steps have made together.
#[derive(Serialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it is described, and taken out of what was told")]
pub struct BacktestFigures {
    /// What the best is told by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Of the parts that a walk has tried on, one after another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_percent: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stats: Option<PlayedStats>,
}

/// All that came of one: what `moniqo backtest --json` tells, or of many parameters the tries, or the steps of a walk.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(missing_debug_implementations, reason = "it is described, and kept as text")]
#[allow(clippy::large_enum_variant, reason = "it is described alone")]
pub enum BacktestResult {
    #[schema(value_type = Object)]
    Played(BTreeMap<String, String>),
    Tries(BacktestTries),
    Steps(BacktestSteps),
}

/// The best first: a thousand at the most.
#[derive(Serialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it is described, and kept as text")]
pub struct BacktestTries {
    pub by: String,
    /// How many there were.
    pub tried: usize,
    pub tries: Vec<PlayedTry>,
}

#[derive(Serialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it is described, and kept as text")]
pub struct BacktestSteps {
    pub by: String,
    pub steps: Vec<PlayedStep>,
}

/// Several that are done, beside each other.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ComparedBacktests {
    /// In the order in which they were named.
    pub items: Vec<Backtest>,
}

impl Backtest {
    pub fn of(backtest: &backtests::Backtest) -> Self {
        let Series { market, interval } = &backtest.series;
        let (done, of) = backtest.progress();
        Self {
            id: backtest.id.to_string(),
            exchange: market.exchange.to_string(),
            symbol: market.symbol.to_string(),
            timeframe: interval.to_string(),
            since: time(backtest.since),
            until: time(backtest.until),
            state: match backtest.state {
                backtests::BacktestState::Queued => BacktestState::Queued,
                backtests::BacktestState::Running => BacktestState::Running,
                backtests::BacktestState::Done => BacktestState::Done,
                backtests::BacktestState::Failed => BacktestState::Failed,
                backtests::BacktestState::Cancelled => BacktestState::Cancelled,
            },
            progress: BacktestProgress { done, of },
            candles: backtest.plan.as_ref().map(|plan| plan.candles),
            figures: backtest.figures.clone().and_then(|figures| RawValue::from_string(figures).ok()),
            why: backtest.why.clone(),
            created_at: time(backtest.created_at),
            updated_at: time(backtest.updated_at),
        }
    }
}
