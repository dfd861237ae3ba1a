use api_identity::health::Sights;
use api_identity::{Deployed, Post, all};
use aws::{AuditKey, Aws, Bucket, Config, DeploymentSecret, FactorKey, Later, Lines, Mailer, Parts, Patience, Place};
use std::process::ExitCode;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[
            Place::Identity,
            Place::Trading,
            Place::Vault,
            Place::Catalog,
            Place::Market,
        ])?;
        let aws = Aws::connect(config, lambda::boot::now).await;
        let secret = DeploymentSecret::from_env(settings.text("MONIQO_SECRET")?);
        let registration = settings.value("MONIQO_REGISTRATION")?;
        let deployment = settings.text("MONIQO_DEPLOYMENT")?;
        let mailer = settings.optional::<String>("MONIQO_MAIL_SENDER")?.map(|sender| Mailer::from_env(&sender));
        let post = Post { mailer, later: Later::from_env(settings.text("MONIQO_FUNCTION")?) };
        let key = settings.text("MONIQO_KMS_KEY")?;
        let (factors, audits) = (FactorKey::from_env(key, deployment), AuditKey::from_env(key, deployment));
        let sights = Sights { parts: Parts::from_env(aws.clone(), key), lines: Lines::from_env(deployment) };
        let exports = Bucket::from_env(settings.text("MONIQO_BUCKET")?);
        let door = (registration, settings.value("MONIQO_AUTH_PER_MINUTE")?);
        let desk = Deployed::new(aws, secret, (post, factors, audits), (sights, exports), deployment, door);
        lambda::edge::run(all(desk)).await
    })
}
