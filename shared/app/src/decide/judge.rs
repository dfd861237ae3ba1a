//! Verdicts, and commits that hold nothing else.

use super::close;
use crate::commit::{Change, Replaces, Transaction};
use crate::notices;
use crate::persist::PersistError;
use crate::run::Run;
use domain::clock::Timestamp;
use domain::delivery::{Delivery, Verdict, VerdictKind};
use domain::ids::AttemptId;
use domain::limits;
use domain::notice::Notice;
use domain::reason::Reason;
use store::Engine;
use store::trading::Trading;
use wire::alert;

/// Commits a verdict that causes nothing.
pub(super) async fn alone<D: Engine>(
    deps: &D,
    delivery: Delivery,
    verdict: Verdict,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let mut changes = vec![beside(&delivery, &verdict, now)];
    changes.extend(exit_not_followed(&delivery, &verdict).map(Box::new).map(Change::Notice));
    with(deps, &delivery, verdict, changes, run, now).await
}

/// The same of what was to leave a position or a part of it, whatever its text calls that: its owner hears that it does not.
pub(super) async fn not_followed<D: Engine>(
    deps: &D,
    delivery: &Delivery,
    verdict: Verdict,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let notice = Change::Notice(Box::new(notices::exit_not_followed(&delivery.at, &verdict)));
    let changes = vec![beside(delivery, &verdict, now), notice];
    with(deps, delivery, verdict, changes, run, now).await
}

/// What its owner hears of an exit that closes nothing, though something may be open that it means.
fn exit_not_followed(delivery: &Delivery, verdict: &Verdict) -> Option<Notice> {
    let said = || alert::open(delivery.body.as_bytes());
    let is_missed = match verdict.kind {
        // What was decided before has closed what was open.
        VerdictKind::Rejected if delivery.verdict.is_none() => said().says_over(),
        VerdictKind::Rejected | VerdictKind::Refused | VerdictKind::Stale => said().says_exit(),
        VerdictKind::Ignored
            if verdict
                .reason
                .as_ref()
                .is_some_and(|reason| reason.is_one_of(&[close::BEFORE_ENTRY, close::NO_PRICE])) =>
        {
            said().says_exit()
        }
        _ => false,
    };
    is_missed.then(|| notices::exit_not_followed(&delivery.at, verdict))
}

/// Commits a verdict with what goes along with it, where no position changes.
pub(super) async fn with<D: Engine>(
    deps: &D,
    delivery: &Delivery,
    verdict: Verdict,
    changes: Vec<Change>,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let stamp = AttemptId::new(format!("{}#{}", run.attempt.as_str(), delivery.at.id));
    Trading(deps).commit(&Transaction { stamp, at: now, changes }).await?;
    Ok(verdict)
}

/// The verdict as part of a larger commit.
pub(super) fn beside(delivery: &Delivery, verdict: &Verdict, now: Timestamp) -> Change {
    let waits = verdict.kind == VerdictKind::Queued;
    Change::Verdict {
        delivery: Box::new(delivery.clone()),
        verdict: verdict.clone(),
        due_at: waits.then(|| now.plus(limits::QUEUED_DUE)),
        replaces: Replaces::Undecided,
    }
}

pub(super) fn rejected(code: Reason, detail: impl Into<String>, fields: Vec<&str>, now: Timestamp) -> Verdict {
    let fields = fields.into_iter().map(str::to_owned);
    Verdict::new(VerdictKind::Rejected, now).because(code, detail).naming(fields)
}
