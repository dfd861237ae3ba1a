use aws::{Aws, Config, Patience, Place};
use std::process::ExitCode;
use std::sync::Mutex;
use ticker::{Minutely, handle};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |_| {
        let config = Config::from_env(Patience::WORKER).needing(&[
            Place::Trading,
            Place::Identity,
            Place::Signals,
            Place::Orders,
            Place::Ticks,
            Place::DeadSignals,
            Place::DeadOrders,
            Place::DeadTicks,
        ])?;
        let (deps, sent) = (Aws::connect(config, lambda::boot::now).await, Mutex::default());
        lambda::event::run(async |_: Minutely, invocation| {
            let done = handle(&deps, &sent, &invocation).await;
            invocation.called_aws(deps.calls_taken());
            done
        })
        .await
    })
}
