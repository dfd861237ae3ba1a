//! What is held and worth, every fill, trades that are over, and how they have gone.

use super::list::{LIMIT, words};
use super::{Looks, Traded, Whose};
use clap::{Args, Subcommand};
use wire::view::{CostMethod, PerformanceBy, PerformancePeriod, TradeSource};

pub(super) const PORTFOLIO: &str = "\
Examples:
  moniqo portfolio
  moniqo portfolio --currency EUR
  moniqo portfolio positions --cost fifo
  moniqo portfolio equity --since 2026-11-01

Sums use the prices of the last pass and of stored candles; no exchange is queried. Paper and live are never added up.";

pub(super) const TRANSACTIONS: &str = "\
Examples:
  moniqo transactions --symbol BTC/USDT
  moniqo transactions --csv --since 2026-01-01 > fills.csv

Each fill is a row. Funding, deposits and withdrawals are not among them.";

pub(super) const PERFORMANCE: &str = "\
Examples:
  moniqo performance
  moniqo performance --by symbol --mode live
  moniqo performance --by tag --since 2026-01-01 --until 2026-06-30

Counts trades that were closed in the time, of thirty days if you name none. Currencies and modes are never added up.";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct PortfolioLook {
    #[command(subcommand)]
    pub(crate) act: Option<PortfolioAct>,
    /// Currency of the sums; left out, the one of your settings, or USDT
    #[arg(long)]
    pub(crate) currency: Option<String>,
    #[command(flatten)]
    pub(crate) whose: Whose,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PortfolioAct {
    /// List what each account holds of each market
    #[command(after_help = "Example:\n  moniqo portfolio positions --cost fifo")]
    Positions {
        /// By what the cost is counted; `average` if left out
        #[arg(long, value_parser = words::<CostMethod>())]
        cost: Option<String>,
        #[command(flatten)]
        whose: Whose,
    },
    /// Show what your accounts were worth over time
    #[command(after_help = "Example:\n  moniqo portfolio equity --since 2026-11-01")]
    Equity {
        #[command(flatten)]
        span: super::LogSpan,
        #[command(flatten)]
        whose: Whose,
    },
}

#[derive(Debug, Args)]
#[command(mut_arg("limit", |arg| arg.help(LIMIT)))]
pub(crate) struct Transactions {
    #[command(flatten)]
    pub(crate) of: Traded,
    /// Print all of them as CSV, with all columns of the API
    #[arg(long, conflicts_with_all = ["watch", "limit", "cursor"])]
    pub(crate) csv: bool,
    #[command(flatten)]
    pub(crate) looks: Looks,
}

#[derive(Debug, Args)]
#[command(mut_arg("limit", |arg| arg.help(LIMIT)))]
pub(crate) struct ClosedTrades {
    #[command(flatten)]
    pub(crate) of: Traded,
    #[command(flatten)]
    pub(crate) sorted: Sorted,
    /// Print all of them as CSV, with all columns of the API
    #[arg(long, conflicts_with_all = ["watch", "limit", "cursor"])]
    pub(crate) csv: bool,
    #[command(flatten)]
    pub(crate) looks: Looks,
}

/// By what opened them, and by what their user sorts them.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Sorted {
    /// Only those that were opened by this
    #[arg(long, value_parser = words::<TradeSource>())]
    pub(crate) source: Option<String>,
    /// Only those with this tag
    #[arg(long)]
    pub(crate) tag: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Performance {
    /// By what they are put together; `period` if left out
    #[arg(long, value_parser = words::<PerformanceBy>())]
    pub(crate) by: Option<String>,
    /// How long a period is; `month` if left out
    #[arg(long, value_parser = words::<PerformancePeriod>())]
    pub(crate) period: Option<String>,
    #[command(flatten)]
    pub(crate) of: Traded,
    #[command(flatten)]
    pub(crate) sorted: Sorted,
    #[command(flatten)]
    pub(crate) whose: Whose,
}

/// A trade that was made elsewhere.
#[derive(Debug, Args)]
pub(crate) struct AddTrade {
    /// Where it was made, such as KRAKEN
    #[arg(long)]
    pub(crate) exchange: String,
    /// The market, such as BTC/EUR
    #[arg(long)]
    pub(crate) symbol: String,
    /// Which way it gained
    #[arg(long, value_parser = ["long", "short"])]
    pub(crate) side: String,
    /// Size in base units
    #[arg(long)]
    pub(crate) quantity: String,
    /// Mean price of the entry, in quote
    #[arg(long, value_name = "PRICE")]
    pub(crate) entry_price: String,
    /// Mean price of the exit, in quote
    #[arg(long, value_name = "PRICE")]
    pub(crate) exit_price: String,
    /// All fees together, in quote
    #[arg(long)]
    pub(crate) fees: Option<String>,
    /// When it was opened, such as 2026-11-02T08:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) opened_at: String,
    /// When it was closed
    #[arg(long, value_name = "TIME")]
    pub(crate) closed_at: String,
    /// Whether it was made with money; `live` if left out
    #[arg(long, value_parser = words::<domain::vault::Mode>())]
    pub(crate) mode: Option<String>,
    #[command(flatten)]
    pub(crate) kept: Kept,
}

/// What is kept beside a trade.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Kept {
    /// What you want to remember of it
    #[arg(long, value_name = "TEXT")]
    pub(crate) notes: Option<String>,
    /// A word that you sort it by; may be repeated
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
}
