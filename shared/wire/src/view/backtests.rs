//! Backtests over the API, and how far they are.

use super::words::{BacktestState, SweepScore, Time};
use super::{NewBacktest, Played, PlayedStats, PlayedStep, PlayedTry, time};
use crate::text::Text;
use domain::backtests;
use domain::series::Series;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A requested backtest, and its progress.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Backtest {
    /// The backtest, `bkt_…`.
    pub id: String,
    /// The exchange of the candles, such as `BINANCE`.
    pub exchange: String,
    /// The market of the candles, such as `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual.
    pub symbol: String,
    /// The candle length of the backtest, such as `1h`.
    pub timeframe: String,
    /// Start of the tested period.
    pub since: Time,
    /// End of the tested period.
    pub until: Time,
    /// How far the backtest is.
    pub state: BacktestState,
    /// How much of the backtest is done.
    pub progress: BacktestProgress,
    /// Number of stored candles in its period; null until a worker has read them.
    pub candles: Option<u32>,
    /// Number of candles that begin and end in its period. If fewer are stored, the missing ones are not played.
    pub expected: u32,
    /// Null until it is done.
    #[schema(value_type = Option<BacktestFigures>)]
    pub figures: Option<Box<RawValue>>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub why: Option<String>,
    /// The request, as the body of `createBacktest`, with what its market has said where it said nothing; only where one is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NewBacktest>, nullable = false)]
    pub asked: Option<Box<RawValue>>,
    /// When the backtest was requested.
    pub created_at: Time,
    /// When the backtest last progressed or ended, or a worker was started for it.
    pub updated_at: Time,
}

/// Tries, or steps of a walk, that were played; 1 of 1 where nothing is tried. Of nothing until a worker has seen how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BacktestProgress {
    /// Number of tries or walk-forward steps done.
    pub done: u32,
    /// Total number of tries or walk-forward steps; 0 until a worker has read the candles.
    pub of: u32,
}

/// What came of it in short: of a sweep those of its best try, of a walk what its steps have made together.
#[derive(Serialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it is described, and taken out of what was told")]
pub struct BacktestFigures {
    /// The figure by which the best try is chosen; missing if nothing is tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<SweepScore>)]
    pub by: Option<String>,
    /// Number of parameter sets that a sweep tried; missing for other backtests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tried: Option<usize>,
    /// Number of steps of a walk-forward test; missing for other backtests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub steps: Option<usize>,
    /// Parameters of the best try of a sweep; missing for other backtests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub parameters: Option<BTreeMap<String, String>>,
    /// Score of the best try of a sweep, by the figure in `by`; missing if undefined, and for other backtests.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub score: Option<f64>,
    /// Of the parts that a walk has tried on, one after another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub return_percent: Option<f64>,
    /// Of a walk those of its `together`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stats: Option<PlayedStats>,
}

/// All that came of one: what `moniqo backtest -o json` tells, or of many parameters the tries, or the steps of a walk.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(missing_debug_implementations, reason = "it is described, and kept as text")]
#[allow(clippy::large_enum_variant, reason = "it is described alone")]
pub enum BacktestResult {
    Played(Played),
    Tries(BacktestTries),
    Steps(BacktestSteps),
}

/// What came of many parameters.
#[derive(Serialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it is described, and kept as text")]
pub struct BacktestTries {
    /// The figure by which the best try is chosen.
    #[schema(value_type = SweepScore)]
    pub by: String,
    /// How many there were.
    pub tried: usize,
    /// Points whose parameters contradict each other: they are not among those tried.
    pub skipped: usize,
    /// The tries, best first; at most 1000.
    pub tries: Vec<PlayedTry>,
}

/// What came of a walk.
#[derive(Serialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it is described, and kept as text")]
pub struct BacktestSteps {
    /// What has chosen the best of each part.
    #[schema(value_type = SweepScore)]
    pub by: String,
    /// Points whose parameters contradict each other: they are not among those tried.
    pub skipped: usize,
    /// Of all parts that were tried on as one curve: each goes on, in proportion, with what the one before has left.
    pub together: Option<PlayedStats>,
    /// One after another.
    pub steps: Vec<PlayedStep>,
}

/// Several that are done, beside each other.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = BacktestComparison)]
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
            state: Text(backtest.state),
            progress: BacktestProgress { done, of },
            candles: backtest.plan.as_ref().map(|plan| plan.candles),
            expected: backtest.expected(),
            figures: backtest.figures.clone().and_then(|figures| RawValue::from_string(figures).ok()),
            why: backtest.why.clone(),
            asked: None,
            created_at: time(backtest.created_at),
            updated_at: time(backtest.updated_at),
        }
    }

    /// With what was asked for, as it is kept.
    #[must_use]
    pub fn with_asked(self, asked: Option<String>) -> Self {
        Self { asked: asked.and_then(|asked| RawValue::from_string(asked).ok()), ..self }
    }
}
