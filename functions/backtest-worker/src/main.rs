use aws::{Aws, Bucket, Config, Machine, Patience, Place};
use backtest_worker::handle;
use domain::limits::BACKTEST_ALONE_BARS_MAX;
use research::Worker;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::thread::available_parallelism;
use wire::backtest::Work;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Market])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        let results = Bucket::from_env(settings.text("MONIQO_BUCKET")?);
        let machine = Machine::from_env(settings.text("MONIQO_MACHINE")?);
        let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let alone_bars = settings.optional("MONIQO_BACKTEST_ALONE_BARS")?.unwrap_or(BACKTEST_ALONE_BARS_MAX);
        lambda::event::answer(async |work: Work, invocation| {
            let (deps, results, machine) = (&deps, &results, &machine);
            let worker = Worker { deps, results, machine, clock: deps, cores, alone_bars };
            let answer = Box::pin(handle(&worker, &work, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            answer
        })
        .await
    })
}
