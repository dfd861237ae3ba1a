//! Alerts: sent, or as text for TradingView.

use super::id::preset;
use super::list::{Look, One, Page, words};
use clap::{Args, Subcommand, ValueEnum};
use domain::delivery::VerdictKind;
use rust_decimal::Decimal;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, mut_args(|arg| arg.hide(true)))]
pub(crate) struct Alerts {
    #[command(subcommand)]
    pub(crate) act: Option<AlertAct>,
    #[command(flatten)]
    look: Look,
}

impl Alerts {
    /// The list or the alert to show.
    pub(crate) fn look(&self) -> Option<Look> {
        match &self.act {
            None => Some(self.look.clone()),
            Some(AlertAct::List { status, page }) => Some(page.clone().with(status.clone())),
            Some(AlertAct::Show(one)) => Some(one.clone().into()),
            Some(AlertAct::Send(_) | AlertAct::Template(_)) => None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum AlertAct {
    /// List received alerts with their verdicts, newest first
    #[command(
        after_help = "Examples:\n  moniqo alerts list --watch\n  moniqo alerts list --status rejected --since 2026-01-31\n  moniqo alerts list --user usr_…"
    )]
    List {
        /// Only with this verdict
        #[arg(long, value_parser = words::<VerdictKind>())]
        status: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// Show an alert: what arrived, and what became of it
    #[command(after_help = "Example:\n  moniqo alerts show dlv_…")]
    Show(One),
    /// Send an alert to the webhook
    #[command(after_help = SEND)]
    Send(Box<Send>),
    /// Print the message text to paste into a TradingView alert
    #[command(
        alias = "text",
        after_help = "Examples:
  moniqo alerts template                              for a strategy's alert
  moniqo alerts template --indicator                  for an indicator's entry
  moniqo alerts template --indicator --exit           for an indicator's exit
  moniqo alerts template --exchange PAPER             trade on paper on every chart
  moniqo alerts template --preset btc-grid            trade with that preset: moniqo presets list

An exit names no preset: it closes the open position. Add other members to the text by hand."
    )]
    Template(Text),
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    /// Send the text of this file unchanged; `-` is standard input
    #[arg(long, conflicts_with_all = ["exchange", "symbol", "side", "kind", "position", "was", "id", "timeframe", "price",
                                      "account", "preset", "max_lag_seconds"])]
    pub(crate) file: Option<PathBuf>,
    /// The account's exchange, such as PAPER
    #[arg(long, required_unless_present = "file")]
    pub(crate) exchange: Option<String>,
    /// The market, such as BTC/USDT
    #[arg(long, required_unless_present = "file")]
    pub(crate) symbol: Option<String>,
    /// Whether the alert opens or closes a position
    #[arg(long = "type", value_enum, required_unless_present_any = ["file", "position"])]
    pub(crate) kind: Option<Kind>,
    /// Needed for an entry and for sizes
    #[arg(long, value_enum, required_if_eq("kind", "entry"))]
    pub(crate) side: Option<Side>,
    /// The size of the strategy's position after its order, in place of --type; 0 if it is flat
    #[arg(long, value_name = "SIZE", value_parser = size, requires_all = ["was", "side"], conflicts_with = "kind")]
    pub(crate) position: Option<Decimal>,
    /// The size of the strategy's position before its order
    #[arg(long, value_name = "SIZE", value_parser = size, requires = "position", conflicts_with = "kind")]
    pub(crate) was: Option<Decimal>,
    /// Your own id of the alert: a second alert with the same id is a duplicate
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// TradingView's interval, such as 15 or 1D
    #[arg(long)]
    pub(crate) timeframe: Option<String>,
    /// The current price
    #[arg(long)]
    pub(crate) price: Option<String>,
    /// Label of the account
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// The preset to trade with; `default` if left out
    #[arg(long, value_name = "NAME", value_parser = preset)]
    pub(crate) preset: Option<String>,
    /// Age at which the alert is stale, in seconds
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
    /// For the alert of a strategy, which reports entries and exits itself (the default)
    #[arg(long, conflicts_with_all = ["indicator", "exit"])]
    pub(crate) strategy: bool,
    /// For the alert of an indicator
    #[arg(long)]
    pub(crate) indicator: bool,
    /// For the second alert of an indicator, which closes the position
    #[arg(long, requires = "indicator")]
    pub(crate) exit: bool,
    /// Trade on this exchange rather than the chart's
    #[arg(long)]
    pub(crate) exchange: Option<String>,
    /// The preset to trade with
    #[arg(long, value_name = "NAME", value_parser = preset, conflicts_with = "exit")]
    pub(crate) preset: Option<String>,
}

/// How much a strategy holds.
fn size(text: &str) -> Result<Decimal, &'static str> {
    let size = text.parse().ok().filter(|size: &Decimal| !size.is_sign_negative());
    size.map(|size| size.normalize()).ok_or("must be a size such as 0.5, from 0")
}

const SEND: &str = "\
Examples:
  moniqo alerts send --exchange PAPER --symbol BTC/USDT --side long --type entry
  moniqo alerts send --exchange PAPER --symbol BTC/USDT --side long --type entry --preset btc-grid
  moniqo alerts send --exchange PAPER --symbol BTC/USDT --side long --position 0.6 --was 1
  moniqo alerts send --exchange PAPER --symbol BTC/USDT --type exit
  moniqo alerts send --file alert.json
  echo '{…}' | moniqo alerts send --file -

--position and --was are the sizes of the strategy's position after and before its order. Here it has sold 40 %, so 40 % of
the open position is sold, whatever size that has: the alert says partial_exit. From 0 it is an entry, to 0 an exit.

An alert made of options has the current time, so each one is a new alert. With --id it is the same alert each time.
Alerts with their own size, ladder or exits need --file or a preset.";
