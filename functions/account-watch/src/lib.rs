//! The account watch: one tick, the accounts of one shard, a pass for each.

use app::ports::{ListActive, Venue};
use app::run::Run;
use app::watch::{Passed, Watch, pass};
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
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
    if is_stale(tick, invocation.now()) {
        invocation.outcome("a tick of the past");
        return Ok(());
    }
    let run = Run {
        deployment: deployment.to_owned(),
        attempt: invocation.attempt().clone(),
        deadline: invocation.deadline(),
    };
    let mut all = Passes::default();
    for account in in_turn(deps.list_active(tick.shard).await.map_err(Retry::because)?, tick.slot) {
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

/// Another account begins in each slot, so that a slow one does not leave the same others unwatched.
fn in_turn(mut accounts: Vec<AccountId>, slot: i64) -> Vec<AccountId> {
    let turn = i64::try_from(accounts.len()).ok().and_then(|count| slot.checked_rem_euclid(count));
    accounts.rotate_left(turn.and_then(|turn| usize::try_from(turn).ok()).unwrap_or_default());
    accounts
}

/// After an outage old ticks lie in the queue; the newest alone says what is the case.
fn is_stale(tick: Tick, now: Timestamp) -> bool {
    const LATE_MAX: Millis = Millis::seconds(60);
    now.since(slot_time(tick)) > LATE_MAX
}

fn slot_time(tick: Tick) -> Timestamp {
    Timestamp::from_millis(tick.slot.saturating_mul(limits::SLOT.get()))
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
        invocation.measure(Metric::TickLagS, invocation.now().since(slot_time(tick)).get().max(0) / 1_000);
        invocation.measure(Metric::UnknownOrders, unknown.into());
        invocation.measure(Metric::UnknownAgeMaxS, unknown_age_max.get() / 1_000);
        if missed > 0 {
            invocation.measure(Metric::VenueErrors, missed.into());
        }
    }
}
