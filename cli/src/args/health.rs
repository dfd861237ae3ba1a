//! How the deployment does.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Health {
    /// Show each part and the progress of background work (operators); exit code 1 if a part is down
    #[arg(long, conflicts_with_all = ["performance", "venues"])]
    pub(crate) deep: bool,
    /// Show recent latency of requests, queues and exchanges (operators)
    #[arg(long, conflicts_with = "venues")]
    pub(crate) performance: bool,
    /// Show the state of each exchange in use (operators)
    #[arg(long)]
    pub(crate) venues: bool,
    /// The last 1 to 60 minutes
    #[arg(long, requires = "performance", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) minutes: Option<u32>,
}
