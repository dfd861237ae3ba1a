//! Positions, and the exits of one.

use super::id::{group, user};
use super::list::{Look, One, Page, words};
use clap::{Args, Subcommand, ValueEnum};
use domain::group::GroupStatus;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, mut_args(|arg| arg.hide(true)))]
pub(crate) struct Positions {
    #[command(subcommand)]
    pub(crate) act: Option<PositionAct>,
    #[command(flatten)]
    look: Look,
}

impl Positions {
    /// The list or the position to show.
    pub(crate) fn look(&self) -> Option<Look> {
        match &self.act {
            None => Some(self.look.clone()),
            Some(PositionAct::List { status, page }) => Some(page.clone().with(status.clone())),
            Some(PositionAct::Show(one)) => Some(one.clone().into()),
            Some(PositionAct::Edit(_) | PositionAct::Close(_)) => None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum PositionAct {
    /// List positions, newest first
    #[command(
        after_help = "Examples:\n  moniqo positions list --watch\n  moniqo positions list --status live --symbol BTC/USDT\n  moniqo positions list -o json | jq '.items[0].id'"
    )]
    List {
        /// Only with this status
        #[arg(long, value_parser = words::<GroupStatus>())]
        status: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// Show a position with its orders, fills and history
    #[command(after_help = "Examples:\n  moniqo positions show grp_…\n  moniqo positions show grp_… --watch")]
    Show(One),
    /// Change the exits of an open position; exits that you do not name stay
    #[command(alias = "exits", after_help = EXITS)]
    Edit(Box<Exits>),
    /// Close a position: cancel its orders and sell at the market; the same as `moniqo close`
    #[command(override_usage = "moniqo positions close <ID>", after_help = "Example:\n  moniqo positions close grp_…")]
    Close(Close),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Close {
    /// A position, `grp_…`
    #[arg(value_parser = group, required_unless_present = "user", conflicts_with_all = ["user", "reason"])]
    pub(crate) id: Option<String>,
    /// All positions of a suspended user: `moniqo users close-positions`
    #[arg(long, hide = true, value_parser = user, requires = "reason")]
    pub(crate) user: Option<String>,
    /// The reason, for the audit log
    #[arg(long, hide = true, requires = "user")]
    pub(crate) reason: Option<String>,
    /// Another name of `--yes`
    #[arg(long, hide = true)]
    pub(crate) confirm: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Basis {
    Average,
    Base,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Exits {
    /// A position, `grp_…`
    #[arg(value_parser = group)]
    pub(crate) id: String,
    /// Take-profit above the average price; with --trailing, the price is followed from there
    #[arg(long, value_name = "PERCENT")]
    pub(crate) take_profit: Option<String>,
    /// Trailing distance behind the highest price since the take-profit was reached
    #[arg(long, value_name = "PERCENT", requires = "take_profit")]
    pub(crate) trailing: Option<String>,
    /// Stop-loss
    #[arg(long, value_name = "PERCENT")]
    pub(crate) stop_loss: Option<String>,
    /// Remove the stop-loss and its settings
    #[arg(long, conflicts_with_all = ["stop_loss", "stop_loss_basis", "break_even_after", "stop_loss_trailing",
                                      "no_stop_loss_trailing", "stop_loss_delay", "no_stop_loss_delay",
                                      "stop_loss_at_venue", "no_stop_loss_at_venue"])]
    pub(crate) no_stop_loss: bool,
    /// The price that the loss is measured from
    #[arg(long)]
    pub(crate) stop_loss_basis: Option<Basis>,
    /// Move the stop-loss to break-even after this take-profit step
    #[arg(long, value_name = "STEP")]
    pub(crate) break_even_after: Option<u32>,
    /// The stop-loss follows the highest price
    #[arg(long)]
    pub(crate) stop_loss_trailing: bool,
    /// The stop-loss stays at its price
    #[arg(long, conflicts_with = "stop_loss_trailing")]
    pub(crate) no_stop_loss_trailing: bool,
    /// How long the price must stay at or below the stop-loss
    #[arg(long, value_name = "SECONDS")]
    pub(crate) stop_loss_delay: Option<u32>,
    /// The stop-loss sells at the first check
    #[arg(long, conflicts_with = "stop_loss_delay")]
    pub(crate) no_stop_loss_delay: bool,
    /// Place the stop-loss at the exchange if it supports stops
    #[arg(long)]
    pub(crate) stop_loss_at_venue: bool,
    /// Watch the stop-loss by polling
    #[arg(long, conflicts_with = "stop_loss_at_venue")]
    pub(crate) no_stop_loss_at_venue: bool,
    /// An alert closes the position only with this profit
    #[arg(long, value_name = "PERCENT")]
    pub(crate) minimum_profit: Option<String>,
    /// An alert closes the position with any profit or loss
    #[arg(long, conflicts_with = "minimum_profit")]
    pub(crate) no_minimum_profit: bool,
    /// Close the position this long after it was opened
    #[arg(long, value_name = "MINUTES")]
    pub(crate) time_limit: Option<u32>,
    /// Remove the time limit
    #[arg(long, conflicts_with = "time_limit")]
    pub(crate) no_time_limit: bool,
    /// The exits as JSON, with the members of an alert; `-` is standard input
    #[arg(long, conflicts_with_all = ["take_profit", "trailing", "stop_loss", "no_stop_loss", "stop_loss_basis",
                                      "break_even_after", "stop_loss_trailing", "no_stop_loss_trailing",
                                      "stop_loss_delay", "no_stop_loss_delay", "stop_loss_at_venue",
                                      "no_stop_loss_at_venue", "minimum_profit", "no_minimum_profit",
                                      "time_limit", "no_time_limit"])]
    pub(crate) file: Option<PathBuf>,
    /// The reason, for the audit log
    #[arg(long, required_unless_present_any = ["if_version", "file"])]
    pub(crate) reason: Option<String>,
    /// Only if the position has this version
    #[arg(long, value_name = "N")]
    pub(crate) if_version: Option<u64>,
}

const EXITS: &str = r#"Examples:
  moniqo positions edit grp_… --stop-loss 3 --reason "news at two"
  moniqo positions edit grp_… --take-profit 2.5 --no-time-limit --reason "it runs"
  moniqo positions edit grp_… --take-profit 2.5 --trailing 0.8 --reason "let it run"
  moniqo positions edit grp_… --stop-loss 4 --stop-loss-trailing --stop-loss-delay 30 --reason "thin market"
  moniqo positions edit grp_… --minimum-profit 0.3 --reason "above the fees"
  moniqo positions edit grp_… --file exits.json --reason "three steps"
  moniqo positions edit grp_… --no-stop-loss --if-version 7

Example, of a file exits.json, for what no flag can say: several steps, another mode or basis of the take-profit.
  {"take_profit": {"steps": [{"profit_percent": "1", "amount_percent": "40"},
                             {"profit_percent": "2", "amount_percent": "30"},
                             {"profit_percent": "4", "amount_percent": "30"}],
                   "trailing_percent": "0.8"},
   "stop_loss_percent": "4", "stop_loss_trailing": true, "time_limit_minutes": null}

Resting orders that no longer fit are cancelled and placed again. A closing position is not changed."#;

#[cfg(test)]
mod tests {
    use super::EXITS;

    #[test]
    fn the_help_teaches_exits_that_can_be_put() {
        let (_, rest) = EXITS.split_once("the take-profit.\n").unwrap();
        let (example, _) = rest.split_once("\n\n").unwrap();
        wire::preset::exits::Exits::parse(example).unwrap();
    }
}
