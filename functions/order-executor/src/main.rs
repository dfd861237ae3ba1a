use aws::{Aws, Config, Patience, Place};
use order_executor::handle;
use std::process::{ExitCode, abort};
use venues::{Paper, Prompt, Timed};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let needed = [Place::Trading, Place::Vault, Place::Market, Place::Identity, Place::Orders];
        let config = Config::from_env(Patience::WORKER).bringing_up().needing(&needed)?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        let deployment = settings.text("MONIQO_DEPLOYMENT")?.to_owned();
        let venue = Timed::new(Prompt::new(Paper::new(deps.clone(), abort), deps.clone()));
        lambda::sqs::run(async |record, invocation| {
            let done = Box::pin(handle(&deps, &venue, &deployment, &record, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            invocation.called_venue(venue.calls_taken());
            done
        })
        .await
    })
}
