use account_watch::{Slow, handle, why};
use app::vault::Vault;
use aws::{Aws, Config, Kms, Outside, Patience, Place};
use credentials::AesGcm;
use std::process::{ExitCode, abort};
use std::sync::Arc;
use venues::{Exchanges, Paper, Sites, Timed};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let needed = [Place::Trading, Place::Vault, Place::Market, Place::Identity, Place::Orders];
        let config = Config::from_env(Patience::WORKER).bringing_up().needing(&needed)?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        let deployment = settings.text("MONIQO_DEPLOYMENT")?.to_owned();
        let kms = Kms::from_env(settings.text("MONIQO_KMS_KEY")?);
        let vault = Arc::new(Vault::new(kms, deps.clone(), AesGcm, &deployment));
        let sites = Sites::of_deployment(aws::is_local(), settings.optional("MONIQO_VENUES")?);
        let paper = Paper::new(deps.clone(), abort);
        let exchanges = Exchanges::new(paper, deps.clone(), vault, sites, "account-watch");
        let (outside, slow) = (Outside::from_env(deps.clone()), Slow::default());
        lambda::sqs::run(async |record, invocation| {
            let venue = Timed::new(exchanges.in_run(invocation.attempt(), why(&record)));
            let done = Box::pin(handle(&deps, &venue, &outside, (&deployment, &slow), &record, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            invocation.called_venue(venue.calls_taken());
            done
        })
        .await
    })
}
