use api_trading::{Api, router};
use aws::{Aws, Config, Later, Patience, Place};
use lambda::edge::{self, Distribution};
use std::process::ExitCode;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let needed = [
            Place::Trading,
            Place::Catalog,
            Place::Identity,
            Place::Signals,
            Place::Orders,
            Place::Ticks,
            Place::Market,
            Place::Vault,
        ];
        let config = Config::from_env(Patience::WORKER).needing(&needed)?;
        let aws = Aws::connect(config, lambda::boot::now).await;
        let assessments = Later::from_env(settings.text("MONIQO_RISK_ASSESS")?);
        let api = Api::new(aws, assessments, settings.text("MONIQO_DEPLOYMENT")?);
        edge::run(router(api), Distribution::of(&settings)?).await
    })
}
