//! What can be typed, with the help that teaches it.

use clap::{Args, Parser, Subcommand, ValueEnum};
use rust_decimal::Decimal;
use std::path::PathBuf;

const TARGET: &str = "\
Where it goes:
  MONIQO_API_URL, MONIQO_TOKEN                   the API and its bearer token
  MONIQO_WEBHOOK_URL, MONIQO_WEBHOOK_TOKEN       where alerts are posted
  What is not set is read from .moniqo/dev/stack.json, which `cargo xtask up` writes,
  in this folder or one above it.

Exit codes: 0 done, 1 the server said no or could not be reached, 2 the input cannot be used.";

const COST: &str = "\
Examples:
  moniqo cost                                     an idle month, and what is promised
  moniqo cost --alerts-per-day 200 --duplicates-per-alert 0.1 --orders-per-alert 0.5
  moniqo cost --live-accounts 3 --hours-live 24 --region eu-central-1
  moniqo cost --json | jq '.total_usd_after_free'

Work is counted in calls and units by a test; how long functions wait for AWS is assumed (docs/cost.md says how long).
USD, without taxes. An order group that takes its profit has two orders: its entry and its exit.";

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
    /// List orders, show one with its fills, or say what became of one in doubt
    #[command(after_help = "Examples:\n  moniqo orders\n  moniqo orders ord_…\n  moniqo orders resolve --help")]
    Orders(Orders),
    /// What nobody could carry out: alerts without a decision, bells and messages that were lost or not understood
    #[command(subcommand)]
    Parked(Parked),
    /// Show accounts: halted or not, balances, reservations, limits
    Accounts,
    /// Say what a month costs, from counted work and public list prices; nothing is asked over the network
    #[command(after_help = COST)]
    Cost(Box<Cost>),
    /// Check region, address, clock, venues, orders in doubt, accounts; exit code 1 where something does not work
    #[command(after_help = "It asks the function that talks to venues to look around, and waits some seconds for it.")]
    Doctor,
    /// Come back after a restore: ask the venues what the table has forgotten, show it, and let it go on
    #[command(
        after_help = "Examples:\n  moniqo recover\n  moniqo recover --confirm --reason \"difference dealt with\"\n\nA table that was restored or copied is not acted upon before that: nothing is sent to any venue."
    )]
    Recover(Recover),
    /// Stop entries: none starts any more, resting ones are cancelled; take-profits and stops stay
    #[command(
        after_help = "Examples:\n  moniqo halt --reason \"news at two\"\n  moniqo halt --reason \"odd fills\" --account default\n  moniqo halt --system --reason \"bad release\""
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

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Orders {
    #[command(subcommand)]
    pub(crate) act: Option<OrderAct>,
    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrderAct {
    /// Say what became of an order in doubt, after looking at the venue yourself
    #[command(after_help = "Examples:
  moniqo orders resolve ord_… --not-placed --reason \"not in the venue's list\"
  moniqo orders resolve ord_… --filled 0.5 --price 100.2 --fee 0.05 --fee-asset USDT --reason \"seen there\"

Only for an order that is unknown for half a minute. docs/runbooks/order-unknown.md says when to use it.")]
    Resolve(Resolve),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Resolve {
    /// An order, `ord_…`
    #[arg(value_parser = order)]
    pub(crate) id: String,
    /// The venue never had it
    #[arg(long, required_unless_present = "filled", conflicts_with_all = ["filled", "price", "fee", "fee_asset"])]
    pub(crate) not_placed: bool,
    /// How much of it was filled, in all
    #[arg(long, value_name = "QTY", requires = "price")]
    pub(crate) filled: Option<String>,
    /// The average price of its fills
    #[arg(long, requires = "filled")]
    pub(crate) price: Option<String>,
    /// What the venue took; nothing where it is left out
    #[arg(long, requires = "fee_asset")]
    pub(crate) fee: Option<String>,
    #[arg(long, requires = "fee")]
    pub(crate) fee_asset: Option<String>,
    /// Why, for the audit
    #[arg(long)]
    pub(crate) reason: String,
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

#[derive(Debug, Subcommand)]
pub(crate) enum Parked {
    /// List what waits for you and what has ended, newest first
    #[command(
        after_help = "Examples:\n  moniqo parked list\n  moniqo parked list --deployment --json | jq '.items[].why'\n\nRows go after 90 days. The alarm `parked` lasts as long as any of them waits."
    )]
    List(ParkedList),
    /// Show one, with its message and what a retry would do
    #[command(after_help = "Example:\n  moniqo parked show prk_…")]
    Show {
        /// A parked message, `prk_…`
        #[arg(value_parser = parked)]
        id: String,
    },
    /// Carry it out again; the same again sends nothing
    #[command(
        after_help = "Example:\n  moniqo parked retry prk_…\n\nA bell rings its position group again. An alert is decided anew: an entry that has grown old is `stale`.\nA message that was not understood is sent again as it came. Ticks are worth nothing: drop them."
    )]
    Retry {
        /// A parked message, `prk_…`
        #[arg(value_parser = parked)]
        id: String,
    },
    /// End it without carrying it out
    #[command(after_help = "Example:\n  moniqo parked drop prk_… --reason \"sent by a broken script\"")]
    Drop {
        /// A parked message, `prk_…`
        #[arg(value_parser = parked)]
        id: String,
        /// Why, for the audit
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Cost {
    /// Alerts that arrive for the first time, on an average day
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) alerts_per_day: Decimal,
    /// How often each of them comes again; may be a fraction
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) duplicates_per_alert: Decimal,
    /// Orders that an alert leads to: 2 where each opens a group that is closed again; may be a fraction
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) orders_per_alert: Decimal,
    /// Accounts with a position group that is not closed
    #[arg(long, default_value = "0", value_parser = amount)]
    pub(crate) live_accounts: Decimal,
    /// How long they have one, of each day
    #[arg(long, default_value = "24", value_parser = hours)]
    pub(crate) hours_live: Decimal,
    /// Whose prices; without it, those of the default region
    #[arg(long)]
    pub(crate) region: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ParkedList {
    /// What is nobody's own; your token's scopes must include `system`
    #[arg(long)]
    pub(crate) deployment: bool,
    #[command(flatten)]
    pub(crate) list: List,
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
    /// Everybody's entries, of the whole deployment; your token's scopes must include `system`
    #[arg(long, conflicts_with = "account")]
    pub(crate) system: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Recover {
    /// Say that the table is to be acted upon from now on
    #[arg(long, requires = "reason")]
    pub(crate) confirm: bool,
    /// Why, for the audit
    #[arg(long, requires = "confirm")]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    #[command(flatten)]
    pub(crate) stop: Stop,
    /// Only show what would start
    #[arg(long, conflicts_with = "system")]
    pub(crate) dry_run: bool,
}

/// What an amount of a model may be: more than any account will see.
const AMOUNT_MAX: Decimal = Decimal::from_parts(100_000_000, 0, 0, false, 0);

fn amount(text: &str) -> Result<Decimal, &'static str> {
    let amount = text.parse().map_err(|_| "must be a number, such as 20 or 0.5")?;
    let fits = (Decimal::ZERO..=AMOUNT_MAX).contains(&amount);
    if fits { Ok(amount) } else { Err("must be from 0 to 100000000") }
}

