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
mod groups;
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
mod portfolio;
mod position;
mod preset;
mod reconciliation;
#[cfg(test)]
mod reference;
mod risk;
mod route;
mod sessions;
mod settings;
mod strategies;
mod sweep;
#[cfg(test)]
mod tests;
mod webhook_token;
mod whale_label;
mod whale_source;
mod whales;

pub(crate) use self::cost::{Arch, Cost};
pub(crate) use self::indicators::Indicators;
pub(crate) use self::sweep::{OfOneRun, Sweep};
pub(crate) use account::{AccountAct, Accounts, Limits, OneAccount, Uses};
pub(crate) use alert::{AlertAct, Alerts, Kind, Send, Side, Text};
pub(crate) use api_key::{ApiKeys, KeyBounds};
pub(crate) use backtest::{Backtest, Played};
pub(crate) use bot::{Bots, Profit, TradeAct, TradeList, Trades};
pub(crate) use candles::{Candles, Series};
pub(crate) use dead_letter::{DeadLetterList, DeadLetters};
pub(crate) use definition::{Permissions, PlanTerms, Plans, RoleTerms, Roles};
pub(crate) use exchange::Exchanges;
pub(crate) use groups::command;
pub(crate) use halt::{Halt, Recover, Resume, Stop};
pub(crate) use health::Health;
pub(crate) use ladder::{Ladder, LadderPlan};
pub(crate) use list::{List, Look, Looks, One, Traded, Whose};
pub(crate) use logs::{Format as LogFormat, Logs, Span as LogSpan, Which as WhichLog};
pub(crate) use notification::{NotificationAct, NotificationList, Notifications};
pub(crate) use oneself::{Erase, Me};
pub(crate) use order::{Lineage, NewOrder, OrderAct, Orders, Resolve};
pub(crate) use person::{LogIn, NewUser, PasswordFrom, Proof, Totp, Users};
pub(crate) use portfolio::{
    AddTrade, ClosedTrades, Kept, Performance, PortfolioAct, PortfolioLook, Sorted, Transactions,
};
pub(crate) use position::{Basis, Close, Exits, PositionAct, Positions};
pub(crate) use preset::{ImportBot, Presets, PutPreset};
pub(crate) use reconciliation::{Accept, Differences, Reconcile, ReconcileAct};
#[cfg(test)]
pub(crate) use risk::{Bounded, OnBreach};
pub(crate) use risk::{EditRule, NewRule, Risk, Rules, Scope};
pub(crate) use route::{PutRoute, Routes};
pub(crate) use sessions::{SessionAct, Sessions};
pub(crate) use settings::Settings;
pub(crate) use strategies::{Strategies, StrategyAct};
pub(crate) use webhook_token::{Permits, WebhookTokens};
pub(crate) use whale_label::{LabelList, Labels, SetLabel};
pub(crate) use whale_source::{NewSource, SourceAccess, Sources};
pub(crate) use whales::{Sentiment, WhaleList, Whales};

use crate::profile;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use id::{group, order_or_group};
use std::ffi::OsString;

const TARGET: &str = "\
Deployment and credentials:
  MONIQO_API_URL, MONIQO_TOKEN                   the API and its bearer token
  MONIQO_WEBHOOK_URL, MONIQO_WEBHOOK_TOKEN       the webhook that alerts are sent to
  With --profile, URLs are read from $XDG_CONFIG_HOME/moniqo/config.toml, or ~/.config/moniqo/config.toml:
    [profiles.NAME]
    api_url = \"https://…\"
    webhook_url = \"https://…\"
  Of these variables only MONIQO_WEBHOOK_TOKEN may be set then: with another one, the command is refused.
  Without --profile, variables that are not set are read from .moniqo/dev/stack.json, which `cargo xtask up` writes,
  in this folder or one above it. The file must be yours, and its URLs must be of this machine.
  A URL needs https://, except for this machine: localhost, 127.0.0.1, [::1].
  A session of `moniqo login` is stored for its profile and its URL, and sent nowhere else.

Exit codes: 0 done, 1 refused by the server, or the server could not be reached, 2 the input cannot be used.";

const COMPLETIONS: &str = "\
Examples:
  moniqo completions bash > ~/.local/share/bash-completion/completions/moniqo
  moniqo completions zsh > ~/.zfunc/_moniqo
  moniqo completions fish > ~/.config/fish/completions/moniqo.fish";

/// Options of every command stand below those of one.
const LAST: usize = 500;

