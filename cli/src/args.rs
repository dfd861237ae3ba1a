//! What can be typed, with the help that teaches it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const TARGET: &str = "\
Where it goes:
  MONIQO_API_URL, MONIQO_TOKEN                   the API and its bearer token
  MONIQO_WEBHOOK_URL, MONIQO_WEBHOOK_TOKEN       where alerts are posted
  What is not set is read from .moniqo/dev/stack.json, which `cargo xtask up` writes,
  in this folder or one above it.

Exit codes: 0 done, 1 the server said no or could not be reached, 2 the input cannot be used.";

/// Alerts in, positions out: the command line of Moniqo.
#[derive(Debug, Parser)]
#[command(name = "moniqo", version, after_help = TARGET, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// Print the API's JSON as it is, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Send an alert, or print the text to paste into TradingView
    #[command(subcommand)]
    Signal(Signal),
    /// List position groups, or show one with its orders and fills
    #[command(
        after_help = "Examples:\n  moniqo positions\n  moniqo positions grp_… --watch\n  moniqo positions --json | jq '.items[0].id'"
    )]
    Positions(Look),
    /// List the alerts that arrived, each with its verdict
    #[command(after_help = "Examples:\n  moniqo deliveries --watch\n  moniqo deliveries --limit 5")]
    Deliveries(List),
    /// List orders, or show one with its fills
    #[command(after_help = "Examples:\n  moniqo orders\n  moniqo orders ord_…")]
    Orders(Look),
    /// Show accounts: halted or not, balances, reservations, limits
    Accounts,
    /// Stop entries: none starts any more, resting ones are cancelled; take-profits and stops stay
    #[command(
        after_help = "Examples:\n  moniqo halt --reason \"news at two\"\n  moniqo halt --reason \"odd fills\" --account default"
    )]
    Halt(Stop),
    /// Allow entries again
    #[command(
        after_help = "Examples:\n  moniqo resume --reason \"news is out\" --dry-run\n  moniqo resume --reason \"news is out\""
    )]
    Resume(Resume),
    /// Close a position group: cancel its orders and sell what it holds at the market
    #[command(after_help = "Example:\n  moniqo close grp_…")]
    Close {
        /// A position group, `grp_…`
        #[arg(value_parser = group)]
        id: String,
    },
    /// Cancel an entry order, or all pending entries of a position group
    #[command(after_help = "Examples:\n  moniqo cancel ord_…\n  moniqo cancel grp_…")]
    Cancel {
        /// An order `ord_…`, or a position group `grp_…`
        #[arg(value_parser = order_or_group)]
        id: String,
    },
}

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

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Show it again and again, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
    /// How many, newest first; at most 200
    #[arg(long)]
    pub(crate) limit: Option<u32>,
    /// Where the page before has ended
    #[arg(long)]
    pub(crate) cursor: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Look {
    /// Only this one, with all that belongs to it
    #[arg(conflicts_with_all = ["limit", "cursor"], value_parser = word)]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) list: List,
}

#[derive(Debug, Args)]
pub(crate) struct Stop {
    /// Why, for the audit
    #[arg(long)]
    pub(crate) reason: String,
    /// Id or label of one account; all of yours where it is left out
    #[arg(long)]
    pub(crate) account: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    #[command(flatten)]
    pub(crate) stop: Stop,
    /// Only show what would start
    #[arg(long)]
    pub(crate) dry_run: bool,
}

fn group(text: &str) -> Result<String, &'static str> {
    if text.starts_with("grp_") { word(text) } else { Err("must be a position group, grp_…") }
}

fn order_or_group(text: &str) -> Result<String, &'static str> {
    let fits = text.starts_with("ord_") || text.starts_with("grp_");
    if fits { word(text) } else { Err("must be an order, ord_…, or a position group, grp_…") }
}

/// An id goes into a path: nothing that means something there.
fn word(text: &str) -> Result<String, &'static str> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if plain { Ok(text.to_owned()) } else { Err("must be an id: letters, digits and _") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_belongs_together_is_asked_for_together() {
        let check = |line: &str, fits: bool| {
            let parsed = Cli::try_parse_from(line.split(' '));
            assert_eq!(parsed.is_ok(), fits, "{line}");
        };
        check("moniqo signal send --file alert.json", true);
        check("moniqo signal send --exchange PAPER --symbol BTC/USDT --type exit", true);
        check("moniqo signal send --exchange PAPER --symbol BTC/USDT --type entry", false);
        check("moniqo signal send --exchange PAPER --symbol BTC/USDT --type entry --side long", true);
        check("moniqo signal send --file alert.json --side long", false);
        check("moniqo signal text --strategy --exit", false);
        check("moniqo halt", false);
        check("moniqo close ord_1", false);
        check("moniqo close grp_1/../../halt", false);
        check("moniqo positions grp_1 --watch --json", true);
    }
}
