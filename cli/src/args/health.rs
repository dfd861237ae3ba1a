//! How the deployment does.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Health {
    /// Every part of it, and whether work goes on (operators); exit code 1 where something is down
    #[arg(long, conflicts_with = "performance")]
    pub(crate) deep: bool,
    /// How long requests, queues and venues have taken lately (operators)
    #[arg(long)]
    pub(crate) performance: bool,
    /// Of how many minutes until now, 1 to 60
    #[arg(long, requires = "performance", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub(crate) minutes: Option<u32>,
}
