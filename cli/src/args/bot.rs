//! Bots, and what was traded.

use super::id::{bot, word};
use super::list::{LIMIT, Looks, Traded, Whose};
use super::{AddTrade, ClosedTrades, Kept};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum Bots {
    /// List bots
    #[command(after_help = "Example:\n  moniqo bots list")]
    List(Whose),
    /// Show a bot and its latest run
    #[command(after_help = "Examples:\n  moniqo bots show bot_…\n  moniqo bots show bot_… --watch")]
    Show {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        #[command(flatten)]
        whose: Whose,
        /// Refresh it until Ctrl-C
        #[arg(long)]
        watch: bool,
    },
    /// Create a bot; it does not trade before it is started
    #[command(alias = "make", after_help = MAKE)]
    Create {
        /// The bot as JSON; standard input if left out or `-`
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Change a bot, from its next run on; members that you leave out stay
    #[command(
        alias = "change",
        after_help = "Example:\n  echo '{\"parameters\": {\"period\": 21}}' | moniqo bots edit bot_…"
    )]
    Edit {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        /// The changes as JSON; standard input if left out or `-`
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Start a bot: it evaluates each candle that closes from now on
    #[command(
        after_help = "Example:\n  moniqo bots start bot_…\n\nA close-only bot opens positions again. To start a bot that trades real money, log in: moniqo login."
    )]
    Start {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
    },
    /// Stop a bot; its open positions stay, with take-profit and stop
    #[command(
        after_help = "Examples:\n  moniqo bots stop bot_…\n  moniqo bots stop bot_… --close-only --reason \"news at two\"\n\nA ladder without a stop-loss depends on the bot's exit signals: let it close first."
    )]
    Stop {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        /// Stop entries only; exit signals continue
        #[arg(long)]
        close_only: bool,
        /// The reason, for the audit log
        #[arg(long)]
        reason: Option<String>,
    },
    /// List the runs of a bot, newest first
    #[command(after_help = "Example:\n  moniqo bots runs bot_…")]
    Runs {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        #[command(flatten)]
        looks: Looks,
    },
    /// Show the log of the latest run of a bot, or of another run
    #[command(after_help = "Examples:\n  moniqo bots log bot_… --watch\n  moniqo bots log bot_… --run run_…")]
    Log {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
        /// A run, `run_…`; the latest one if left out
        #[arg(long, value_parser = word)]
        run: Option<String>,
        #[command(flatten)]
        looks: Looks,
    },
    /// Delete a stopped bot; its trade history stays
    #[command(alias = "rm", after_help = "Example:\n  moniqo bots delete bot_…")]
    Delete {
        /// A bot, `bot_…`
        #[arg(value_parser = bot)]
        id: String,
    },
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Trades {
    #[command(subcommand)]
    pub(crate) act: Option<TradeAct>,
    #[command(flatten)]
    list: TradeList,
}

impl Trades {
    /// None if something else is asked for.
    pub(crate) fn list(&self) -> Option<&TradeList> {
        match &self.act {
            Some(TradeAct::List(list)) => Some(list),
            None => Some(&self.list),
            Some(_) => None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum TradeAct {
    /// List trades; so does `moniqo trades`
    #[command(after_help = "Example:\n  moniqo trades list --status open")]
    List(TradeList),
    /// List trades that are over, with notes and tags, and those made elsewhere
    #[command(
        after_help = "Examples:\n  moniqo trades closed --tag breakout\n  moniqo trades closed --source manual --csv"
    )]
    Closed(Box<ClosedTrades>),
    /// Add a trade that was made elsewhere; it changes no position
    #[command(after_help = ADD)]
    Add(Box<AddTrade>),
    /// Keep notes and tags of a trade that is over
    #[command(
        after_help = "Examples:\n  moniqo trades note grp_… --notes \"sold too early\" --tag breakout --tag news\n  moniqo trades note grp_… --no-tags"
    )]
    Note {
        /// A closed position, `grp_…`, or a trade that was made elsewhere, `trd_…`
        id: String,
        #[command(flatten)]
        kept: Kept,
        /// Take all tags off
        #[arg(long, conflicts_with = "tags")]
        no_tags: bool,
    },
    /// Delete a trade that was made elsewhere
    #[command(after_help = "Example:\n  moniqo trades delete trd_…")]
    Delete {
        /// The trade, `trd_…`
        id: String,
    },
}

const ADD: &str = "\
Example:
  moniqo trades add --exchange KRAKEN --symbol BTC/EUR --side long --quantity 0.1 --entry-price 40000 --exit-price 41000 --fees 8.1 --opened-at 2026-11-02T08:00:00Z --closed-at 2026-11-03T09:30:00Z --tag breakout";

#[derive(Debug, Args)]
#[command(mut_arg("limit", |arg| arg.help(LIMIT)))]
pub(crate) struct TradeList {
    #[command(flatten)]
    pub(crate) of: Traded,
    /// Only with this status
    #[arg(long, value_parser = ["open", "closed"])]
    pub(crate) status: Option<String>,
    /// Print all trades as CSV, with all columns of the API
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

const MAKE: &str = "\
Example:
  moniqo bots create --file bot.json

bot.json:
  {\"name\": \"btc-hourly\", \"account\": \"acc_…\", \"symbol\": \"BTC/USDT\", \"timeframe\": \"1h\",
   \"strategy\": \"RSI_CROSS\", \"parameters\": {\"period\": 14},
   \"plan\": {\"base_order\": {\"quote\": \"50\"}, \"stop_loss_percent\": \"5\"}}

See also `moniqo accounts list` and `moniqo strategies`. `moniqo backtest --plan` tests a plan first.";

pub(super) const TRADES: &str = "\
Examples:
  moniqo trades --status open --watch
  moniqo trades --bot bot_… --since 2026-01-01T00:00:00Z
  moniqo trades --csv > trades.csv";

pub(super) const PROFIT: &str = "\
Examples:
  moniqo pnl
  moniqo pnl --bot bot_… --since 2026-01-01T00:00:00Z

Trades closed in the last thirty days if no time is named, and open ones at the last known prices. Currencies are not
converted, and paper and real money are not added up.";
