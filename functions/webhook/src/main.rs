use aws::{Aws, Config, Patience, Place};
use std::process::ExitCode;
use webhook::{Api, router};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |_| {
        let config = Config::from_env(Patience::WEBHOOK).needing(&[Place::Trading, Place::Signals])?;
        lambda::edge::run(router(Api::new(Aws::connect(config, lambda::boot::now).await))).await
    })
}
