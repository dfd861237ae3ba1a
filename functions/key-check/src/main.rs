use app::vault::Vault;
use aws::{Aws, Config, Kms, Patience, Place};
use chains::JsonRpc;
use credentials::AesGcm;
use key_check::handle;
use std::process::{ExitCode, abort};
use std::sync::Arc;
use venues::{Exchanges, Paper, Sites, Timed, Wanted};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[
            Place::Trading,
            Place::Vault,
            Place::Market,
            Place::Identity,
        ])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        let chain = JsonRpc::new(aws::is_local());
        let kms = Kms::from_env(settings.text("MONIQO_KMS_KEY")?);
        let vault = Arc::new(Vault::new(kms, deps.clone(), AesGcm, settings.text("MONIQO_DEPLOYMENT")?));
        let sites = Sites::of_deployment(aws::is_local(), settings.optional("MONIQO_VENUES")?);
        let paper = Paper::new(deps.clone(), abort);
        let wanted: Option<Wanted> = settings.optional("MONIQO_MARKETS_OF")?;
        let exchanges = Exchanges::new(paper, deps.clone(), vault.clone(), sites, "key-check");
        let exchanges = exchanges.wanting(wanted.unwrap_or_default());
        lambda::event::answer(async |asked, invocation| {
            let venue = Timed::new(exchanges.in_run(invocation.attempt(), "balances"));
            let done = Box::pin(handle(&deps, &venue, &*vault, &chain, asked, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            invocation.called_venue(venue.calls_taken());
            done
        })
        .await
    })
}
