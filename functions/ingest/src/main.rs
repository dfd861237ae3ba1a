use aws::{Aws, Bus, Config, Later, Patience, Place};
use ingest::Ingestion;
use std::process::{ExitCode, abort};
use std::sync::Arc;
use venues::{Exchanges, Paper, Sites, Timed};

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Market])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        let start = Later::from_env(settings.text("MONIQO_FUNCTION")?);
        let bus = Bus::from_env(settings.text("MONIQO_BUS")?);
        let sites = Sites::of_deployment(aws::is_local(), settings.optional("MONIQO_VENUES")?);
        let exchanges = Exchanges::new(Paper::new(deps.clone(), abort), deps.clone(), Arc::new(()), sites, "ingest");
        let waits = settings.optional::<String>("MONIQO_PLANNER_WAITS")?.as_deref() == Some("on");
        lambda::event::run(async |todo, invocation| {
            let venue = Timed::new(exchanges.in_run(invocation.attempt(), "candles")).patient();
            let ingestion = Ingestion { deps: &deps, venue: &venue, start: &start, bus: &bus, waits };
            let done = Box::pin(ingestion.run(todo, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            invocation.called_venue(venue.calls_taken());
            done
        })
        .await
    })
}
