//! The deployment that a command works on by its owner's rights in AWS.

use clap::Args;

use crate::aws_cli::DEPLOY_REGION;
use crate::deploy::DEPLOYMENT;
use crate::failure::Result;
use crate::place::Place;
use crate::release::there::There;
use crate::stack::{self, Stack};

#[derive(Debug, Args)]
pub(crate) struct Chosen {
    /// Name of the stack in AWS; without it, it is the local stack
    #[arg(long)]
    deployment: Option<String>,
    /// Where it is
    #[arg(long, default_value = DEPLOY_REGION, requires = "deployment")]
    region: String,
    /// Profile of the AWS command line whose credentials are used
    #[arg(long, requires = "deployment")]
    profile: Option<String>,
}

impl Chosen {
    /// What names in it begin with.
    pub(crate) fn name(&self) -> &str {
        self.deployment.as_deref().unwrap_or(DEPLOYMENT)
    }

    /// The one that is named, or what `up` has left running.
    pub(crate) fn stack(&self, place: &Place) -> Result<Stack> {
        let Some(deployment) = &self.deployment else { return Ok(stack::running(place)?.0) };
        let there = There::find(place, deployment, &self.region, self.profile.as_deref())?;
        Stack::of(there.endpoint, there.outputs)
    }
}
