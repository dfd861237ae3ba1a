use aws::{Aws, Config, Patience, Place};
use signal_worker::handle;
use std::process::{ExitCode, abort};
use venues::{Books, Paper, Sites};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).bringing_up().needing(&[
            Place::Trading,
            Place::Catalog,
            Place::Vault,
            Place::Market,
            Place::Identity,
            Place::Orders,
            Place::Signals,
        ])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        let deployment = settings.text("MONIQO_DEPLOYMENT")?.to_owned();
        let sites = Sites::of_deployment(aws::is_local(), settings.optional("MONIQO_VENUES")?);
        let books = Books::new(Paper::new(deps.clone(), abort), deps.clone(), sites);
        lambda::sqs::run(async |record, invocation| {
            let done = Box::pin(handle(&deps, &books, &deployment, &record, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            done
        })
        .await
    })
}
