//! What a strategy would have made of recorded candles, as programs are told it.

use super::words::{PlayedFillKind, PositionSide};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use utoipa::ToSchema;

/// What became of the cash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Played {
    /// Those that are closed, oldest first.
    pub trades: Vec<PlayedTrade>,
    /// What is open at the end.
    pub open_position: Option<PlayedOpen>,
    /// At each bar's close, in quote units.
    pub equity: Vec<f64>,
    /// Figures of the whole run.
    pub stats: PlayedStats,
    /// Months in UTC, oldest first.
    pub months: Vec<PlayedMonth>,
    /// Of a ladder, oldest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fills: Option<Vec<PlayedFill>>,
    /// Of a ladder: entries for which the cash did not suffice, or that the market would not have taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub refused_entries: Option<usize>,
    /// Of a ladder: the side of its position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub side: Option<PositionSide>,
    /// Of a ladder: what was paid for holding contracts, in quote units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub funding: Option<f64>,
    /// Signals that were not followed, by the word for what stood in the way; left out where there were none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unfollowed: BTreeMap<String, usize>,
    /// Results of random draws of trades and months; missing if none were requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub draws: Option<PlayedDraws>,
}

/// How much of the result was luck, by random draws of its trades and months.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedDraws {
    /// Null without a trade.
    pub shuffled: Option<PlayedShuffled>,
    /// Null without a whole month.
    pub goals: Option<PlayedGoals>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedShuffled {
    /// Return of the redrawn trades, in percent.
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
    /// The requested goal.
    pub monthly_percent: f64,
    /// How likely a month reaches it, from 0 to 1.
    pub monthly_probability: PlayedSpread,
    /// The requested goal, in the quote currency.
    pub monthly_income: f64,
    /// What a month has brought on average, in quote units.
    pub mean_income: f64,
    /// Of `monthly_income`.
    pub income_percent: f64,
    /// The requested goal, in the quote currency.
    pub portfolio: f64,
    /// How many draws reach it within a hundred years, from 0 to 1.
    pub portfolio_probability: f64,
    /// From the last equity to the portfolio; null where draws do not reach it.
    pub months_to_portfolio: Option<PlayedSpread>,
}

/// What lies below the 5th, 50th and 95th of a hundred draws.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedSpread {
    /// The 5th percentile of the draws.
    pub p5: f64,
    /// The median of the draws.
    pub p50: f64,
    /// The 95th percentile of the draws.
    pub p95: f64,
}

/// What a ladder was filled with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedFill {
    /// By its number from 0.
    pub bar: usize,
    /// What the fill was for.
    pub what: PlayedFillKind,
    /// Of an `entry`: 0 for the base order, from 1 on for safety orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub level: Option<usize>,
    /// Of a `take_profit`, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub step: Option<usize>,
    /// Price of the fill, in the quote currency.
    pub price: f64,
    /// Base units.
    pub size: f64,
    /// In quote units.
    pub fee: f64,
}

/// From an entry to where nothing is held; of a ladder at mean prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedTrade {
    /// By its number from 0.
    pub entry_bar: usize,
    /// By its number from 0.
    pub exit_bar: usize,
    /// Price of the entry, in the quote currency; for a ladder the average of its entries.
    pub entry_price: f64,
    /// Price of the exit, in the quote currency; for a ladder the average of its exits.
    pub exit_price: f64,
    /// Base units.
    pub size: f64,
    /// Of both sides, in quote units.
    pub fees: f64,
    /// After fees, in quote units.
    pub pnl: f64,
}

/// A position that is open at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedOpen {
    /// By its number from 0.
    pub entry_bar: usize,
    /// Base units.
    pub size: f64,
    /// Average price of the entry, in the quote currency.
    pub entry_price: f64,
}

/// Figures of a run; one that is not defined is null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedStats {
    /// In quote units.
    pub final_equity: f64,
    /// Last equity compared with the first, in percent.
    pub return_percent: f64,
    /// Zero or negative.
    pub max_drawdown_percent: f64,
    /// Sharpe ratio per year, from daily returns; null if there are too few or if they do not vary.
    pub sharpe: Option<f64>,
    /// Percent of closed trades with a profit; null without a closed trade.
    pub win_rate_percent: Option<f64>,
    /// Those that are closed.
    pub trades: usize,
    /// Bars from entry to exit of closed trades, both included.
    pub exposure_percent: f64,
    /// In quote units.
    pub fees: f64,
    /// Sum of all gains divided by the sum of all losses of closed trades; null without a loss.
    pub profit_factor: Option<f64>,
    /// Return per year of 365.25 days, compounded, in percent; null if less than 30 days were played.
    pub cagr_percent: Option<f64>,
    /// The longest time from a peak until equity is there again, or to the end.
    pub max_drawdown_ms: i64,
    /// Sortino ratio per year, from daily returns; null if none of them is a loss.
    pub sortino: Option<f64>,
    /// `cagr_percent` divided by the deepest drawdown; null without a drawdown or without `cagr_percent`.
    pub calmar: Option<f64>,
    /// Mean profit of a closed trade, in quote units.
    pub expectancy: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedMonth {
    /// `2017-11`.
    pub month: String,
    /// At its end, in quote units.
    pub equity: f64,
    /// Return of the month, in percent.
    pub return_percent: f64,
    /// Whether candles cover all of it.
    pub is_whole: bool,
}

/// Parameters that were tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedTry {
    /// The tried parameters with the fixed ones, by name, each value as text.
    pub parameters: BTreeMap<String, String>,
    /// Null where the figure is not defined: what has gained without a loss to divide by stands above all others, what has not traded below.
    pub score: Option<f64>,
    /// Figures of this try.
    pub stats: PlayedStats,
}

/// Parameters that were chosen on one part of the candles, and tried on the part behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedStep {
    /// What they were chosen on.
    #[schema(value_type = PlayedBars)]
    pub train: Range<usize>,
    /// What they were tried on.
    #[schema(value_type = PlayedBars)]
    pub test: Range<usize>,
    /// The chosen parameters with the fixed ones, by name, each value as text.
    pub parameters: BTreeMap<String, String>,
    /// That it was chosen by; null where the figure is not defined, as of a try.
    #[serde(default)]
    pub score: Option<f64>,
    /// Whether none of all that was tried had a score in training, nor gained without a loss: the first was taken.
    #[serde(default)]
    #[schema(required)]
    pub unscored: bool,
    /// Figures of the part that they were chosen on.
    pub trained: PlayedStats,
    /// Figures of the part that they were tried on.
    pub tested: PlayedStats,
}

/// Bars from the one to before the other, by their number from 0.
#[derive(Serialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it is described alone: ranges are written so")]
pub struct PlayedBars {
    /// Number of the first bar, from 0.
    pub start: usize,
    /// Number of the bar after the last one, from 0.
    pub end: usize,
}
