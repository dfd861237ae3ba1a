use aws::{Aws, Config, Patience, Place};
use std::process::ExitCode;
use ticker::{Minutely, handle};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |_| {
        let config = Config::from_env(Patience::WORKER).needing(&[
            Place::Trading,
            Place::Signals,
            Place::Orders,
            Place::Ticks,
        ])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        lambda::event::run(async |_: Minutely, invocation| {
            let done = handle(&deps, &invocation).await;
            invocation.called_aws(deps.calls_taken());
            done
        })
        .await
    })
}
