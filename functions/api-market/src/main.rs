//! The function of market data and backtests.

use api_market::{Api, router};
use aws::{Aws, Bucket, Config, KeyChecks, Later, Patience, Place};
use domain::limits::BACKTESTS_AT_ONCE;
use lambda::edge::{self, Distribution};
use std::process::ExitCode;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Trading, Place::Identity, Place::Market])?;
        let aws = Aws::connect(config, lambda::boot::now).await;
        let checks = KeyChecks::from_env(settings.text("MONIQO_KEY_CHECK")?);
        let workers = Later::from_env(settings.text("MONIQO_BACKTEST_WORKER")?);
        let objects = Bucket::from_env(settings.text("MONIQO_BUCKET")?);
        let at_once = settings.optional("MONIQO_BACKTESTS_AT_ONCE")?.unwrap_or(BACKTESTS_AT_ONCE);
        let deployment = settings.text("MONIQO_DEPLOYMENT")?;
        edge::run(router(Api::new(aws, checks, (workers, objects, at_once), deployment)), Distribution::of(&settings)?)
            .await
    })
}
