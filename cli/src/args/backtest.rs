//! What is to be played to a strategy.

use clap::Args;
use std::path::PathBuf;

/// What is played, and on which terms. Numbers are read where they are used: what is wrong with one is told in a line.
#[derive(Debug, Args)]
pub(crate) struct Played {
    /// Candles as CSV with time_ms, open, high, low, close and volume; standard input where it is `-`
    #[arg(long, value_name = "FILE")]
    pub(crate) candles: Option<PathBuf>,
    /// What decides: see below
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) strategy: Option<String>,
    /// Decide by rules that somebody has written, conditions over indicators as JSON: see docs/strategies.md
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// One of the strategy's parameters, what is not said has its default; of rules, the path of a number or a word in them
    #[arg(long = "param", value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) parameters: Vec<String>,
    /// Quote units to begin with
    #[arg(long, default_value = "10000", allow_hyphen_values = true)]
    pub(crate) cash: String,
    /// Enter with a ladder: a plan as `moniqo ladder plan` takes it, with take-profit, stop, fee and the market's steps; it stands in
    /// the place of the one that a strategy brings
    #[arg(long, value_name = "FILE")]
    pub(crate) ladder: Option<PathBuf>,
    /// Enter as a bot with this plan does: a JSON file with what a bot's plan says (take-profit, stop, cooldown_minutes,
    /// time_limit_minutes and so on), over the built-in preset; beside a ladder, what it does not say
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
    /// Follow no entry that is less sure, from 0 to 1
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) confidence_min: Option<String>,
    /// One of the account's limits: open_groups_max, exposure_max, order_quote_max, day_loss_max or leverage_max; what is not said limits
    /// nothing
    #[arg(long = "limit", value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) limits: Vec<String>,
    /// Fee of each side as a share of what is traded, 0.001 (0.1 %) where nothing is said; a ladder says its own
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) fee_rate: Option<String>,
    /// Sizes are multiples of it, in base units, 0.00000001 where nothing is said; a ladder says its own
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) quantity_step: Option<String>,
    /// Prices at the market are multiples of it, and those of the ladder that a strategy brings, of which it is 0.00000001 where nothing
    /// is said; a ladder says its own
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) price_tick: Option<String>,
    /// Quote units that what is bought is worth at least, 0 where nothing is said; a ladder says its own
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) notional_min: Option<String>,
    /// Base units of an order, at least; a ladder says its own, as it does the next four
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) quantity_min: Option<String>,
    /// Base units of an order with a limit, at most
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) quantity_max: Option<String>,
    /// Base units of an order at the market, at most
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) market_quantity_max: Option<String>,
    /// Quote units of an order with a limit, at most
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) notional_max: Option<String>,
    /// Orders that may rest at once
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) orders_max: Option<String>,
    /// Trade contracts with this leverage instead of coins, a whole number from 1: by a ladder or a plan, which may then be
    /// short
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) leverage: Option<String>,
    /// What is paid for contracts that are held, every eight hours and as a share of their worth; below 0 where shorts pay
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) funding_rate: Option<String>,
    /// The same as it was: a CSV file with time_ms and rate
    #[arg(long, value_name = "FILE", conflicts_with = "funding_rate")]
    pub(crate) funding: Option<PathBuf>,
    /// How much worse than the price what is traded at the market is, in hundredths of a percent
    #[arg(long, default_value = "0", allow_hyphen_values = true)]
    pub(crate) slippage_bps: String,
    /// Bars that an order needs on its way, beyond the next open
    #[arg(long, default_value = "0", allow_hyphen_values = true)]
    pub(crate) latency: String,
    /// Where draws begin: the same seed draws the same
    #[arg(long, default_value = "1", allow_hyphen_values = true)]
    pub(crate) seed: String,
}

#[derive(Debug, Args)]
pub(crate) struct Backtest {
    #[command(flatten)]
    pub(crate) played: Played,
    /// Say what the rules of --rules mean, in words, and play nothing
    #[arg(long)]
    pub(crate) explain: bool,
    /// Draw the equity into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Draw trades and months anew so often, for how much was luck, and hold the run against the goals below; 10000 where only a goal is named
    #[arg(long, value_name = "COUNT", allow_hyphen_values = true)]
    pub(crate) draws: Option<String>,
    /// Goal: return of a month, 10 where nothing is said
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) monthly_percent: Option<String>,
    /// Goal: quote units by the month, 4000 where nothing is said
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) monthly_income: Option<String>,
    /// Goal: quote units in the end, 1000000 where nothing is said
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
        format!("    {name:<18} {kind}; {default} where nothing is said. {}\n", parameter.doc)
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
A signal at a bar's close fills at the next bar's open, with all cash or as a ladder; shorts are ladders of contracts. What else is modelled, and what
is not, is told in docs/backtests.md. Nothing is asked over the network.";