fn hours(text: &str) -> Result<Decimal, &'static str> {
    let hours = amount(text)?;
    if hours <= Decimal::from(24) { Ok(hours) } else { Err("must be from 0 to 24: a day has no more") }
}

fn group(text: &str) -> Result<String, &'static str> {
    if text.starts_with("grp_") { word(text) } else { Err("must be a position group, grp_…") }
}

fn parked(text: &str) -> Result<String, &'static str> {
    if text.starts_with("prk_") { word(text) } else { Err("must be a parked message, prk_…") }
}

fn order(text: &str) -> Result<String, &'static str> {
    if text.starts_with("ord_") { word(text) } else { Err("must be an order, ord_…") }
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
        check("moniqo cost --alerts-per-day 20 --orders-per-alert 0.5", true);
        check("moniqo cost --alerts-per-day -1", false);
        check("moniqo cost --hours-live 25", false);
        check("moniqo halt", false);
        check("moniqo halt --system --reason x", true);
        check("moniqo halt --system --account default --reason x", false);
        check("moniqo recover", true);
        check("moniqo recover --confirm", false);
        check("moniqo recover --confirm --reason x", true);
        check("moniqo close ord_1", false);
        check("moniqo close grp_1/../../halt", false);
        check("moniqo positions grp_1 --watch --json", true);
        check("moniqo orders ord_1 --watch", true);
        check("moniqo orders resolve ord_1 --reason x", false);
        check("moniqo orders resolve ord_1 --not-placed", false);
        check("moniqo orders resolve ord_1 --not-placed --reason x", true);
        check("moniqo orders resolve ord_1 --not-placed --filled 1 --price 1 --reason x", false);
        check("moniqo orders resolve ord_1 --filled 1 --reason x", false);
        check("moniqo orders resolve ord_1 --filled 1 --price 1 --reason x", true);
        check("moniqo orders resolve ord_1 --filled 1 --price 1 --fee 0.1 --reason x", false);
        check("moniqo orders resolve grp_1 --not-placed --reason x", false);
        check("moniqo parked list --deployment --limit 5", true);
        check("moniqo parked retry prk_1", true);
        check("moniqo parked retry grp_1", false);
        check("moniqo parked drop prk_1", false);
    }
}
