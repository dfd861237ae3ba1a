//! What can be typed, with the help that teaches it.

mod account;
mod alert;
#[cfg(test)]
mod aliases;
mod api_key;
mod backtest;
mod bot;
mod candles;
mod cost;
mod dead_letter;
mod definition;
mod exchange;
mod halt;
mod health;
mod id;
mod indicators;
mod ladder;
mod list;
mod logs;
mod notification;
mod oneself;
mod order;
mod person;
mod position;
mod preset;
mod reconciliation;
mod route;
mod settings;
mod strategies;
mod sweep;
#[cfg(test)]
mod tests;
mod webhook_token;

pub(crate) use self::cost::{Arch, Cost};
pub(crate) use self::indicators::Indicators;
pub(crate) use self::sweep::{OfOneRun, Sweep};
pub(crate) use account::{AccountAct, Accounts, Limits, OneAccount, Uses};
pub(crate) use alert::{AlertAct, Alerts, Kind, Send, Side, Text};
pub(crate) use api_key::{ApiKeys, KeyBounds};
pub(crate) use backtest::{Backtest, Played};
pub(crate) use bot::{Bots, Profit, Traded, Trades};
pub(crate) use candles::{Candles, Series};
pub(crate) use dead_letter::{DeadLetterList, DeadLetters};
pub(crate) use definition::{Permissions, PlanTerms, Plans, RoleTerms, Roles};
pub(crate) use exchange::Exchanges;
pub(crate) use halt::{Recover, Resume, Stop};
pub(crate) use health::Health;
pub(crate) use ladder::{Ladder, LadderPlan};
pub(crate) use list::{List, Look, Looks, One, Whose};
pub(crate) use logs::{Format as LogFormat, Logs, Span as LogSpan, Which as WhichLog};
pub(crate) use notification::{NotificationAct, Notifications};
pub(crate) use oneself::{Erase, Me};
pub(crate) use order::{Lineage, OrderAct, Orders, Resolve};
pub(crate) use person::{LogIn, NewUser, PasswordFrom, Proof, Totp, Users};
pub(crate) use position::{Basis, CloseLeft, Exits, PositionAct, Positions};
pub(crate) use preset::{ImportBot, Presets, PutPreset};
pub(crate) use reconciliation::{Accept, Reconcile, ReconcileAct};
pub(crate) use route::{PutRoute, Routes};
pub(crate) use settings::Settings;
pub(crate) use webhook_token::WebhookTokens;

use clap::{Parser, Subcommand, ValueEnum};
use id::{group, order_or_group};

const TARGET: &str = "\
Where it goes:
  MONIQO_API_URL, MONIQO_TOKEN                   the API and its bearer token
  MONIQO_WEBHOOK_URL, MONIQO_WEBHOOK_TOKEN       where alerts are posted
  What is not set is read from .moniqo/dev/stack.json, which `cargo xtask up` writes,
  in this folder or one above it. `moniqo login` takes the place of that file's token.

Exit codes: 0 done, 1 the server said no or could not be reached, 2 the input cannot be used.";

/// Alerts in, positions out: the command line of Moniqo.
#[derive(Debug, Parser)]
#[command(name = "moniqo", version, after_help = TARGET, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// Print a table, the API's JSON unchanged, or the rows of a list as CSV; `table` if left out
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT")]
    output: Option<Output>,
    /// Another name of `-o json`
    #[arg(long, global = true, hide = true, conflicts_with = "output")]
    json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Table,
    Json,
    Csv,
}

