use api_identity::{Deployed, Post, definitions, factor, forgot, people, programs, router};
use aws::{Aws, Config, DeploymentSecret, FactorKey, Later, Mailer, Patience, Place};
use std::process::ExitCode;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Identity, Place::Trading, Place::Vault])?;
        let aws = Aws::connect(config, lambda::boot::now).await;
        let secret = DeploymentSecret::from_env(settings.text("MONIQO_SECRET")?);
        let registration = settings.value("MONIQO_REGISTRATION")?;
        let deployment = settings.text("MONIQO_DEPLOYMENT")?;
        let mailer = settings.optional::<String>("MONIQO_MAIL_SENDER")?.map(|sender| Mailer::from_env(&sender));
        let post = Post { mailer, later: Later::from_env(settings.text("MONIQO_FUNCTION")?) };
        let factors = FactorKey::from_env(settings.text("MONIQO_KMS_KEY")?, deployment);
        let desk = Deployed::new(aws, secret, (post, factors), deployment, registration);
        let others = forgot::router(desk.clone()).merge(factor::router(desk.clone()));
        let others = others.merge(people::router(desk.clone())).merge(programs::router(desk.clone()));
        let others = others.merge(definitions::router(desk.clone()));
        lambda::edge::run(router(desk).merge(others)).await
    })
}
