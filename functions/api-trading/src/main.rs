use api_trading::{Api, router};
use aws::{Aws, Config, Patience, Place};
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
        ];
        let config = Config::from_env(Patience::WORKER).needing(&needed)?;
        let aws = Aws::connect(config, lambda::boot::now).await;
        edge::run(router(Api::new(aws, settings.text("MONIQO_DEPLOYMENT")?)), Distribution::of(&settings)?).await
    })
}
