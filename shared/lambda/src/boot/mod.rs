//! From the start of a process to its first event: settings, logs, runtime.

mod clock;
mod logs;
mod settings;

pub use clock::SystemClock;
pub use settings::{BadSetting, Settings};

use crate::{Error, metrics};
use app::ports::Clock;
use domain::clock::Timestamp;
use std::process::ExitCode;

/// The whole of a function's `main`: reads the settings, begins the logs and runs what `wire` puts together.
///
/// `own` is the function's own crate name (`env!("CARGO_CRATE_NAME")`), whose log lines are wanted. What goes wrong is
/// one error line, and the process ends so that Lambda starts another.
pub fn main<F>(own: &str, wire: F) -> ExitCode
where
    F: AsyncFnOnce(Settings) -> Result<(), Error>,
{
    let settings = Settings::from_env();
    match begin(own, &settings).and_then(|runtime| runtime.block_on(wire(settings))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(function = own, error = %error, "cannot run");
            ExitCode::FAILURE
        }
    }
}

/// The time, as a plain function, for adapters that outlive one reading of it.
pub fn now() -> Timestamp {
    SystemClock.now()
}

/// The variable that holds the deployment's name.
const DEPLOYMENT: &str = "MONIQO_DEPLOYMENT";

fn begin(own: &str, settings: &Settings) -> Result<tokio::runtime::Runtime, Error> {
    let level = settings.optional(logs::LEVEL);
    // Logs come first, so that a wrong level is told in the same way as any other wrong setting.
    logs::start(own, level.as_ref().copied().ok().flatten());
    level?;
    if let Some(deployment) = settings.optional::<String>(DEPLOYMENT)? {
        metrics::write_for(&deployment);
    }
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_of_a_process_stand_in_the_namespace_of_its_deployment() {
        begin("lambda", &Settings::of([("MONIQO_DEPLOYMENT", "east")])).map(drop).unwrap();
        assert_eq!(metrics::namespace(), "Moniqo/east");
    }
}
