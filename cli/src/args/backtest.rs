//! Backtests.

use clap::Args;
use std::path::PathBuf;

/// What is played, and on which terms. Numbers are read where they are used: what is wrong with one is told in a line.
#[derive(Debug, Args)]
pub(crate) struct Played {
    /// Candles as CSV with time_ms, open, high, low, close and volume; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) candles: Option<PathBuf>,
    /// The strategy: see below
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) strategy: Option<String>,
    /// Rules in place of a strategy, as JSON: see docs/strategies.md
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// A parameter of the strategy; of rules, the path of a number or a word. Parameters that you leave out have their default
    #[arg(long = "param", value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) parameters: Vec<String>,
    /// Initial balance, in quote
    #[arg(long, default_value = "10000", allow_hyphen_values = true)]
    pub(crate) cash: String,
    /// Enter with a ladder: a file of `moniqo ladder plan` with take-profit, stop-loss, fee and the market's steps. It replaces the strategy's own ladder
    #[arg(long, value_name = "FILE")]
    pub(crate) ladder: Option<PathBuf>,
    /// Enter with a bot's plan: a JSON file with take-profit, stop-loss, cooldown_minutes, time_limit_minutes and so on, over the built-in preset. A ladder comes before it
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
    /// Ignore entries with less confidence, from 0 to 1
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) confidence_min: Option<String>,
    /// A limit of the account: open_groups_max, exposure_max, order_quote_max, day_loss_max or leverage_max; none if left out
    #[arg(long = "limit", value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) limits: Vec<String>,
    /// Fee rate of each side, 0.001 (0.1 %) if left out; a ladder has its own
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) fee_rate: Option<String>,
    /// Step of order sizes, in base; 0.00000001 if left out; a ladder has its own
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) quantity_step: Option<String>,
    /// Tick of prices; for a strategy's ladder 0.00000001 if left out; a ladder has its own
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) price_tick: Option<String>,
    /// Min. value of an order, in quote; 0 if left out; a ladder has its own
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) notional_min: Option<String>,
    /// Min. size of an order, in base; a ladder has its own, and its own next four
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) quantity_min: Option<String>,
    /// Max. size of a limit order, in base
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) quantity_max: Option<String>,
    /// Max. size of a market order, in base
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) market_quantity_max: Option<String>,
    /// Max. value of a limit order, in quote
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) notional_max: Option<String>,
    /// Max. resting orders
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) orders_max: Option<String>,
    /// Trade contracts with this leverage, a whole number from 1, in place of spot. Needs a ladder or a plan, which may be short
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) leverage: Option<String>,
    /// Funding rate of contracts, every eight hours; negative if shorts pay
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) funding_rate: Option<String>,
    /// Recorded funding rates: a CSV file with time_ms and rate
    #[arg(long, value_name = "FILE", conflicts_with = "funding_rate")]
    pub(crate) funding: Option<PathBuf>,
    /// Slippage of market orders, in basis points
    #[arg(long, default_value = "0", allow_hyphen_values = true)]
    pub(crate) slippage_bps: String,
    /// Delay of an order in bars, beyond the next open
    #[arg(long, default_value = "0", allow_hyphen_values = true)]
    pub(crate) latency: String,
    /// Seed of random draws: the same seed draws the same
    #[arg(long, default_value = "1", allow_hyphen_values = true)]
    pub(crate) seed: String,
}

#[derive(Debug, Args)]
pub(crate) struct Backtest {
    #[command(flatten)]
    pub(crate) played: Played,
    /// Explain the rules of --rules in words, without a backtest
    #[arg(long)]
    pub(crate) explain: bool,
    /// Write a chart of the equity to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Number of Monte Carlo draws of trades and months, compared to the goals below; 10000 if only a goal is named
    #[arg(long, value_name = "COUNT", allow_hyphen_values = true)]
    pub(crate) draws: Option<String>,
    /// Goal: return of a month in percent, 10 if left out
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) monthly_percent: Option<String>,
    /// Goal: quote per month, 4000 if left out
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) monthly_income: Option<String>,
    /// Goal: quote at the end, 1000000 if left out
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) portfolio: Option<String>,
}

/// Examples, and the strategies as they are.
pub(crate) fn help() -> String {
    format!("{EXAMPLES}\n\n{}", strategies())
}

pub(super) fn strategies() -> String {
    let parameter = |parameter: &strategies::Parameter| {
        let (name, kind, default) = (parameter.name, parameter.kind, parameter.kind.default());
        format!("    {name:<18} {kind}; default {default}. {}\n", parameter.doc)
    };
    let one = |strategy: &strategies::Definition| {
        let parameters: String = strategy.parameters.iter().map(parameter).collect();
        format!("  {}\n    {}\n{parameters}", strategy.offline_name, strategy.description())
    };
    let all: String = strategies::all().iter().map(one).collect();
    format!("Strategies and their parameters:\n{all}\n{RULES}")
}

const EXAMPLES: &str = "\
Examples:
  moniqo backtest --candles btcusd_1h.csv --strategy rsi_cross --param period=14 --param oversold=30
  moniqo backtest --candles btcusd_1h.csv --strategy ema_cross -o json | jq .stats
  moniqo backtest --candles btcusd_1h.csv --strategy ema_cross --svg equity.svg
  moniqo backtest --candles btcusd_1h.csv --strategy rsi_cross --slippage-bps 5 --latency 1
  moniqo backtest --candles btcusd_1h.csv --strategy rsi_cross --ladder ladder.json
  moniqo backtest --candles btcusd_1h.csv --strategy dca_ladder --param deviation=1.5 --param safety_orders=4 --price-tick 0.01
  moniqo backtest --candles btcusd_1h.csv --strategy rsi_cross --plan bot.json --confidence-min 0.6 --limit day_loss_max=50
  moniqo backtest --candles btcusd_1h.csv --rules short.json --ladder short_ladder.json --leverage 3 --funding-rate 0.0001
  moniqo backtest --candles btcusd_1h.csv --strategy rsi_cross --monthly-percent 5
  moniqo backtest --candles btcusd_1h.csv --rules rules.json --param entry.all[0].left.period=21
  moniqo backtest --rules rules.json --explain";

const RULES: &str = "\
A signal at the close of a bar fills at the open of the next one, with all cash or as a ladder. Shorts are ladders of
contracts. docs/backtests.md lists what is modelled and what is not. No network is needed.";
