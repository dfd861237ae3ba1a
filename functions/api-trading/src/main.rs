use aws::{Aws, Config, Patience, Place};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |_| {
        let needed = [Place::Trading, Place::Catalog, Place::Identity, Place::Signals, Place::Orders, Place::Ticks];
        let config = Config::from_env(Patience::WORKER).needing(&needed)?;
        lambda::edge::run(api_trading::router(Arc::new(Aws::connect(config, lambda::boot::now).await))).await
    })
}
