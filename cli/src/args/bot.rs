//! Bots, and what was traded.

use super::id::{bot, word};
use super::list::{Looks, Whose};
use super::logs::Span;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Bots {
    /// List what you keep
    #[command(after_help = "Example:\n  moniqo bots list")]
    List(Whose),
    /// Show one: what it trades, by what, and how its newest run goes
    #[command(after_help = "Examples:\n  moniqo bots show bot_…\n  moniqo bots show bot_… --watch")]
    Show {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        #[command(flatten)]
        whose: Whose,
        /// Show it again and again, until Ctrl-C
        #[arg(long)]
        watch: bool,
    },
    /// Keep a new one; it trades nothing before it is started
    #[command(after_help = MAKE)]
    Make {
        /// What it is to be, as JSON; standard input where nothing or `-` is said
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Change one, for its next run: members that are left out stay
    #[command(after_help = "Example:\n  echo '{\"parameters\": {\"period\": 21}}' | moniqo bots change bot_…")]
    Change {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        /// What is to be changed, as JSON; standard input where nothing or `-` is said
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Start one: it decides on each candle that closes from now on
    #[command(
        after_help = "Example:\n  moniqo bots start bot_…\n\nOne that closes only enters again. What trades real money is started by a person: moniqo login."
    )]
    Start {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
    },
    /// Stop one; what it has opened stays, with its take-profit and stop
    #[command(
        after_help = "Examples:\n  moniqo bots stop bot_…\n  moniqo bots stop bot_… --close-only --reason \"news at two\"\n\nA ladder without a stop has no way out below but its signals: let it close first."
    )]
    Stop {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        /// Its entries alone: it goes on saying when to leave
        #[arg(long)]
        close_only: bool,
        /// Why, for the audit
        #[arg(long)]
        reason: Option<String>,
    },
    /// List its runs, newest first
    #[command(after_help = "Example:\n  moniqo bots runs bot_…")]
    Runs {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        #[command(flatten)]
        looks: Looks,
    },
    /// What its newest run has done, or another one
    #[command(after_help = "Examples:\n  moniqo bots log bot_… --watch\n  moniqo bots log bot_… --run run_…")]
    Log {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        /// A run of it, `run_…`
        #[arg(long, value_parser = word)]
        run: Option<String>,
        #[command(flatten)]
        looks: Looks,
    },
    /// Take one away that does not run; what it has traded stays on record
    #[command(after_help = "Example:\n  moniqo bots rm bot_…")]
    Rm {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Trades {
    #[command(flatten)]
    pub(crate) of: Traded,
    /// `open` or `closed` ones alone
    #[arg(long)]
    pub(crate) status: Option<String>,
    /// Print all of them as a sheet
    #[arg(long, conflicts_with_all = ["watch", "limit", "cursor"])]
    pub(crate) csv: bool,
    #[command(flatten)]
    pub(crate) looks: Looks,
}

#[derive(Debug, Args)]
pub(crate) struct Profit {
    #[command(flatten)]
    pub(crate) of: Traded,
    #[command(flatten)]
    pub(crate) whose: Whose,
}

/// Which trades are meant.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Traded {
    /// Of this bot, `bot_…`
    #[arg(long, value_parser = bot)]
    pub(crate) bot: Option<String>,
    /// Of this account, `acc_…`
    #[arg(long, value_parser = word)]
    pub(crate) account: Option<String>,
    /// Of this market, such as BTC/USDT
    #[arg(long)]
    pub(crate) symbol: Option<String>,
    #[command(flatten)]
    pub(crate) span: Span,
}

const MAKE: &str = "\
Example:
  moniqo bots make --file bot.json

bot.json:
  {\"name\": \"btc-hourly\", \"account\": \"acc_…\", \"symbol\": \"BTC/USDT\", \"timeframe\": \"1h\",
   \"strategy\": \"RSI_CROSS\", \"parameters\": {\"period\": 14},
   \"plan\": {\"base_order\": {\"quote\": \"50\"}, \"stop_loss_percent\": \"5\"}}

`moniqo accounts list` has your accounts, `moniqo strategies` what there is to trade by, and `moniqo backtest --plan` plays a plan before.";

pub(super) const TRADES: &str = "\
Examples:
  moniqo trades --status open --watch
  moniqo trades --bot bot_… --since 2026-01-01T00:00:00Z
  moniqo trades --csv > trades.csv";

pub(super) const PROFIT: &str = "\
Examples:
  moniqo pnl
  moniqo pnl --bot bot_… --since 2026-01-01T00:00:00Z

What was closed in the last thirty days where no time is said, and what is open now at the last prices that were seen. Nothing is
converted, and no play money is added to real money.";
