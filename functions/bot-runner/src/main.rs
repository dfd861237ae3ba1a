use aws::{Aws, Config, Patience, Place};
use bot_runner::handle;
use std::process::ExitCode;
use strategies::Registry;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |_| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Trading, Place::Market, Place::Signals])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        lambda::event::run(async |told, invocation| {
            let done = Box::pin(handle(&deps, &Registry, told, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            done
        })
        .await
    })
}
