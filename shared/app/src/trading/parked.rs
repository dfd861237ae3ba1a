//! What is left to a person: carried out again, or dropped.
//!
//! 1. A row ends once. The same wish again is answered as the first time, and sends nothing.
//! 2. What a retry causes is committed with the row's end, and sent after it: whatever is lost in between is sent by the
//!    minute. A message that is only passed on is sent before, under the row's id: what is lost in between is sent again
//!    as the same message.
//! 3. A delivery is decided anew, never carried out as it once was meant: the worker looks at its age and its market.

use super::ActError;
use crate::actor::{Act, audit};
use crate::commit::{Change, Replaces, Transaction};
use crate::conflict::retry_on_conflict;
use crate::minute;
use crate::ports::{Bell, CommitError, Outbox, Queues};
use domain::delivery::{Delivery, DeliveryRef, Verdict, VerdictKind};
use domain::ids::{AttemptId, ParkedId};
use domain::limits;
use domain::parked::{Ended, Parked, Retry, Subject, deployment};
use domain::reason::Reason;
use domain::vault::Mode;
use store::Engine;
use store::trading::Trading;

/// Whose rows are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    /// The user's own.
    Own,
    /// The user's own, and what is nobody's own: whoever keeps the deployment.
    Deployment,
}

/// One row of the user's own, or of the deployment's where the user sees that.
///
/// # Errors
/// `NoParked`, or where the store cannot be reached.
pub async fn find_parked<D: Engine>(deps: &D, id: &ParkedId, sees: Sees, act: Act<'_>) -> Result<Parked, ActError> {
    if let Some(own) = Trading(deps).find_parked(act.user, id).await? {
        return Ok(own);
    }
    let common = if sees == Sees::Deployment { Trading(deps).find_parked(&deployment(), id).await? } else { None };
    common.ok_or(ActError::NoParked)
}

/// Carries it out again. What was retried before is answered as it was then.
///
/// # Errors
/// `NoParked`, `AlreadyDropped`, `Worthless`, `AlreadyDecided`, `NoDelivery`, or where store or queue cannot be reached.
pub async fn retry_parked<D: Engine + Queues>(
    deps: &D,
    id: &ParkedId,
    sees: Sees,
    act: Act<'_>,
) -> Result<Parked, ActError> {
    retry_on_conflict(ActError::Contended, || async {
        let parked = find_parked(deps, id, sees, act).await?;
        if has_ended(&parked, Ended::Retried)? {
            return Ok(Some(parked));
        }
        Ok(again(deps, &parked, act).await?.then_some(parked.ended(Ended::Retried, None, act.now)))
    })
    .await
}

/// Whether it has ended in this way already.
fn has_ended(parked: &Parked, wished: Ended) -> Result<bool, ActError> {
    match parked.end.as_ref().map(|end| end.how) {
        None => Ok(false),
        Some(how) if how == wished => Ok(true),
        Some(Ended::Dropped) => Err(ActError::AlreadyDropped),
        Some(Ended::Retried) => Err(ActError::AlreadyRetried),
    }
}

/// Ends it without carrying it out, and with it the alert that it was about, where that has no verdict yet: a person's where there may be
/// money, since it may be the way out of a position. What was dropped before is answered as it was then.
///
/// # Errors
/// `NoParked`, `AlreadyRetried`, `NotInPerson`, or where the store cannot be reached.
pub async fn drop_parked<D: Engine>(
    deps: &D,
    id: &ParkedId,
    reason: &str,
    sees: Sees,
    act: Act<'_>,
) -> Result<Parked, ActError> {
    retry_on_conflict(ActError::Contended, || async {
        let parked = find_parked(deps, id, sees, act).await?;
        if has_ended(&parked, Ended::Dropped)? {
            return Ok(Some(parked));
        }
        let dropped = parked.ended(Ended::Dropped, Some(reason), act.now);
        let given_up = give_up(deps, &parked, act).await?;
        Ok(end(deps, &dropped, reason, given_up.into_iter().collect(), act).await?.then_some(dropped))
    })
    .await
}

