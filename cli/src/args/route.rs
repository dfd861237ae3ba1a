//! Routes.

use super::id::{account, route};
use super::list::Whose;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Routes {
    /// List your routes
    #[command(after_help = "Example:\n  moniqo routes list")]
    List(Whose),
    /// Show a route
    #[command(after_help = "Example:\n  moniqo routes show best")]
    Show {
        /// Its name
        #[arg(value_parser = route)]
        name: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Create a route; refused if the name is taken
    #[command(after_help = CREATE)]
    Create(PutRoute),
    /// Replace a route; every change is a new version
    #[command(after_help = PUT)]
    Edit(PutRoute),
    /// Replace a route, or create it
    #[command(hide = true)]
    Put(PutRoute),
    /// Delete a route; its accounts keep their positions
    #[command(
        alias = "rm",
        after_help = "Example:\n  moniqo routes delete best\n\nAlerts that name it are rejected from then on."
    )]
    Delete {
        /// Its name
        #[arg(value_parser = route)]
        name: String,
        /// Only if the route has this version
        #[arg(long, value_name = "N")]
        if_version: Option<u64>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PutRoute {
    /// 1 to 40 of a-z, 0-9, _ and -; what alerts name in `route`
    #[arg(value_parser = route)]
    pub(crate) name: String,
    /// 2 to 5 of your accounts; at equal cost the first one buys
    #[arg(long = "account", value_name = "acc_…", value_parser = account, num_args = 1, required = true)]
    pub(crate) accounts: Vec<String>,
    /// Max. slippage from the best price, 0 to 5
    #[arg(long, value_name = "PERCENT", default_value = "0.5")]
    pub(crate) slippage: String,
    /// Allow several accounts to buy parts of an order
    #[arg(long)]
    pub(crate) split: bool,
    /// Only if the route has this version; 0 if it must not exist
    #[arg(long, value_name = "N")]
    pub(crate) if_version: Option<u64>,
}

const CREATE: &str = "\
Example:
  moniqo routes create best --account acc_1 --account acc_2";

const PUT: &str = "\
Examples:
  moniqo routes edit best --account acc_1 --account acc_2
  moniqo routes edit deep --account acc_1 --account acc_2 --slippage 0.2 --split --if-version 3

An alert with \"route\": \"best\" buys at the account with the lowest cost after fees. Every edit that changes a member is a
new version.";
