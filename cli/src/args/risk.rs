//! Risk rules, and assessments of what is open.

use super::id::{account, bot, rule};
use super::list::Whose;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum Risk {
    /// Create, test and edit risk rules: bounds on positions, exposure, losses and prices
    #[command(subcommand)]
    Rules(Box<Rules>),
    /// Assess how risky your open positions are: a score, and what they lose at the worst
    #[command(after_help = ASSESS)]
    Assess {
        /// Show the latest assessment, and make none
        #[arg(long)]
        latest: bool,
    },
}

const ASSESS: &str = "Examples:\n  moniqo risk assess\n  moniqo risk assess --latest\n\n\
    While something is open, an assessment is made each hour, and after a position was opened or closed. It reads what is stored and trades nothing.";

#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List your risk rules, the limits of your accounts first
    #[command(after_help = "Example:\n  moniqo risk rules list")]
    List(Whose),
    /// Show a risk rule
    #[command(after_help = "Example:\n  moniqo risk rules show rsk_…")]
    Show {
        /// Its id, rsk_…
        #[arg(value_parser = rule)]
        id: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Create a risk rule; it holds from then on
    #[command(after_help = CREATE)]
    Create(NewRule),
    /// Create the recommended rules that you do not have yet
    #[command(
        after_help = "Example:\n  moniqo risk rules recommended USDT\n\nThey hold for all your accounts. Edit or delete each as you like."
    )]
    Recommended {
        /// The quote currency that you trade in
        #[arg(value_name = "CURRENCY")]
        currency: String,
    },
    /// Edit a risk rule; what is not named stays
    #[command(after_help = EDIT)]
    Edit(EditRule),
    /// Delete a risk rule
    #[command(alias = "rm", after_help = "Example:\n  moniqo risk rules delete rsk_…")]
    Delete {
        /// Its id, rsk_…
        #[arg(value_parser = rule)]
        id: String,
        /// Only if the rule has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
    /// Resume entries that a rule has paused; it does not pause again within its window
    #[command(after_help = "Example:\n  moniqo risk rules resume rsk_… --reason \"checked the positions\"")]
    Resume {
        /// Its id, rsk_…
        #[arg(value_parser = rule)]
        id: String,
        /// Why, for the audit log
        #[arg(long)]
        reason: String,
    },
    /// Measure your open positions against a risk rule; nothing is changed
    #[command(after_help = "Example:\n  moniqo risk rules test rsk_…")]
    Test {
        /// Its id, rsk_…
        #[arg(value_parser = rule)]
        id: String,
    },
}

/// What a rule bounds.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Bounded {
    /// Positions that are open at once
    OpenPositions,
    /// Planned quote of all open positions
    Exposure,
    /// The same in percent of equity
    ExposurePercent,
    /// Planned quote of one entry
    OrderSize,
    /// Realised loss of a UTC day
    DayLoss,
    /// Percent of equity lost since 00:00 UTC, open losses included
    DayLossPercent,
    /// Percent of equity below the month's peak
    Drawdown,
    /// Losing closes in a row; then entries pause for 24 hours
    LosingCloses,
    /// Openings and additions of the last hour
    EntriesPerHour,
    /// Leverage of contracts
    Leverage,
    /// Percent by which an entry may be priced worse than the market
    PriceCollar,
    /// Percent between bid and ask
    Spread,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum OnBreach {
    /// Refuse the entry
    Refuse,
    /// Make the entry small enough to pass
    Reduce,
    /// Refuse the entry and pause the scope
    Pause,
    /// Let the entry pass and notify
    Notify,
}

#[derive(Debug, Args)]
pub(crate) struct NewRule {
    /// What it bounds
    #[arg(value_enum)]
    pub(crate) kind: Bounded,
    /// The bound: an amount, a percentage or a count
    #[arg(value_name = "MAX")]
    pub(crate) max: String,
    /// The currency that is counted, such as USDT
    #[arg(long, value_name = "ASSET")]
    pub(crate) currency: Option<String>,
    #[command(flatten)]
    pub(crate) scope: Scope,
    /// What happens to an entry that breaks it
    #[arg(long, value_enum, default_value = "refuse")]
    pub(crate) action: OnBreach,
    /// How long a rule with the action pause pauses; until you resume if left out
    #[arg(long, value_name = "N")]
    pub(crate) pause_minutes: Option<u32>,
    /// What you call it
    #[arg(long, default_value = "")]
    pub(crate) label: String,
}

/// All your accounts if none is named.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Scope {
    /// Only this account
    #[arg(long, value_name = "acc_…", value_parser = account)]
    pub(crate) account: Option<String>,
    /// Only accounts at this exchange
    #[arg(long)]
    pub(crate) exchange: Option<String>,
    /// Only this market, such as BTC/USDT
    #[arg(long)]
    pub(crate) symbol: Option<String>,
    /// Only bots of this strategy
    #[arg(long)]
    pub(crate) strategy: Option<String>,
    /// Only this bot
    #[arg(long, value_name = "bot_…", value_parser = bot)]
    pub(crate) bot: Option<String>,
    /// Only markets of these base assets, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub(crate) assets: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct EditRule {
    /// Its id, rsk_…
    #[arg(value_parser = rule)]
    pub(crate) id: String,
    /// The bound
    #[arg(long)]
    pub(crate) max: Option<String>,
    /// What happens to an entry that breaks it
    #[arg(long, value_enum)]
    pub(crate) action: Option<OnBreach>,
    /// How long a rule with the action pause pauses
    #[arg(long, value_name = "N")]
    pub(crate) pause_minutes: Option<u32>,
    /// What you call it
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// Whether it holds
    #[arg(long, action = clap::ArgAction::Set)]
    pub(crate) enabled: Option<bool>,
    /// Only if the rule has this version
    #[arg(long, value_name = "N")]
    pub(crate) if_version: Option<u64>,
}

const CREATE: &str = "\
Examples:
  moniqo risk rules create open_positions 3
  moniqo risk rules create day_loss 100 --currency USDT --exchange BINANCE
  moniqo risk rules create exposure 500 --currency USDT --assets SOL,AVAX --action reduce
  moniqo risk rules create day_loss 100 --currency USDT --action pause --pause-minutes 720";

const EDIT: &str = "\
Examples:
  moniqo risk rules edit rsk_… --max 2
  moniqo risk rules edit rsk_… --enabled false

If one of your accounts is at an exchange, only a logged-in user can loosen a rule or switch it off.";
