use aws::{Aws, Config, Later, Patience, Place};
use std::process::ExitCode;
use std::sync::Mutex;
use ticker::{Minutely, handle};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[
            Place::Trading,
            Place::Identity,
            Place::Market,
            Place::Signals,
            Place::Orders,
            Place::Ticks,
            Place::DeadSignals,
            Place::DeadOrders,
            Place::DeadTicks,
        ])?;
        let (deps, sent) = (Aws::connect(config, lambda::boot::now).await, Mutex::default());
        let watcher = Later::from_env(settings.text("MONIQO_WHALE_WATCH")?);
        lambda::event::run(async |_: Minutely, invocation| {
            let done = handle(&deps, &watcher, &sent, &invocation).await;
            invocation.called_aws(deps.calls_taken());
            done
        })
        .await
    })
}
