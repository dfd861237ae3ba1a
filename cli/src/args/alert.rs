//! Alerts: sent, or as text for TradingView.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Signal {
    /// Post an alert to the webhook
    #[command(after_help = "Examples:
  moniqo signal send --exchange PAPER --symbol BTC/USDT --side long --type entry
  moniqo signal send --exchange PAPER --symbol BTC/USDT --type exit
  moniqo signal send --file alert.json
  echo '{…}' | moniqo signal send --file -

An alert made of options carries its own time, so that each one is a new alert.
With --id it is the same alert however often it is sent.")]
    Send(Box<Send>),
    /// Print the message text to paste into a TradingView alert
    #[command(after_help = "Examples:
  moniqo signal text                              for a strategy's alert
  moniqo signal text --indicator                  for an indicator's entry
  moniqo signal text --indicator --exit           for an indicator's exit
  moniqo signal text --exchange PAPER             trade on paper whatever the chart's exchange is")]
    Text(Text),
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    /// Send this file's text as it is; `-` is standard input
    #[arg(long, conflicts_with_all = ["exchange", "symbol", "side", "kind", "id", "timeframe", "price", "account", "max_lag_seconds"])]
    pub(crate) file: Option<PathBuf>,
    /// The account's exchange, such as PAPER
    #[arg(long, required_unless_present = "file")]
    pub(crate) exchange: Option<String>,
    /// The market, such as BTC/USDT
    #[arg(long, required_unless_present = "file")]
    pub(crate) symbol: Option<String>,
    #[arg(long = "type", value_enum, required_unless_present = "file")]
    pub(crate) kind: Option<Kind>,
    /// Needed for an entry
    #[arg(long, value_enum, required_if_eq("kind", "entry"))]
    pub(crate) side: Option<Side>,
    /// Your own id: repeats of it are the same alert
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// TradingView's interval, such as 15 or 1D
    #[arg(long)]
    pub(crate) timeframe: Option<String>,
    /// The price that you see
    #[arg(long)]
    pub(crate) price: Option<String>,
    /// Label of the account that is meant
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// After how many seconds the alert is stale
    #[arg(long)]
    pub(crate) max_lag_seconds: Option<u32>,
    /// Print the alert and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Entry,
    Exit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    Long,
    Short,
}

#[derive(Debug, Args)]
pub(crate) struct Text {
    /// For the alert of a strategy, which says itself when it is in and out (the default)
    #[arg(long, conflicts_with_all = ["indicator", "exit"])]
    pub(crate) strategy: bool,
    /// For the alert of an indicator
    #[arg(long)]
    pub(crate) indicator: bool,
    /// The second alert of an indicator, which closes
    #[arg(long, requires = "indicator")]
    pub(crate) exit: bool,
    /// Trade on this exchange, whatever the chart's is
    #[arg(long)]
    pub(crate) exchange: Option<String>,
}
