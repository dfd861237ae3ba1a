use api_identity::{Deployed, router};
use aws::{Aws, Config, DeploymentSecret, Patience, Place};
use std::process::ExitCode;

fn main() -> ExitCode {
    lambda::boot::main(env!("CARGO_CRATE_NAME"), async |settings| {
        let config = Config::from_env(Patience::WORKER).needing(&[Place::Identity])?;
        let aws = Aws::connect(config, lambda::boot::now).await;
        let secret = DeploymentSecret::from_env(settings.text("MONIQO_SECRET")?);
        let registration = settings.value("MONIQO_REGISTRATION")?;
        let deployment = settings.text("MONIQO_DEPLOYMENT")?;
        lambda::edge::run(router(Deployed::new(aws, secret, deployment, registration))).await
    })
}
