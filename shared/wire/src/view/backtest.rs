//! What a strategy would have made of recorded candles, as programs are told it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use utoipa::ToSchema;

/// What became of the cash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Played {
    pub trades: Vec<PlayedTrade>,
    pub open_position: Option<PlayedOpen>,
    /// At each bar's close, in quote units.
    pub equity: Vec<f64>,
    pub stats: PlayedStats,
    pub months: Vec<PlayedMonth>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fills: Option<Vec<PlayedFill>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_entries: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<String>,
    /// Paid for holding contracts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<f64>,
    /// Signals that were not followed, by the word for what stood in the way.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unfollowed: BTreeMap<String, usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<PlayedDraws>,
}

/// How much of it was luck, by trades and months that are drawn anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedDraws {
    /// Null without a trade.
    pub shuffled: Option<PlayedShuffled>,
    /// Null without a whole month.
    pub goals: Option<PlayedGoals>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedShuffled {
    pub return_percent: PlayedSpread,
    /// Between trades alone.
    pub max_drawdown_percent: PlayedSpread,
    /// From 0 to 1.
    pub loss_probability: f64,
}

/// How far it goes towards what is wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedGoals {
    /// Whole ones, from which is drawn.
    pub months: usize,
    pub monthly_percent: f64,
    /// How likely a month reaches it.
    pub monthly_probability: PlayedSpread,
    pub monthly_income: f64,
    pub mean_income: f64,
    pub income_percent: f64,
    pub portfolio: f64,
    pub portfolio_probability: f64,
    pub months_to_portfolio: Option<PlayedSpread>,
}

/// What lies below the 5th, 50th and 95th of a hundred draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedSpread {
    pub p5: f64,
    pub p50: f64,
    pub p95: f64,
}

/// What a ladder was filled with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlayedFill {
    pub bar: usize,
    pub what: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    pub price: f64,
    pub size: f64,
    pub fee: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlayedTrade {
    pub entry_bar: usize,
    pub exit_bar: usize,
    pub entry_price: f64,
    pub exit_price: f64,
    pub size: f64,
    pub fees: f64,
    pub pnl: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlayedOpen {
    pub entry_bar: usize,
    pub size: f64,
    pub entry_price: f64,
}

/// Figures of a run; null where one is not defined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedStats {
    pub final_equity: f64,
    pub return_percent: f64,
    /// Zero or negative.
    pub max_drawdown_percent: f64,
    pub sharpe: Option<f64>,
    pub win_rate_percent: Option<f64>,
    pub trades: usize,
    pub exposure_percent: f64,
    pub fees: f64,
    pub profit_factor: Option<f64>,
    pub cagr_percent: Option<f64>,
    pub max_drawdown_ms: i64,
    pub sortino: Option<f64>,
    pub calmar: Option<f64>,
    pub expectancy: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedMonth {
    /// `2017-11`.
    pub month: String,
    pub equity: f64,
    pub return_percent: f64,
    pub is_whole: bool,
}

/// Parameters that were tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedTry {
    pub parameters: BTreeMap<String, String>,
    pub score: Option<f64>,
    pub stats: PlayedStats,
}

/// Parameters that were chosen on one part of the candles, and tried on the part behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedStep {
    /// Bars, by their number from 0.
    #[schema(value_type = Object)]
    pub train: Range<usize>,
    #[schema(value_type = Object)]
    pub test: Range<usize>,
    pub parameters: BTreeMap<String, String>,
    pub trained: PlayedStats,
    pub tested: PlayedStats,
}
