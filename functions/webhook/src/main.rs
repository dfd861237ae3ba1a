use aws::{Aws, Config, Patience, Place};
use std::process::ExitCode;
use webhook::{Door, router};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |_| {
        let config = Config::from_env(Patience::WEBHOOK).needing(&[Place::Trading, Place::Signals])?;
        lambda::edge::run(router(Door::new(Aws::connect(config, lambda::boot::now).await))).await
    })
}
