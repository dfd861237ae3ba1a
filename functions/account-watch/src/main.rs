use account_watch::handle;
use aws::{Aws, Config, Outside, Patience, Place};
use std::process::{ExitCode, abort};
use venues::{Paper, Timed};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).bringing_up().needing(&[
            Place::Trading,
            Place::Market,
            Place::Identity,
            Place::Orders,
        ])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        let deployment = settings.text("MONIQO_DEPLOYMENT")?.to_owned();
        let venue = Timed::new(Paper::new(deps.clone(), abort));
        let outside = Outside::from_env(deps.clone());
        lambda::sqs::run(async |record, invocation| {
            let done = Box::pin(handle(&deps, &venue, &outside, &deployment, &record, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            invocation.called_venue(venue.calls_taken());
            done
        })
        .await
    })
}