/// The command line of Moniqo: alerts, positions, bots, backtests.
#[derive(Debug, Parser)]
#[command(name = "moniqo", version, after_help = TARGET, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// Print a table, the API's JSON unchanged, or the rows of a list as CSV; `table` if left out
    #[arg(short, long, global = true, display_order = LAST, value_enum, value_name = "FORMAT")]
    output: Option<Output>,
    /// Another name of `-o json`
    #[arg(long, global = true, hide = true, conflicts_with = "output")]
    json: bool,
    /// Use a deployment of ~/.config/moniqo/config.toml
    #[arg(long, global = true, display_order = LAST, env = "MONIQO_PROFILE", hide_env_values = true, value_name = "NAME", value_parser = profile::name)]
    profile: Option<String>,
    /// Answer yes to questions for confirmation
    #[arg(short, long, global = true, display_order = LAST)]
    pub(crate) yes: bool,
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
    /// What was typed; ends the process with help or usage if that was asked for, or if the line is wrong.
    pub(crate) fn typed() -> Self {
        Self::read(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut command = command();
        let matches = command.try_get_matches_from_mut(words)?;
        let cli = Self::from_arg_matches(&matches)?;
        let is_typed = matches.value_source("profile") == Some(ValueSource::CommandLine);
        if is_typed && cli.profile().is_none() {
            return Err(command.error(ErrorKind::InvalidValue, "--profile needs a name; leave it out for no profile"));
        }
        Ok(cli)
    }

    /// An empty variable names none.
    pub(crate) fn profile(&self) -> Option<&str> {
        self.profile.as_deref().filter(|name| !name.is_empty())
    }

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
        after_help = "Examples:\n  moniqo positions list\n  moniqo positions show grp_… --watch\n  moniqo positions edit --help\n  moniqo positions close grp_…"
    )]
    Positions(Positions),
    /// Create and edit presets: named settings of trades (base order, ladder, exits)
    #[command(subcommand)]
    Presets(Presets),
    /// Create, start and stop bots: strategies that trade closed candles; read their logs
    #[command(subcommand)]
    Bots(Bots),
    /// List trades with their quantity, prices and profit
    #[command(after_help = self::bot::TRADES)]
    Trades(Trades),
    /// Show what your accounts are worth, what they hold, and what they were worth before
    #[command(after_help = self::portfolio::PORTFOLIO)]
    Portfolio(PortfolioLook),
    /// List all fills of all orders
    #[command(after_help = self::portfolio::TRANSACTIONS)]
    Transactions(Box<Transactions>),
    /// Show how trades have gone: win rate, profit factor, drawdown, by market, bot, tag or month
    #[command(after_help = self::portfolio::PERFORMANCE)]
    Performance(Box<Performance>),
    /// Show profit and loss by day, by bot and in total
    #[command(after_help = self::bot::PROFIT)]
    Pnl(Profit),
    /// Subscribe to candles, backfill them, export them for a backtest
    #[command(subcommand)]
    Candles(Candles),
    /// List large transfers on blockchains, count them, set where they are read
    #[command(subcommand)]
    Whales(Whales),
    /// Create, test and edit risk rules over all your accounts
    #[command(subcommand)]
    Risk(Risk),
    /// Create and edit routes: an entry picks the cheapest of several accounts
    #[command(subcommand)]
    Routes(Routes),
    /// List and show orders with their fills and history; resolve orders in doubt
    #[command(
        after_help = "Examples:\n  moniqo orders list\n  moniqo orders show ord_…\n  moniqo orders lineage ord_…\n  moniqo orders resolve --help"
    )]
    Orders(Orders),
    /// Show differences between accounts and their exchanges; accept repairs
    #[command(after_help = "Examples:\n  moniqo reconciliation\n  moniqo reconciliation --account default")]
    Reconciliation(Reconcile),
    /// List messages that could not be processed; retry or discard them
    #[command(subcommand, alias = "parked")]
    DeadLetters(DeadLetters),
    /// Log in; commands use this session unless MONIQO_TOKEN is set
    #[command(
        name = "login",
        after_help = "Examples:\n  moniqo login --email ann@example.com\n  moniqo login --api-key-file key.txt\n\nPrograms use an API key: `moniqo api-keys create`."
    )]
    LogIn(LogIn),
    /// End the session of `login`
    #[command(name = "logout", after_help = "Example:\n  moniqo logout")]
    LogOut,
    /// List and end your sessions
    Sessions(Sessions),
    /// Show and change your user; manage users (admins)
    #[command(subcommand)]
    Users(Users),
    /// Show and change your settings: time zone, currency, theme, risk profile, preset, quiet hours
    Settings(Settings),
    /// Manage roles and their permissions (admins)
    #[command(subcommand)]
    Roles(Roles),
    /// Manage the permissions that roles carry (admins)
    #[command(subcommand)]
    Permissions(Permissions),
    /// Manage plans: limits of users (admins)
    #[command(subcommand)]
    Plans(Plans),
    /// Show your usage and the limits of your plan
    #[command(after_help = "Examples:\n  moniqo usage\n  moniqo usage --user usr_…")]
    Usage {
        /// Another user, `usr_…` (admins)
        #[arg(long)]
        user: Option<String>,
    },
    /// Create, validate, enable and delete accounts at exchanges; show their balances and limits
    #[command(
        alias = "keys",
        after_help = "Examples:\n  moniqo accounts list\n  moniqo accounts status\n  moniqo accounts create --help"
    )]
    Accounts(Accounts),
    /// Create, narrow, rotate and revoke API keys for programs
    #[command(subcommand)]
    ApiKeys(ApiKeys),
    /// List notifications, mark them as read, delete them
    Notifications(Notifications),
    /// List exchanges and chains; define them (admins)
    #[command(subcommand, alias = "wallets")]
    Exchanges(Exchanges),
    /// Create, narrow, rotate and revoke webhook tokens, which let alerts in
    #[command(subcommand)]
    WebhookTokens(WebhookTokens),
    /// Read, check and export the system log and the audit log
    #[command(subcommand)]
    Logs(Logs),
    /// Plan a ladder of safety orders, or that of a preset; nothing is placed
    #[command(subcommand)]
    Ladder(Ladder),
    /// Calculate indicators of candles in a CSV file
    #[command(after_help = self::indicators::HELP)]
    Indicators(Indicators),
    /// Backtest a strategy on recorded candles; nothing is placed
    #[command(after_help = self::backtest::help())]
    Backtest(Box<Backtest>),
    /// List strategies with their parameters
    Strategies(Strategies),
    /// Optimize the parameters of a strategy on recorded candles, on all cores
    #[command(after_help = self::sweep::help())]
    Sweep(Box<Sweep>),
    /// Estimate the monthly AWS cost from public list prices; needs no network
    #[command(after_help = self::cost::HELP)]
    Cost(Box<Cost>),
    /// Check exchanges, orders in doubt, monitor runs, limits and accounts; exit code 1 if a check fails
    #[command(
        after_help = "Example:\n  moniqo doctor\n\nWith the scope `system` it also checks region, address, clock and concurrency, which takes some seconds."
    )]
    Doctor,
    /// Show whether the deployment is up; details of parts, latency and exchanges for operators
    #[command(
        after_help = "Examples:\n  moniqo health\n  moniqo health --deep\n  moniqo health --performance --minutes 60\n  moniqo health --venues"
    )]
    Health(Health),
    /// Resume after a table restore: query the exchanges, show the differences, confirm
    #[command(
        after_help = "Examples:\n  moniqo recover\n  moniqo recover --confirm --reason \"difference dealt with\"\n  moniqo recover --confirm --leave-out acc_… --reason \"its keys are gone\"\n\nUntil you confirm, nothing is sent to an exchange from a restored or copied table."
    )]
    Recover(Recover),
    /// Halt entries: no entry starts and resting entries are cancelled; take-profits and stops stay
    #[command(
        after_help = "Examples:\n  moniqo halt --reason \"news at two\"\n  moniqo halt --reason \"odd fills\" --account default\n  moniqo halt --system --reason \"bad release\""
    )]
    Halt(Halt),
    /// Allow entries again
    #[command(
        after_help = "Examples:\n  moniqo resume --reason \"news is out\" --dry-run\n  moniqo resume --reason \"news is out\""
    )]
    Resume(Resume),
    /// Close a position: cancel its orders and sell at the market
    #[command(after_help = "Example:\n  moniqo close grp_…")]
    Close {
        /// A position, `grp_…`
        #[arg(value_parser = group)]
        id: String,
    },
    /// Cancel an entry order, or all pending entries of a position
    #[command(after_help = "Examples:\n  moniqo cancel ord_…\n  moniqo cancel grp_…")]
    Cancel {
        /// An order `ord_…`, or a position `grp_…`
        #[arg(value_parser = order_or_group)]
        id: String,
    },
    /// Show the help, or that of a command
    #[command(hide = true)]
    Help {
        /// The words of a command
        command: Vec<String>,
    },
    /// Print a completion script for a shell
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
}
