//! How the deployment does.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Health {
    /// Every part of it, and whether work goes on (operators); exit code 1 where something is down
    #[arg(long, conflicts_with_all = ["performance", "venues"])]
    pub(crate) deep: bool,
    /// How long requests, queues and venues have taken lately (operators)
    #[arg(long, conflicts_with = "venues")]
    pub(crate) performance: bool,
    /// How each exchange does at which somebody has an account (operators)
    #[arg(long)]
    pub(crate) venues: bool,
    /// Of how many minutes until now, 1 to 60
    #[arg(long, requires = "performance", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) minutes: Option<u32>,
}
