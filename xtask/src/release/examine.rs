//! The doctor as `deploy` asks it: with the deployer's own rights, through the tables and the queue, without a user.

use std::time::{Duration, Instant};
use store::trading::Trading;

use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use app::doctor::{Check, Facts, Flight, Reader, Sight, Sights, State, diagnose, in_flight};
use app::ports::{Queues, StoreError};
use app::recover;
use aws::{Config, Patience, Place};
use domain::clock::Timestamp;
use domain::ids::AccountId;
use tokio::runtime::{Builder, Runtime};

use super::DeployOptions;
use crate::aws_cli::Aws;
use crate::deploy::Outputs;
use crate::failure::{Failure, Result, While};
use crate::interrupt::pause;
use crate::progress::step;
use crate::stage::now;

const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_secs(1);

/// What is known only by reading the deployment's own rows.
pub(crate) trait Inside {
    /// Whether the rows are this deployment's own: those of a restored or copied table are not, before a person says so.
    fn is_recovered(&self) -> Result<bool>;

    fn flight(&self) -> Result<Flight>;

    /// The checks, once the watch has answered or had time enough to. `version` is the one that must answer.
    fn checks(&self, version: &str) -> Result<Vec<Check>>;
}

/// The deployment's tables and its queue of ticks.
pub(crate) struct Tables {
    runtime: Runtime,
    aws: aws::Aws,
}

impl Tables {
    pub(crate) fn of(aws: &Aws<'_>, outputs: &Outputs) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().while_doing("starting a runtime")?;
        let mut config = Config::new(Patience::DESK);
        for (place, output) in
            [(Place::Trading, "TableTrading"), (Place::Vault, "TableVault"), (Place::Ticks, "QueueTicks")]
        {
            let name = outputs.get(output).ok_or_else(|| Failure::new(format!("the stack has no output {output}")))?;
            config = config.with(place, name);
        }
        let aws = runtime.block_on(aws::Aws::connect_to(aws.endpoint.for_sdk(), config, now));
        Ok(Self { runtime, aws })
    }

    /// A table that never held an account is this deployment's own; one that was restored waits for `moniqo recover`.
    pub(crate) fn adopt_where_fresh(&self) -> Result<()> {
        let system = self.wait(Trading(&self.aws).load_system(), "reading the system's row")?;
        if system.adopted.is_some() {
            return Ok(());
        }
        self.wait(self.aws.adopt_fresh(now()), "adopting the fresh table")
    }

    /// Whether anybody has an account, or anybody else where one is named whose account may be there.
    pub(crate) fn has_account_but(&self, ours: Option<&AccountId>) -> Result<bool> {
        let reading = "looking for an account";
        let is_ours = |id| self.wait(Trading(&self.aws).load_account(id), reading).map(|found| found.is_some());
        Ok(!ours.map(is_ours).transpose()?.unwrap_or_default() && self.wait(self.aws.has_account(), reading)?)
    }

    fn wait<T>(&self, call: impl Future<Output = std::result::Result<T, StoreError>>, what: &str) -> Result<T> {
        self.runtime.block_on(call).while_doing(what)
    }

    fn sight_since(&self, asked: Timestamp) -> Result<Option<Sight>> {
        let until = Instant::now() + PATIENCE;
        loop {
            let sight = self.wait(Sights(&self.aws).load_sight(), "reading what the watch saw")?;
            let has_answered = sight.as_ref().is_some_and(|sight| sight.at >= asked);
            if has_answered || Instant::now() >= until {
                return Ok(sight);
            }
            pause(LOOK)?;
        }
    }
}

impl Inside for Tables {
    fn is_recovered(&self) -> Result<bool> {
        Ok(self.wait(recover::adopted(&self.aws), "reading whose table this is")?.is_some())
    }

    fn flight(&self) -> Result<Flight> {
        self.wait(in_flight(&self.aws), "reading the orders in flight")
    }

    fn checks(&self, version: &str) -> Result<Vec<Check>> {
        let asked = now();
        self.wait(self.aws.send_probe(None, asked), "asking the watch to look around")?;
        let sight = self.sight_since(asked)?;
        let system_halted = self.wait(Trading(&self.aws).load_system(), "reading the halt")?.halted;
        let parked = self.wait(Trading(&self.aws).count_parked(), "counting what is left to a person")?;
        let adopted = self.is_recovered()?;
        let answered = sight.as_ref().filter(|sight| sight.at >= asked).map(|sight| sight.version.clone());
        let mut checks = diagnose(&Facts {
            now: now(),
            sight,
            sight_since: asked,
            system_halted,
            adopted,
            parked,
            reader: Reader::Keeper,
        });
        checks.extend(answered.filter(|answered| answered != version).map(|answered| stale(&answered, version)));
        Ok(checks)
    }
}

fn stale(answered: &str, version: &str) -> Check {
    let told = format!("version {answered} of account-watch answers where {version} was switched on");
    Check::fail("version", told, "look at the function's alias `live` and what its queue calls")
}

/// # Errors
/// Where a check fails.
pub(crate) fn examine(aws: &Aws<'_>, options: &DeployOptions, inside: &impl Inside, version: &str) -> Result<()> {
    let looking = step("Looking at the deployment from inside");
    let mut checks = inside.checks(version)?;
    checks.extend(alarms(aws, options));
    looking.done("");
    tell(&checks);
    let failed: Vec<&str> = checks.iter().filter(|check| check.state == State::Fail).map(|check| check.name).collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("the deployment is not well: {}", failed.join(", "))))
    }
}

/// Alarms tell of the minutes before as well: they warn, and fail nothing.
fn alarms(aws: &Aws<'_>, options: &DeployOptions) -> Option<Check> {
    let prefix = format!("{}-", options.deployment);
    let words = ["cloudwatch", "describe-alarms", "--state-value", "ALARM", "--alarm-name-prefix", &prefix];
    let answer = aws.ask(words.into_iter().chain(["--query", "MetricAlarms[].AlarmName"])).ok()?;
    let ringing: Vec<&str> = answer.as_array()?.iter().filter_map(|name| name.as_str()).collect();
    if ringing.is_empty() {
        return Some(Check::ok("alarms", "none rings"));
    }
    Some(Check::warn("alarms", format!("ringing: {}", ringing.join(", ")), "look at them in CloudWatch"))
}

fn tell(checks: &[Check]) {
    for Check { name, state, meaning, next } in checks {
        let (word, colour) = match state {
            State::Ok => ("ok", AnsiColor::Green),
            State::Warn => ("warn", AnsiColor::Yellow),
            State::Fail => ("fail", AnsiColor::Red),
        };
        let style = Style::new().fg_color(Some(colour.into()));
        eprintln!("  {style}{word:<4}{style:#} {name:<9} {meaning}");
        if let Some(next) = next {
            eprintln!("                 next: {next}");
        }
    }
}
