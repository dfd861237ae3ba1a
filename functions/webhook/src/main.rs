use aws::{Aws, Config, Patience, Place};
use std::process::ExitCode;
use webhook::{Door, router};

/// One call of the table allocates some thousand times; this takes a fifth of the instructions off (bench/README.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |_| {
        let config = Config::from_env(Patience::WEBHOOK).needing(&[Place::Trading, Place::Signals])?;
        lambda::edge::run(router(Door::new(Aws::connect(config, lambda::boot::now).await))).await
    })
}
