//! The function of sources of whale alerts.

use api_flows::{Api, router};
use aws::{Aws, Config, Kms, Patience, Place};
use lambda::edge::{self, Distribution};
use std::process::ExitCode;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Market, Place::Vault, Place::Identity])?;
        let aws = Aws::connect(config, lambda::boot::now).await;
        let kms = Kms::from_env(settings.text("MONIQO_KMS_KEY")?);
        let deployment = settings.text("MONIQO_DEPLOYMENT")?;
        let api = Api::new(aws, kms, aws::is_local(), deployment);
        edge::run(router(api), Distribution::of(&settings)?).await
    })
}
