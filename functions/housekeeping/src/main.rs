use aws::{AuditKey, Aws, Bucket, Config, Later, Patience, Place};
use housekeeping::House;
use std::process::ExitCode;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[
            Place::Trading,
            Place::Vault,
            Place::Identity,
            Place::Market,
        ])?;
        let deps = Aws::connect(config, lambda::boot::now).await;
        let key = AuditKey::from_env(settings.text("MONIQO_KMS_KEY")?, settings.text("MONIQO_DEPLOYMENT")?);
        let copies = Bucket::from_env(settings.text("MONIQO_BUCKET")?);
        let again = Later::from_env(settings.text("MONIQO_FUNCTION")?);
        let house = House { deps: &deps, key: &key, copies: &copies, again: &again };
        lambda::event::run(async |night, invocation| {
            let done = Box::pin(house.keep(night, &invocation)).await;
            invocation.called_aws(deps.calls_taken());
            done
        })
        .await
    })
}
