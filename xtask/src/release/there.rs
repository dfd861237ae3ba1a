//! A deployment that is there already, whoever has made it.

use super::{DeployOptions, account};
use crate::aws_cli::{Aws, Endpoint};
use crate::deploy::{NO_OUTPUTS, Outputs, outputs};
use crate::failure::Result;
use crate::place::Place;
use crate::python::Tools;

pub(crate) struct There {
    pub(crate) tools: Tools,
    pub(crate) options: DeployOptions,
    pub(crate) endpoint: Endpoint,
    pub(crate) outputs: Outputs,
}

/// Outputs of the deployment as it stands; none before the first.
///
/// # Errors
/// Where that cannot be known: a deployment that is not seen would be made anew.
pub(crate) fn former(aws: &Aws<'_>, options: &DeployOptions) -> Result<Option<Outputs>> {
    match outputs(aws, &options.deployment) {
        Ok(outputs) => Ok(Some(outputs)),
        Err(failure) if ["does not exist", NO_OUTPUTS].iter().any(|told| failure.to_string().contains(told)) => {
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

impl There {
    /// Says in which account it is.
    ///
    /// # Errors
    /// Where there are no credentials, or it is not there; with what to do.
    pub(crate) fn find(place: &Place, deployment: &str, region: &str, profile: Option<&str>) -> Result<Self> {
        let building = place.lock_building()?;
        let tools = Tools::install(place)?;
        drop(building);
        let mut words = vec!["--deployment", deployment, "--region", region];
        words.extend(profile.iter().flat_map(|profile| ["--profile", profile]));
        let options = DeployOptions::of(&words)?;
        let endpoint = account::log_in(&tools, &options)?;
        let aws = Aws { tools: &tools, endpoint: &endpoint };
        account::introduce(&aws)?;
        let outputs = outputs(&aws, &options.deployment).map_err(|failure| failure.next("deploy it first"))?;
        Ok(Self { tools, options, endpoint, outputs })
    }

    pub(crate) fn aws(&self) -> Aws<'_> {
        Aws { tools: &self.tools, endpoint: &self.endpoint }
    }
}
