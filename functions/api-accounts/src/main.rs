//! The function of accounts.

// A list of accounts asks the store some calls deep, and each is a future within a future.
#![recursion_limit = "256"]

use api_accounts::{Api, router};
use aws::{Aws, Config, KeyChecks, Kms, Patience, Place};
use lambda::edge::{self, Distribution};
use std::process::ExitCode;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Trading, Place::Vault, Place::Identity])?;
        let aws = Aws::connect(config, lambda::boot::now).await;
        let kms = Kms::from_env(settings.text("MONIQO_KMS_KEY")?);
        let checks = KeyChecks::from_env(settings.text("MONIQO_KEY_CHECK")?);
        let deployment = settings.text("MONIQO_DEPLOYMENT")?;
        edge::run(router(Api::new(aws, kms, checks, deployment)), Distribution::of(&settings)?).await
    })
}
