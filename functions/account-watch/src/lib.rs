//! The account watch: one tick, the accounts of one shard, a pass for each; one probe, a look around; one recovery, the
//! look at an account of a restored table.

use app::doctor::look_around;
use app::ports::{Queues, Surroundings, Venue};
use app::recover::{Looked, adopted, recover};
use app::remarks::Remarks;
use app::run::Run;
use app::watch::{Passed, pass};
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::{limits, slot};
use lambda::noted::remarks;
use lambda::sqs::{Record, Retry};
use lambda::{Figure, Invocation, Metric};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use store::Engine;
use store::trading::Trading;
use wire::messages::{Body, Message, MessageError, Probe, RecoverAccount, Tick};

/// Makes the passes of a tick's slot, or looks around where a probe asks for it.
///
/// # Errors
/// [`Retry`] where the accounts of the shard cannot be listed, a pass could not begin, or nothing could be written down.
/// Passes that were made are not made again.
pub async fn handle<D: Engine + Queues, V: Venue, S: Surroundings>(
    deps: &D,
    venue: &V,
    surroundings: &S,
    (deployment, slow): (&str, &Slow),
    record: &Record,
    invocation: &Invocation,
) -> Result<(), Retry> {
    let message = Message::decode(&record.body).map_err(Retry::because)?;
    match message.body {
        Body::Tick(tick) => watch(deps, venue, (deployment, slow), tick, invocation).await,
        Body::Probe(probe) => {
            let asked_at = Timestamp::from_millis(message.at);
            probed(deps, venue, surroundings, &probe, asked_at, invocation).await;
            Ok(())
        }
        Body::Recover(asked) => look_again(deps, venue, deployment, &asked, invocation).await,
        other => Err(Retry::because(MessageError::Misplaced(other.kind().to_owned()))),
    }
}

/// Why a run opens keys, as it stands on record.
pub fn why(record: &Record) -> &'static str {
    match Message::decode(&record.body).map(|message| message.body) {
        Ok(Body::Probe(_)) => "a look of the doctor",
        Ok(Body::Recover(_)) => "recovery",
        // What is neither opens none.
        _ => "pass",
    }
}

/// Whoever asked is not waiting any more, or asks again: no probe comes twice, and none keeps a tick waiting.
async fn probed<D: Engine, V: Venue, S: Surroundings>(
    deps: &D,
    venue: &V,
    surroundings: &S,
    probe: &Probe,
    asked_at: Timestamp,
    invocation: &Invocation,
) {
    const LATE_MAX: Millis = Millis::seconds(30);
    if invocation.now().since(asked_at) > LATE_MAX {
        invocation.outcome("a probe of the past");
        return;
    }
    let (user, deadline) = (probe.user.as_ref().map(|user| &user.0), invocation.deadline());
    let looked = look_around(deps, venue, surroundings, user, deadline).await;
    invocation
        .outcome(looked.map_or_else(|error| format!("looked around in vain: {error}"), |_| "looked around".into()));
}

async fn watch<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    (deployment, slow): (&str, &Slow),
    tick: Tick,
    invocation: &Invocation,
) -> Result<(), Retry> {
    let accounts = slow.last(in_turn(Trading(deps).list_active(tick.shard).await.map_err(Retry::because)?, tick.slot));
    let Some(adopted) = adopted(deps).await.map_err(Retry::because)? else {
        invocation.outcome("no passes: table not recovered");
        return Ok(());
    };
    let (mut all, run) = (Passes::default(), run(deployment, invocation));
    for account in accounts {
        invocation.touched(&account);
        let Some(may_decide) = adopted.recovered(&account) else {
            all.left_out = all.left_out.saturating_add(1);
            continue;
        };
        let begun = invocation.now();
        match pass(deps, venue, &account, tick.slot, &run, may_decide).await {
            Ok(passed) => {
                slow.note(&account, passed, invocation.now().since(begun));
                all.add(passed);
            }
            Err(error) => all.failed = Some(error.to_string()),
        }
    }
    all.tell(tick, invocation);
    remarks(deps, run.remarks.take(), invocation).await;
    all.failed.map_or(Ok(()), |error| Err(Retry(error)))
}

