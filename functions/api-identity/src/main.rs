use api_identity::{Api, Parts, Post, Sights, router};
use aws::{AuditKey, Aws, Bucket, Config, DeploymentSecret, FactorKey, Later, Lines, Mailer, Patience, Place};
use credentials::{Passwords, Verifier};
use lambda::edge::{self, Distribution};
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
        let store = Aws::connect(config, lambda::boot::now).await;
        let deployment = settings.text("MONIQO_DEPLOYMENT")?;
        let mailer = settings.optional::<String>("MONIQO_MAIL_SENDER")?.map(|sender| Mailer::from_env(&sender));
        let key = settings.text("MONIQO_KMS_KEY")?;
        let sights = Sights { parts: aws::Parts::from_env(store.clone(), key), lines: Lines::from_env(deployment) };
        let parts = Parts {
            secret: DeploymentSecret::from_env(settings.text("MONIQO_SECRET")?),
            passwords: Passwords::default(),
            factors: FactorKey::from_env(key, deployment),
            audits: AuditKey::from_env(key, deployment),
            post: Post { mailer, later: Later::from_env(settings.text("MONIQO_FUNCTION")?) },
            sights,
            objects: Bucket::from_env(settings.text("MONIQO_BUCKET")?),
            deployment: deployment.to_owned(),
            registration: settings.value("MONIQO_REGISTRATION")?,
            auth_per_minute: settings.value("MONIQO_AUTH_PER_MINUTE")?,
            verifier: Verifier::new(deployment),
            signer: Default::default(),
        };
        edge::run(router(Api::new(store, parts)), Distribution::of(&settings)?).await
    })
}
