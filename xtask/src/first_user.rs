//! `cargo xtask seed`: what a deployment that others have made (Terraform, a pipeline) needs before its first alert.

use clap::Args;

use crate::aws_cli::{Aws, DEPLOY_REGION};
use crate::deploy::{DEPLOYMENT, outputs};
use crate::failure::Result;
use crate::place::Place;
use crate::python::Tools;
use crate::release::examine::Tables;
use crate::release::{DeployOptions, account, steps};

#[derive(Debug, Args)]
pub(crate) struct SeedOptions {
    /// Name of the stack
    #[arg(long, default_value = DEPLOYMENT)]
    deployment: String,
    /// Where it is
    #[arg(long, default_value = DEPLOY_REGION)]
    region: String,
    /// Profile of the AWS command line whose credentials are used
    #[arg(long)]
    profile: Option<String>,
}

/// Safe to repeat: the tokens that this machine was told stay valid.
pub(crate) fn run(place: &Place, options: &SeedOptions) -> Result<()> {
    let building = place.lock_building()?;
    let tools = Tools::install(place)?;
    drop(building);
    let mut words = vec!["--deployment", &options.deployment, "--region", &options.region];
    words.extend(options.profile.iter().flat_map(|profile| ["--profile", profile]));
    let deploy = DeployOptions::of(&words)?;
    let endpoint = account::log_in(&tools, &deploy)?;
    let aws = Aws { tools: &tools, endpoint: &endpoint };
    account::introduce(&aws)?;
    let outputs = outputs(&aws, &deploy.deployment).map_err(|failure| failure.next("deploy it first"))?;
    Tables::of(&aws, &outputs)?.adopt_where_fresh()?;
    steps::seed(place, &aws, &deploy, &outputs)
}