async fn look_again<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    deployment: &str,
    asked: &RecoverAccount,
    invocation: &Invocation,
) -> Result<(), Retry> {
    invocation.touched(&asked.account.0);
    let run = run(deployment, invocation);
    match recover(deps, venue, &asked.account.0, &asked.table.0, &run).await.map_err(Retry::because)? {
        Looked::Reported(report) => {
            let (changes, strays) = (report.changes.len(), report.strays.len());
            invocation.outcome(format!("recovered {changes} orders, {strays} are of no group"));
        }
        Looked::Needless => invocation.outcome("nothing to recover"),
    }
    Ok(())
}

fn run(deployment: &str, invocation: &Invocation) -> Run {
    let (attempt, deadline) = (invocation.attempt().clone(), invocation.deadline());
    Run { deployment: deployment.to_owned(), attempt, deadline, remarks: Remarks::default() }
}

/// Accounts whose venue has hung when this process looked at them. Each takes most of a run, and so they are looked at after
/// those that answer, until nothing is missed of them.
#[derive(Debug, Default)]
pub struct Slow(Mutex<BTreeSet<AccountId>>);

impl Slow {
    /// One that had no time left because of others is not slow itself.
    fn note(&self, account: &AccountId, passed: Passed, took: Millis) {
        let mut slow = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if passed.missed > 0 && took >= limits::SUBMIT_TIMEOUT {
            slow.insert(account.clone());
        } else if passed.missed == 0 && !passed.skipped {
            slow.remove(account);
        }
    }

    /// The same accounts in the same order, but for these.
    fn last(&self, mut accounts: Vec<AccountId>) -> Vec<AccountId> {
        let slow = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.sort_by_key(|account| slow.contains(account));
        accounts
    }
}

/// Another account begins in each slot, so that a slow one does not leave the same others unwatched.
fn in_turn(mut accounts: Vec<AccountId>, slot: i64) -> Vec<AccountId> {
    let turn = i64::try_from(accounts.len()).ok().and_then(|count| slot.checked_rem_euclid(count));
    accounts.rotate_left(turn.and_then(|turn| usize::try_from(turn).ok()).unwrap_or_default());
    accounts
}

/// All passes of one tick.
#[derive(Debug, Default)]
struct Passes {
    made: u32,
    /// Passes that another tick had made before, and those of venues that are to be left alone.
    skipped: u32,
    sum: Passed,
    /// Accounts that wait for their recovery.
    left_out: u32,
    failed: Option<String>,
}

impl Passes {
    fn add(&mut self, passed: Passed) {
        self.made = self.made.saturating_add(u32::from(!passed.skipped));
        self.skipped = self.skipped.saturating_add(u32::from(passed.skipped));
        self.sum = Passed {
            skipped: false,
            unseen_for: self.sum.unseen_for.max(passed.unseen_for),
            groups: self.sum.groups.saturating_add(passed.groups),
            missed: self.sum.missed.saturating_add(passed.missed),
            unknown: self.sum.unknown.saturating_add(passed.unknown),
            unknown_age_max: self.sum.unknown_age_max.max(passed.unknown_age_max),
            planned_age_max: self.sum.planned_age_max.max(passed.planned_age_max),
            drift: self.sum.drift.saturating_add(passed.drift),
        };
    }

    /// How long ago a pass had looked at the account of which that is longest, or how far the tick is from now where that is more.
    /// Nothing where all was looked at before: what does not begin says nothing, and its silence rings.
    fn lag(&self, slot: i64, now: Timestamp) -> Option<Millis> {
        let distance = slot::distance(slot, now);
        let unseen_for = self.sum.unseen_for.map(|unseen| unseen.max(distance));
        unseen_for.or((!slot::is_believed(slot, now)).then_some(distance))
    }

