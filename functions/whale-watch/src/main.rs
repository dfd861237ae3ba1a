use app::vault::Vault;
use app::whales::labels::LoadedLabels;
use aws::{Aws, Bus, Config, Kms, Patience, Place};
use credentials::AesGcm;
use domain::money::Amount;
use outbound::Client;
use std::process::ExitCode;
use whale_watch::{LIMITS, MINIMUM_USD, Watcher};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Market, Place::Vault])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        let kms = Kms::from_env(settings.text("MONIQO_KMS_KEY")?);
        let vault = Vault::new(kms, deps.clone(), AesGcm, settings.text("MONIQO_DEPLOYMENT")?);
        let bus = Bus::from_env(settings.text("MONIQO_BUS")?);
        let minimum: Option<Amount> = settings.optional("MONIQO_WHALE_MINIMUM_USD")?;
        let minimum = minimum.map_or_else(|| MINIMUM_USD.parse(), Ok)?;
        let labels = LoadedLabels::default();
        // Where the deployment stands on this machine, endpoints on it are asked as well.
        let client = Client::new(aws::is_local(), LIMITS);
        let watcher = Watcher { deps: &deps, vault: &vault, bus: &bus, minimum, labels: &labels, client: &client };
        lambda::event::answer(async |work, invocation| {
            let done = Box::pin(watcher.run(work, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            done
        })
        .await
    })
}
