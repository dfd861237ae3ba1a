//! Orders, and what became of one in doubt.

use super::id::order;
use super::list::{Page, words};
use super::{Look, One, Whose};
use clap::{Args, Subcommand};
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
            Some(OrderAct::Resolve(_) | OrderAct::Lineage(_)) => None,
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