/// An alert without a verdict would be asked for again by the minute, and carried out after all.
async fn give_up<D: Engine>(deps: &D, parked: &Parked, act: Act<'_>) -> Result<Option<Change>, ActError> {
    let Subject::Signal(at) = &parked.subject else { return Ok(None) };
    let undecided = |delivery: &Delivery| delivery.verdict.as_ref().is_none_or(|verdict| !is_final(verdict.kind));
    let Some(delivery) = Trading(deps).load_delivery(at).await?.filter(undecided) else { return Ok(None) };
    let is_paper =
        delivery.mode() == Some(Mode::Paper) || delivery.exchange.as_ref().is_some_and(|exchange| exchange.is_paper());
    if !is_paper && !act.in_person() {
        return Err(ActError::NotInPerson("drops no signal that is not decided: it may close a position"));
    }
    let verdict =
        Verdict::new(VerdictKind::Ignored, act.now).because(Reason::Dropped, "it was dropped by hand, undecided");
    let verdict = verdict.in_mode(delivery.mode());
    Ok(Some(Change::Verdict { delivery: Box::new(delivery), verdict, due_at: None, replaces: Replaces::Parked }))
}

/// False where another change was first.
async fn again<D: Engine + Queues>(deps: &D, parked: &Parked, act: Act<'_>) -> Result<bool, ActError> {
    let retried = parked.ended(Ended::Retried, None, act.now);
    match (parked.retry()?, &parked.subject, &parked.letter) {
        (Retry::Ring, Subject::Bell { account, group, version }, _) => {
            let (account, group, again) = (account.clone(), group.clone(), Some(parked.id.to_string()));
            let bell = Bell { account, group, version: *version, again, trace: parked.trace.clone() };
            ring(deps, &retried, bell, act).await
        }
        (Retry::Decide, Subject::Signal(delivery), _) => decide(deps, &retried, delivery, act).await,
        (Retry::Send, _, Some(letter)) => {
            deps.send_again(letter, parked.id.as_str()).await?;
            end(deps, &retried, RETRIED, Vec::new(), act).await
        }
        _ => Err(ActError::NoParked),
    }
}

async fn ring<D: Engine + Queues>(deps: &D, retried: &Parked, bell: Bell, act: Act<'_>) -> Result<bool, ActError> {
    let outbox = Outbox { bell, due_at: act.now.plus(limits::OUTBOX_DUE), sends: 0 };
    let ended = end(deps, retried, RETRIED, vec![Change::Outbox(outbox.clone())], act).await?;
    if ended && deps.ring(&outbox.bell, act.now).await.is_ok() {
        let _still_due = Trading(deps).clear_outbox(&outbox.bell).await;
    }
    Ok(ended)
}

/// The delivery waits again, due at once; its new number is taken with the signal, here or by the minute.
async fn decide<D: Engine + Queues>(
    deps: &D,
    retried: &Parked,
    at: &DeliveryRef,
    act: Act<'_>,
) -> Result<bool, ActError> {
    let delivery = Trading(deps).load_delivery(at).await?.ok_or(ActError::NoDelivery)?;
    let decided = delivery.verdict.as_ref().map(|verdict| verdict.kind).filter(|kind| is_final(*kind));
    if let Some(kind) = decided {
        return Err(ActError::AlreadyDecided(kind));
    }
    let verdict = Verdict::new(VerdictKind::Queued, act.now).because(Reason::Retried, "a new decision was asked for");
    let verdict = verdict.in_mode(delivery.mode());
    let waiting = Delivery { verdict: Some(verdict.clone()), due_at: Some(act.now), ..delivery.clone() };
    let (due_at, replaces) = (waiting.due_at, Replaces::Parked);
    let waits = Change::Verdict { delivery: Box::new(delivery), verdict, due_at, replaces };
    let ended = end(deps, retried, RETRIED, vec![waits], act).await?;
    if ended {
        let _asked_by_the_minute = minute::ask(deps, &waiting, act.now).await;
    }
    Ok(ended)
}

const RETRIED: &str = "carried out again";

fn is_final(kind: VerdictKind) -> bool {
    !matches!(kind, VerdictKind::Queued | VerdictKind::Parked)
}

/// The end with its record and all that goes with it; false where another change was first.
async fn end<D: Engine>(
    deps: &D,
    ended: &Parked,
    reason: &str,
    mut changes: Vec<Change>,
    act: Act<'_>,
) -> Result<bool, ActError> {
    let dropped = ended.end.as_ref().is_some_and(|end| end.how == Ended::Dropped);
    let action = if dropped { "drop parked" } else { "retry parked" };
    changes.push(Change::EndParked(Box::new(ended.clone())));
    changes.push(Change::Audit(audit(action, ended.id.as_str(), reason, act)));
    let stamp = AttemptId::new(format!("{}#{}", act.attempt.as_str(), ended.id));
    match Trading(deps).commit(&Transaction { stamp, at: act.now, changes }).await {
        Ok(()) => Ok(true),
        Err(CommitError::LostRace) => Ok(false),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}