impl Cli {
    pub(crate) fn output(&self) -> Output {
        if self.json { Output::Json } else { self.output.unwrap_or(Output::Table) }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List received alerts with their verdicts, send one, or print the text for TradingView
    #[command(
        aliases = ["deliveries", "signal"],
        after_help = "Examples:\n  moniqo alerts list --watch\n  moniqo alerts send --help\n  moniqo alerts template"
    )]
    Alerts(Alerts),
    /// List and show positions, and change their exits
    #[command(
        after_help = "Examples:\n  moniqo positions list\n  moniqo positions show grp_… --watch\n  moniqo positions edit --help\n  moniqo positions close --help"
    )]
    Positions(Positions),
    /// Keep named settings of your trades: base order, ladder, exits
    #[command(subcommand)]
    Presets(Presets),
    /// Keep bots: strategies that trade closed candles; start and stop them, and read what they have done
    #[command(subcommand)]
    Bots(Bots),
    /// What was traded, in the numbers of its fills
    #[command(after_help = self::bot::TRADES)]
    Trades(Trades),
    /// What was made of it, by day, by bot and in all
    #[command(after_help = self::bot::PROFIT)]
    Pnl(Profit),
    /// Candles that are kept: have them fetched, look at them, save them for a backtest
    #[command(subcommand)]
    Candles(Candles),
    /// Keep routes: accounts between which entries choose by price
    #[command(subcommand)]
    Routes(Routes),
    /// List and show orders with their fills and history; resolve orders in doubt
    #[command(
        after_help = "Examples:\n  moniqo orders list\n  moniqo orders show ord_…\n  moniqo orders lineage ord_…\n  moniqo orders resolve --help"
    )]
    Orders(Orders),
    /// Where accounts and their venues differ, what would mend it, and the repairs that you accept
    #[command(after_help = "Examples:\n  moniqo reconciliation\n  moniqo reconciliation --account default")]
    Reconciliation(Reconcile),
    /// List messages that could not be processed; retry or discard them
    #[command(subcommand, alias = "parked")]
    DeadLetters(DeadLetters),
    /// Log in, and be yourself from here on where MONIQO_TOKEN is not set
    #[command(
        name = "login",
        after_help = "Examples:\n  moniqo login --email ann@example.com\n  moniqo login --api-key-file key.txt\n\nA program comes in by an API key, which `moniqo api-keys create` makes."
    )]
    LogIn(LogIn),
    /// End the session that `login` began
    #[command(name = "logout", after_help = "Example:\n  moniqo logout")]
    LogOut,
    /// List where you are logged in
    #[command(after_help = "Example:\n  moniqo sessions")]
    Sessions,
    /// People: yourself, and everybody for an admin
    #[command(subcommand)]
    Users(Users),
    /// Your settings: time zone, currency of sums, theme, risk profile, preset of entries, quiet hours
    Settings(Settings),
    /// Roles: what people may do (admins)
    #[command(subcommand)]
    Roles(Roles),
    /// Permissions: what roles may carry (admins)
    #[command(subcommand)]
    Permissions(Permissions),
    /// Plans: what people are limited to (admins)
    #[command(subcommand)]
    Plans(Plans),
    /// Show what you use of what your plan allows
    #[command(after_help = "Examples:\n  moniqo usage\n  moniqo usage --user usr_…")]
    Usage {
        /// Somebody else, `usr_…` (admins)
        #[arg(long)]
        user: Option<String>,
    },
    /// Create, validate, enable and delete accounts at exchanges; show their balances and limits
    #[command(
        alias = "keys",
        after_help = "Examples:\n  moniqo accounts list\n  moniqo accounts status\n  moniqo accounts create --help"
    )]
    Accounts(Accounts),
    /// What lets your programs in: make API keys, narrow, rotate and revoke them
    #[command(subcommand)]
    ApiKeys(ApiKeys),
    /// What you were told: log-ins from somewhere new, keys that end, accounts that enter no more
    Notifications(Notifications),
    /// List exchanges and chains; define them (admins)
    #[command(subcommand, alias = "wallets")]
    Exchanges(Exchanges),
    /// What lets your alerts in: make webhook tokens, narrow, rotate and revoke them
    #[command(subcommand)]
    WebhookTokens(WebhookTokens),
    /// What happened, what people have changed, and whether that is whole
    #[command(subcommand)]
    Logs(Logs),
    /// Plan a ladder of safety orders, or that of a preset; nothing is placed
    #[command(subcommand)]
    Ladder(Ladder),
    /// Reckon indicators of candles that lie in a CSV file: RSI, MACD, averages, Bollinger's bands, true ranges
    #[command(after_help = self::indicators::HELP)]
    Indicators(Indicators),
    /// Play recorded candles to a strategy, and say what it would have made of them; nothing is placed
    #[command(after_help = self::backtest::help())]
    Backtest(Box<Backtest>),
    /// List the strategies that there are, with their parameters
    #[command(after_help = self::strategies::HELP)]
    Strategies,
    /// Try many parameters of a strategy on recorded candles, on all cores, and show the best
    #[command(after_help = self::sweep::help())]
    Sweep(Box<Sweep>),
    /// Say what a month costs, from counted work and public list prices; nothing is asked over the network
    #[command(after_help = self::cost::HELP)]
    Cost(Box<Cost>),
    /// Check venues, orders in doubt, passes, limits, accounts; with the scope `system` also region, address, clock and
    /// concurrency; exit code 1 where something does not work
    #[command(
        after_help = "Example:\n  moniqo doctor\n\nIt asks the function that talks to venues to look around, and waits some seconds for it."
    )]
    Doctor,
    /// Whether requests are answered; of what the deployment is made and how long things take, for operators
    #[command(
        after_help = "Examples:\n  moniqo health\n  moniqo health --deep\n  moniqo health --performance --minutes 60\n  moniqo health --venues"
    )]
    Health(Health),
    /// Come back after a restore: ask the venues what the table has forgotten, show it, and let it go on
    #[command(
        after_help = "Examples:\n  moniqo recover\n  moniqo recover --confirm --reason \"difference dealt with\"\n  moniqo recover --confirm --leave-out acc_… --reason \"its keys are gone\"\n\nA table that was restored or copied is not acted upon before that: nothing is sent to any venue."
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
