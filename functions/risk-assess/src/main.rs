use aws::{Aws, Config, Patience, Place};
use std::process::ExitCode;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |_| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Trading, Place::Market])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        lambda::event::run(async |work, invocation| {
            let done = Box::pin(risk_assess::run(&deps, work, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            done
        })
        .await
    })
}
