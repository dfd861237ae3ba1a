//! Orders, and what became of one in doubt.

use super::id::{group, order};
use super::list::{Page, words};
use super::{Look, One, Whose};
use clap::{Args, Subcommand, ValueEnum};
use domain::order::Status;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, mut_args(|arg| arg.hide(true)))]
pub(crate) struct Orders {
    #[command(subcommand)]
    pub(crate) act: Option<OrderAct>,
    #[command(flatten)]
    look: Look,
}

impl Orders {
    /// The list or the order to show.
    pub(crate) fn look(&self) -> Option<Look> {
        match &self.act {
            None => Some(self.look.clone()),
            Some(OrderAct::List { status, page }) => Some(page.clone().with(status.clone())),
            Some(OrderAct::Show(one)) => Some(one.clone().into()),
            Some(OrderAct::Create(_) | OrderAct::Resolve(_) | OrderAct::Lineage(_)) => None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrderAct {
    /// List orders, newest first
    #[command(
        after_help = "Examples:\n  moniqo orders list --watch\n  moniqo orders list --status open --account acc_…\n  moniqo orders list -o csv > orders.csv"
    )]
    List {
        /// Only with this status
        #[arg(long, value_parser = words::<Status>())]
        status: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// Show an order with its fills
    #[command(after_help = "Example:\n  moniqo orders show ord_…")]
    Show(One),
    /// Place an order by hand, and show what became of it
    #[command(after_help = "Examples:
  moniqo orders create buy BTC/USDT --quote 100
  moniqo orders create buy BTC/USDT --quantity 0.01 --limit-price 60000 --stop-loss 4 --take-profit 6
  moniqo orders create buy BTC/USDT --quote 100 --dry-run --price 60000
  moniqo orders create buy --position grp_… --quote 50
  moniqo orders create sell --position grp_… --quantity 0.5

An order without --position opens a position with the timeframe `manual`, of which an account has one for each market. Its exits are
those of your preset `default`, unless you say others. At an exchange you have to be logged in. See docs/guides/orders.md.")]
    Create(NewOrder),
    /// Record the outcome of an order in doubt, after you have checked it at the exchange
    #[command(after_help = "Examples:
  moniqo orders resolve ord_… --not-placed --reason \"not in the exchange's list\"
  moniqo orders resolve ord_… --filled 0.5 --price 100.2 --fee 0.05 --fee-asset USDT --reason \"seen there\"
  moniqo orders resolve ord_… --cancelled --reason \"not open there, and without a trade\"

Only for an order that is unknown for 45 seconds, or open and missing at the exchange for a minute, or being cancelled for five minutes.
See docs/runbooks/order-unknown.md.")]
    Resolve(Resolve),
    /// Show the history of an order: its alert, the decision, the requests to the exchange, the outcome
    #[command(after_help = "Example:\n  moniqo orders lineage ord_…")]
    Lineage(Lineage),
}

#[derive(Debug, Args)]
pub(crate) struct Lineage {
    /// An order, `ord_…`
    #[arg(value_parser = order)]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) whose: Whose,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Resolve {
    /// An order, `ord_…`
    #[arg(value_parser = order)]
    pub(crate) id: String,
    /// The exchange never received the order
    #[arg(long, required_unless_present_any = ["filled", "cancelled"], conflicts_with_all = ["filled", "price", "fee", "fee_asset"])]
    pub(crate) not_placed: bool,
    /// The exchange accepted the order and closed it without further fills
    #[arg(long, conflicts_with_all = ["filled", "not_placed", "price", "fee", "fee_asset"])]
    pub(crate) cancelled: bool,
    /// The total filled quantity
    #[arg(long, value_name = "QTY", requires = "price")]
    pub(crate) filled: Option<String>,
    /// The average price of its fills
    #[arg(long, requires = "filled")]
    pub(crate) price: Option<String>,
    /// The fee; none if left out
    #[arg(long, requires = "fee_asset")]
    pub(crate) fee: Option<String>,
    /// The currency of the fee, such as USDT
    #[arg(long, requires = "fee")]
    pub(crate) fee_asset: Option<String>,
    /// The reason, for the audit log
    #[arg(long)]
    pub(crate) reason: String,
}

/// An order by hand.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct NewOrder {
    /// Which way it trades
    #[arg(value_enum)]
    pub(crate) side: Way,
    /// The market, such as BTC/USDT
    #[arg(required_unless_present = "position")]
    pub(crate) symbol: Option<String>,
    /// The account, by its id or label; needed if you have more than one
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// The open position that it adds to or makes smaller, `grp_…`
    #[arg(long, value_parser = group)]
    pub(crate) position: Option<String>,
    /// The size in the base currency
    #[arg(long, required_unless_present = "quote", conflicts_with = "quote")]
    pub(crate) quantity: Option<String>,
    /// The size in the quote currency
    #[arg(long)]
    pub(crate) quote: Option<String>,
    /// Rest at this price; without it the order is sent at the market
    #[arg(long)]
    pub(crate) limit_price: Option<String>,
    /// Make a position smaller, and open none
    #[arg(long)]
    pub(crate) reduce_only: bool,
    /// Take the profit here, in percent
    #[arg(long, value_name = "PERCENT", conflicts_with = "position")]
    pub(crate) take_profit: Option<String>,
    /// Stop the loss here, in percent
    #[arg(long, value_name = "PERCENT", conflicts_with_all = ["position", "no_stop"])]
    pub(crate) stop_loss: Option<String>,
    /// Have no stop
    #[arg(long, conflicts_with = "position")]
    pub(crate) no_stop: bool,
    /// Take the exits of this preset; `default` if left out
    #[arg(long, conflicts_with = "position")]
    pub(crate) preset: Option<String>,
    /// Show what the order would come to, and place none
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The key of an earlier try, which may have been placed: one key is one order
    #[arg(long, value_name = "KEY", conflicts_with = "dry_run")]
    pub(crate) idempotency_key: Option<String>,
    /// With --dry-run, the price to plan by if none is known
    #[arg(long, requires = "dry_run")]
    pub(crate) price: Option<String>,
    /// Of contracts, how many times its margin the position may be worth
    #[arg(long, conflicts_with = "position")]
    pub(crate) leverage: Option<u32>,
}

/// Which way an order trades.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    #[default]
    Buy,
    Sell,
}

impl Way {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
        }
    }
}
