//! The account watch: one tick, the accounts of one shard, a pass for each.

use app::ports::{ListActive, Venue};
use app::run::Run;
use app::watch::{Passed, Watch, pass};
use domain::clock::Timestamp;
use domain::limits;
use lambda::sqs::{Record, Retry};
use lambda::{Invocation, Metric};
use wire::messages::{Body, Message, MessageError, Tick};

/// Makes the passes of the tick's slot.
///
/// # Errors
/// [`Retry`] where the accounts of the shard cannot be listed, or a pass could not begin. Passes that were made are not
/// made again.
pub async fn handle<D: Watch + ListActive, V: Venue>(
    deps: &D,
    venue: &V,
    deployment: &str,
    record: &Record,
    invocation: &Invocation,
) -> Result<(), Retry> {
    let tick = read(&record.body).map_err(Retry::because)?;
    let run = Run {
        deployment: deployment.to_owned(),
        attempt: invocation.attempt().clone(),
        deadline: invocation.deadline(),
    };
    let mut all = Passes::default();
    for account in deps.list_active(tick.shard).await.map_err(Retry::because)? {
        invocation.touched(&account);
        match pass(deps, venue, &account, tick.slot, &run).await {
            Ok(passed) => all.add(passed),
            Err(error) => all.failed = Some(error.to_string()),
        }
    }
    all.tell(tick, invocation);
    all.failed.map_or(Ok(()), |error| Err(Retry(error)))
}

fn read(body: &str) -> Result<Tick, MessageError> {
    match Message::decode(body)?.body {
        Body::Tick(tick) => Ok(tick),
        other => Err(MessageError::Misplaced(other.kind().to_owned())),
    }
}

/// All passes of one tick.
#[derive(Debug, Default)]
struct Passes {
    made: u32,
    sum: Passed,
    failed: Option<String>,
}

impl Passes {
    fn add(&mut self, passed: Passed) {
        self.made = self.made.saturating_add(u32::from(!passed.skipped));
        self.sum = Passed {
            skipped: false,
            groups: self.sum.groups.saturating_add(passed.groups),
            missed: self.sum.missed.saturating_add(passed.missed),
            unknown: self.sum.unknown.saturating_add(passed.unknown),
            unknown_age_max: self.sum.unknown_age_max.max(passed.unknown_age_max),
        };
    }

    fn tell(&self, tick: Tick, invocation: &Invocation) {
        let Passed { groups, missed, unknown, unknown_age_max, .. } = self.sum;
        invocation.outcome(format!("{} passes, {groups} groups, {missed} missed", self.made));
        if self.made == 0 {
            return;
        }
        let slot = Timestamp::from_millis(tick.slot.saturating_mul(limits::SLOT.get()));
        invocation.measure(Metric::TickLagS, invocation.now().since(slot).get().max(0) / 1_000);
        invocation.measure(Metric::UnknownOrders, unknown.into());
        invocation.measure(Metric::UnknownAgeMaxS, unknown_age_max.get() / 1_000);
        if missed > 0 {
            invocation.measure(Metric::VenueErrors, missed.into());
        }
    }
}
