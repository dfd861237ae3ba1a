use aws::{Aws, Config, Patience, Place};
use lambda::edge::{self, Distribution};
use std::process::ExitCode;
use webhook::{Api, router};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |_| {
        let config = Config::from_env(Patience::WEBHOOK).needing(&[Place::Trading, Place::Signals])?;
        // An alert comes from the gateway's own address: what a token allows is never asked of a header.
        edge::run(router(Api::new(Aws::connect(config, lambda::boot::now).await)), Distribution::default()).await
    })
}
