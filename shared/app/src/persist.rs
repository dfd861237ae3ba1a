//! How a changed position is kept: one commit, then its bell, then the outbox row away.
//!
//! What follows from a group's end is added here, so that no use case can forget it: the verdict of an entry that did
//! not come about, the day's loss, and the deliveries that waited for the group.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions))]

use crate::commit::{self, AccountChange, BookChange, Change, EntryBounds, Replaces, Transaction};
use crate::ports::{CommitError, Outbox, Queues, StoreError};
use domain::clock::Timestamp;
use domain::delivery::{Verdict, VerdictKind};
use domain::group::Position;
use domain::ids::AttemptId;
use domain::lineage::Evidence;
use domain::money::{Amount, MoneyError};
use domain::order::{Purpose, Status};
use domain::reason::Reason;
use domain::risk::{Event, EventKind, Place};
use store::Engine;
use store::trading::Trading;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersistError {
    #[error(transparent)]
    Commit(#[from] CommitError),
    #[error("a number of this group cannot be kept exactly")]
    Money(#[from] MoneyError),
}

impl From<StoreError> for PersistError {
    fn from(error: StoreError) -> Self {
        Self::Commit(error.into())
    }
}

/// One commit to be made.
#[derive(Debug)]
pub struct Save<'a> {
    pub before: Option<&'a Position>,
    pub after: &'a Position,
    pub why: &'a str,
    /// Conditions and changes beside the position's own.
    pub beside: Vec<Change>,
    /// Under what an entry was approved: none is committed without.
    pub bounds: Option<EntryBounds>,
    /// Whether the executor is to be rung.
    pub bell: bool,
    pub attempt: &'a AttemptId,
    pub now: Timestamp,
}

/// Commits, and gives the position back with its new version.
///
/// # Errors
/// `LostRace` where another change was first; then nothing was written.
pub fn save<D: Engine + Queues>(deps: &D, save: Save<'_>) -> impl Future<Output = Result<Position, PersistError>> {
    save_with(deps, save, &NOTHING_BEHIND)
}

static NOTHING_BEHIND: Evidence = Evidence { cause: None, prices: Vec::new(), limits: Vec::new(), said: Vec::new() };

/// The same with what stands behind the change, for people.
///
/// # Errors
/// As [`save`].
pub async fn save_with<D: Engine + Queues>(
    deps: &D,
    save: Save<'_>,
    evidence: &Evidence,
) -> Result<Position, PersistError> {
    let Save { before, after, why, beside, bounds, bell, attempt, now } = save;
    if bounds.is_none() && enters(before, after) {
        return Err(StoreError::unreadable("an entry that was not approved").into());
    }
    let mut changes = commit::position(before, after, why, now)?;
    let outbox = bell.then(|| commit::outbox(before, after, now));
    bind(&mut changes, bounds.as_ref(), evidence, outbox.as_ref());
    changes.extend(beside);
    let ends = after.group.is_settled() && before.is_none_or(|before| !before.group.is_settled());
    let book = count(deps, &mut changes, before, after, now).await?;
    changes.extend(book.into_iter().map(Change::Book));
    changes.extend(failed_verdicts(deps, before, after, ends, now).await?);
    let mut saved = after.clone();
    saved.group.version = commit::version(before);
    let stamp = stamp(deps, attempt)?;
    Trading(deps).commit(&Transaction { stamp, at: now, changes }).await?;
    if let Some(outbox) = outbox {
        ring(deps, &outbox.bell, now).await;
    }
    if ends {
        wake(deps, after, now).await;
    }
    Ok(saved)
}

/// Of one commit of a run, and of no other: a run may save a group twice on one version, where it has not heard that the first was
/// applied. The second would else be taken for applied, and what it adds to the account would be added by the next as well.
pub(crate) fn stamp<D: Engine>(deps: &D, attempt: &AttemptId) -> Result<AttemptId, StoreError> {
    Ok(AttemptId::new(format!("{}#{}", attempt.as_str(), deps.stamp()?.as_str())))
}

/// Whether it opens a position or adds to one.
fn enters(before: Option<&Position>, after: &Position) -> bool {
    before.is_none_or(|before| after.numbers().len() > before.numbers().len())
}

fn bind(changes: &mut [Change], bounds: Option<&EntryBounds>, evidence: &Evidence, outbox: Option<&Outbox>) {
    for change in changes {
        match change {
            Change::Account(account) => account.bounds = bounds.map(|bounds| bounds.get().clone()),
            Change::History { entry, bell } => {
                entry.evidence = evidence.clone();
                *bell = outbox.cloned();
            }
            _ => {}
        }
    }
}

/// Rings and clears. Both may fail: the row stays due and the minute rings again.
async fn ring<D: Engine + Queues>(deps: &D, bell: &crate::ports::Bell, now: Timestamp) {
    if deps.ring(bell, now).await.is_ok() {
        let _still_due = Trading(deps).clear_outbox(bell).await;
    }
}

/// Deliveries that wait are due at once. One that is missed is due by itself a little later.
async fn wake<D: Engine>(deps: &D, position: &Position, now: Timestamp) {
    for delivery in &position.group.waiting {
        let _due_later = Trading(deps).wake_delivery(delivery, now).await;
    }
}

/// What is added to the account as it was read: a loss to its day's, and fills to the balance where the venue was asked
/// for it before them. A fill that was made before is in what the venue has said, and is not counted twice; while the
/// venue answered, what was bought counts and what was sold does not, until it is asked again.
///
/// Gives back what rules of a ruled account look back at. An entry says of its book what it has read.
async fn count<D: Engine>(
    deps: &D,
    changes: &mut [Change],
    before: Option<&Position>,
    after: &Position,
    now: Timestamp,
) -> Result<Vec<BookChange>, PersistError> {
    let fills = changes.iter().any(|change| matches!(change, Change::Fill { .. }));
    let closes = closed(before, after);
    let mut book = Vec::new();
    for change in changes {
        let Change::Account(change) = change else { continue };
        let loses = !change.loss.get().is_zero();
        let flows = fills || !change.balance.get().is_zero();
        if !loses && !flows && closes.is_none() {
            continue;
        }
        let Some(account) = Trading(deps).load_account(&change.account).await? else { continue };
        if change.bounds.is_none() {
            change.unruled = !account.ruled;
            if account.ruled {
                book.extend(book_changes(before, after, change, closes, now));
            }
        }
        change.seen_loss = loses.then_some(account.day_loss);
        let (asked_at, told_at) = (account.balance_at, account.balance_told_at);
        let since = |position: &Position| position.cash_flow_after(asked_at, told_at);
        let was = before.map(since).transpose()?.unwrap_or(Amount::ZERO);
        change.balance = since(after)?.minus(was)?;
        change.seen_balance_at = flows.then_some(asked_at);
    }
    Ok(book)
}

/// What a position that has bought something has realised, where it ends by this change.
fn closed(before: Option<&Position>, after: &Position) -> Option<Amount> {
    let settled = after.group.settled.filter(|_| before.is_some_and(|before| !before.group.is_settled()))?;
    after.has_bought().then_some(settled.realised)
}

/// That more is held or lost than before, and what rules look back at.
fn book_changes(
    before: Option<&Position>,
    after: &Position,
    change: &AccountChange,
    closes: Option<Amount>,
    now: Timestamp,
) -> Vec<BookChange> {
    let (group, version) = (&after.group, commit::version(before));
    let event = |kind| {
        let event = Event { at: now, group: group.id.clone(), place: Place::of(group, None), kind };
        BookChange::Event { user: group.user.clone(), event: Box::new(event), version }
    };
    let loss = Some(change.loss).filter(|loss| !loss.get().is_zero());
    let worse = loss.is_some() || change.exposure > Amount::ZERO;
    let worse = worse.then(|| BookChange::Worse { user: group.user.clone() });
    let events = loss.map(EventKind::Loss).into_iter().chain(closes.map(EventKind::Close)).map(event);
    worse.into_iter().chain(events).collect()
}

/// The verdicts of entries that did not come about: of additions that have ended so by themselves, and of whatever has
/// bought nothing when the group ends.
async fn failed_verdicts<D: Engine>(
    deps: &D,
    before: Option<&Position>,
    after: &Position,
    ends: bool,
    now: Timestamp,
) -> Result<Vec<Change>, StoreError> {
    let has_left = |position: &Position, number: u32| position.group.pyramids.left.contains_key(&number);
    let mut verdicts = Vec::new();
    for number in after.numbers() {
        let leaves = has_left(after, number) && !before.is_some_and(|before| has_left(before, number));
        let ended = leaves || (ends && !has_left(after, number));
        if ended && !after.part(number).has_bought() {
            verdicts.extend(failed_verdict(deps, after, number, now).await?);
        }
    }
    Ok(verdicts)
}

/// What stood in the way of an entry.
async fn failed_verdict<D: Engine>(
    deps: &D,
    position: &Position,
    number: u32,
    now: Timestamp,
) -> Result<Option<Change>, StoreError> {
    let Some(verdict) = never_entered(position, number, now) else { return Ok(None) };
    let Some(delivery) = Trading(deps).load_delivery(position.group.delivery_of(number)).await? else {
        return Ok(None);
    };
    let Some(accepted) = delivery.verdict.as_ref().filter(|verdict| verdict.kind == VerdictKind::Accepted) else {
        return Ok(None);
    };
    let verdict = verdict.in_mode(accepted.mode);
    let (delivery, replaces) = (Box::new(delivery), Replaces::Accepted);
    Ok(Some(Change::Verdict { delivery, verdict, due_at: None, replaces }))
}

/// A person's own cancel leaves the alert accepted.
fn never_entered(position: &Position, number: u32, now: Timestamp) -> Option<Verdict> {
    let entry = position.latest_in(number, 0, Purpose::Entry)?;
    if matches!(entry.status, Status::Cancelled | Status::Expired) {
        return None;
    }
    let (kind, code, detail) = match &entry.refusal {
        Some(refusal) if refusal.code == Reason::Cancelled => return None,
        Some(refusal) if refusal.code != Reason::Expired => {
            (VerdictKind::Refused, refusal.code.clone(), &*refusal.detail)
        }
        Some(refusal) => (VerdictKind::Expired, refusal.code.clone(), &*refusal.detail),
        None if entry.is_unproven() => (
            VerdictKind::Expired,
            Reason::NotPlaced.into(),
            "nobody knew what became of the order, and the venue does not show it: it is not sent again",
        ),
        None => {
            (VerdictKind::Expired, Reason::NotPlaced.into(), "the venue never had the order, and its time was over")
        }
    };
    Some(Verdict::new(kind, now).because(code, detail).about([position.group.id.clone()]))
}