    fn tell(&self, tick: Tick, invocation: &Invocation) {
        let Passed { groups, missed, unknown, unknown_age_max, planned_age_max, drift, .. } = self.sum;
        let left_out = if self.left_out == 0 { String::new() } else { format!(", {} left out", self.left_out) };
        let of = if slot::is_believed(tick.slot, invocation.now()) { "" } else { ", of a tick of another time" };
        invocation.outcome(format!("{} passes, {groups} groups, {missed} missed{left_out}{of}", self.made));
        if let Some(lag) = self.lag(tick.slot, invocation.now()) {
            invocation.measure(Metric::TickLagS, lag.get() / 1_000);
        }
        if self.skipped > 0 {
            invocation.tell(Figure::PassesSkipped, self.skipped.into());
        }
        if self.made == 0 {
            return;
        }
        invocation.measure(Metric::UnknownOrders, unknown.into());
        invocation.measure(Metric::UnknownAgeMaxS, unknown_age_max.get() / 1_000);
        invocation.measure(Metric::Drift, drift.into());
        invocation.tell(Figure::PlannedAgeMaxS, planned_age_max.get() / 1_000);
        if missed > 0 {
            invocation.measure(Metric::VenueErrors, missed.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_opened_for_what_the_run_was_rung_for() {
        let of = |body: &str| {
            let record = Record {
                body: body.to_owned(),
                message_id: String::new(),
                receipt_handle: String::new(),
                receive_count: 1,
                group_id: None,
                sent_at: None,
                trace: String::new(),
            };
            why(&record)
        };
        assert_eq!(of(include_str!("../../../events/ticks/tick.v1.json")), "pass");
        assert_eq!(of(include_str!("../../../events/ticks/probe.v1.json")), "a look of the doctor");
        assert_eq!(of(include_str!("../../../events/ticks/recover.account.v1.json")), "recovery");
    }

    #[test]
    fn lag_is_that_of_the_account_that_was_not_looked_at_for_longest() {
        let (now, slot) = (Timestamp::from_millis(1_760_000_037_000), 176_000_003);
        let lag = |unseen: &[Option<i64>], slot| {
            let mut passes = Passes::default();
            for seconds in unseen {
                let unseen_for = seconds.map(Millis::seconds);
                passes.add(Passed { skipped: seconds.is_none(), unseen_for, ..Passed::default() });
            }
            passes.lag(slot, now).map(|lag| lag.get() / 1_000)
        };
        assert_eq!(lag(&[Some(31), Some(140), Some(0)], slot), Some(140));
        assert_eq!(lag(&[Some(0)], slot), Some(7), "nothing is live: that of the tick");
        assert_eq!(lag(&[None], slot), None, "another has made it, and says so");
        assert_eq!(lag(&[Some(31)], slot + 720), Some(7_193), "a clock is wrong");
        assert_eq!(lag(&[None], slot + 720), Some(7_193));
    }

    #[test]
    fn whose_venue_hangs_is_looked_at_after_those_that_answer_until_it_answers() {
        let accounts: Vec<_> = ["a", "b", "c"].map(|name| AccountId::of(&[name])).into();
        let [hangs, starved, answers] = accounts.first_chunk().unwrap();
        let (slow, missed) = (Slow::default(), Passed { missed: 1, ..Passed::default() });
        slow.note(hangs, missed, Millis::seconds(17));
        slow.note(starved, missed, Millis::new(3));
        slow.note(answers, Passed::default(), Millis::seconds(6));
        let order = || slow.last(accounts.clone());
        let hung_last = [starved, answers, hangs].map(Clone::clone);
        assert_eq!(order(), hung_last);
        slow.note(hangs, missed, Millis::ZERO);
        slow.note(hangs, Passed { skipped: true, ..Passed::default() }, Millis::ZERO);
        assert_eq!(order(), hung_last, "nothing was asked of it");
        slow.note(hangs, Passed::default(), Millis::new(300));
        assert_eq!(order(), accounts);
    }
}
