//! Optimization of parameters.

use super::backtest::{Played, strategies};
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Sweep {
    #[command(flatten)]
    pub(crate) played: Played,
    /// Values of a parameter, or of a path in rules: from, to and step, or a list
    #[arg(long = "try", value_name = "NAME=FROM:TO:STEP|A,B", allow_hyphen_values = true)]
    pub(crate) tried: Vec<String>,
    /// grid (every combination), random, or tpe (mostly near good ones)
    #[arg(long, default_value = "grid", allow_hyphen_values = true)]
    pub(crate) search: String,
    /// Number of combinations for random and tpe
    #[arg(long, default_value = "200", allow_hyphen_values = true)]
    pub(crate) tries: String,
    /// The objective: sharpe, sortino, calmar, return or profit_factor
    #[arg(long, default_value = "sharpe", allow_hyphen_values = true)]
    pub(crate) by: String,
    /// Walk-forward: bars to choose on, and bars behind them to test on, repeated to the end
    #[arg(long, value_name = "TRAIN:TEST", allow_hyphen_values = true)]
    pub(crate) walk: Option<String>,
    /// Choose on the first percent of the candles, test on the rest
    #[arg(long, value_name = "PERCENT", conflicts_with = "walk", allow_hyphen_values = true)]
    pub(crate) split: Option<String>,
    #[command(flatten)]
    pub(crate) of_one_run: OfOneRun,
}

/// What `moniqo backtest` takes alone: known here to be refused with the reason.
#[derive(Debug, Args)]
pub(crate) struct OfOneRun {
    #[arg(long, hide = true, allow_hyphen_values = true)]
    pub(crate) draws: Option<String>,
    #[arg(long, hide = true, allow_hyphen_values = true)]
    pub(crate) monthly_percent: Option<String>,
    #[arg(long, hide = true, allow_hyphen_values = true)]
    pub(crate) monthly_income: Option<String>,
    #[arg(long, hide = true, allow_hyphen_values = true)]
    pub(crate) portfolio: Option<String>,
}

/// Examples, and the strategies as they are.
pub(crate) fn help() -> String {
    format!("{EXAMPLES}\n\n{}", strategies())
}

const EXAMPLES: &str = "\
Examples:
  moniqo sweep --candles btcusd_1h.csv --strategy rsi_cross --try period=5:30:5 --try oversold=20:35:5
  moniqo sweep --candles btcusd_1h.csv --strategy ema_cross --try fast=5:50:1 --try slow=50:250:5 --search tpe --tries 300
  moniqo sweep --candles btcusd_1h.csv --strategy ema_cross --try fast=5,10,20 --try slow=50,100,200 --walk 4320:720
  moniqo sweep --candles btcusd_1h.csv --strategy ema_cross --try fast=5,10,20 --split 70 -o json | jq .steps
  moniqo sweep --candles btcusd_1h.csv --strategy dca_ladder --try deviation=1:3:0.5 --try take_profit=1,1.5,2 --by return
  moniqo sweep --candles btcusd_1h.csv --rules rules.json --try entry.all[0].right=20:40:5

The best of many results on the same candles looks better than it is: --walk and --split test it on other candles.";
