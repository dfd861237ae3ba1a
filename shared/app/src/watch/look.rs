//! One group in one pass: facts, then price, then decisions, then one commit.

use super::resolve::{self, Answers, Questions};
use super::turn::Sight;
use super::{WatchError, rules};
use crate::commit::{self, Transaction};
use crate::conflict::retry_from;
use crate::persist::{self, PersistError, Save, save_with};
use crate::ports::{Bell, CommitError, Queues, Venue};
use crate::run::Run;
use crate::trading::take_back_sent;
use domain::clock::{Millis, Timestamp};
use domain::group::{ExitReason, Mark, Observer, Position, Step, next};
use domain::ids::{AccountId, AttemptId};
use domain::limits;
use domain::lineage::{self, Cause, Evidence, PriceSource};
use domain::money::{MoneyError, Price};
use domain::order::Status;
use std::ops::ControlFlow::{Break, Continue};
use store::Engine;
use store::trading::Trading;

/// What the pass brings to every group of a market.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) price: Option<(Price, Timestamp)>,
    pub(super) slot: i64,
    pub(super) halted: bool,
}

/// A group after its look.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) position: Position,
    /// Whether the venue has answered for all of its orders.
    pub(super) answered: bool,
}

/// Orders in doubt after the look.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Doubt {
    pub(super) orders: u32,
    pub(super) age_max: Millis,
    /// Of what was not sent yet.
    pub(super) planned_age_max: Millis,
}

/// Asks about at most so many of its orders, and keeps what follows.
pub(super) async fn look<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    sight: &mut Sight<'_>,
    most: usize,
    run: &Run,
) -> Result<(), WatchError> {
    let (seen, questions) = (sight.seen, Questions { slot: sight.seen.slot, most, of: |_| true });
    retry_from(sight, WatchError::Contended, |sight| async move {
        let stored = match sight.as_loaded(deps.now()) {
            Some(loaded) => Some(loaded),
            None => Trading(deps).load_position(account, sight.group).await?,
        };
        let Some(stored) = stored else {
            sight.looked = Some(None);
            return Ok(Break(()));
        };
        if stored.group.is_settled() {
            leave_seat(deps, &stored, run).await;
        }
        sight.answers.complete(venue, deps, &stored, questions, run).await;
        let answered = sight.answers.are_complete(&stored, deps.now());
        match keep(deps, venue, &stored, &sight.answers, seen, run).await {
            Ok(position) => {
                sight.looked = Some(Some(Looked { position, answered }));
                Ok(Break(()))
            }
            Err(PersistError::Commit(CommitError::LostRace)) => Ok(Continue(sight)),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Nobody sits there any more. Whoever has settled it has left its seat as well; where that is still to be seen, or
/// another sits there, nothing changes.
async fn leave_seat<D: Engine>(deps: &D, position: &Position, run: &Run) {
    let stamp = AttemptId::new(format!("{}#{}#seat", run.attempt.as_str(), position.group.id));
    let transaction = Transaction { stamp, at: deps.now(), changes: vec![commit::leaves(position)] };
    let _left_before = Trading(deps).commit(&transaction).await;
}

/// Facts in parts of bounded size, then everything that follows from them.
async fn keep<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    stored: &Position,
    answers: &Answers,
    seen: Seen,
    run: &Run,
) -> Result<Position, PersistError> {
    let now = deps.now();
    let mut stored = stored.clone();
    let mut parts = resolve::merged_in_parts(&stored, answers, now);
    let last = parts.pop().unwrap_or_else(|| stored.clone());
    let surprise = last.group.attention.clone().filter(|told| stored.group.attention.as_ref() != Some(told));
    // What is decided needs room in its own commit.
    if last.changed_since(&stored) > limits::ORDERS_PER_COMMIT_MAX / 2 {
        parts.push(last.clone());
    }
    for part in parts {
        let because = Because { why: "fills", bell: false, evidence: &Evidence::default() };
        stored = keep_change(deps, &stored, &part, because, run, now).await?;
    }
    let merged = Position { group: domain::group::Group { version: stored.group.version, ..last.group }, ..last };
    let present = resolve::absences(&merged, answers, venue.terms(&merged.group.market.key.exchange));
    if resolve::called_absent(&merged, &present) {
        // Before it is committed: what is called absent and comes after all is looked for.
        Trading(deps).mark_late(&merged.group.account, &merged.group.market.key.symbol, now).await?;
    }
    let by_now = rules::read_anew(deps, &present).await;
    let (present, stricter) = rules::under(present.marked_unshown(now), by_now);
    let Decided { position: decided, why, cause, effect } = decide(&present, seen, run, now)?;
    let tracked = why.is_empty() && decided.differs_in_track_alone(&stored);
    if decided != stored && !tracked {
        let why = surprise
            .into_iter()
            .chain(stricter)
            .chain((!why.is_empty()).then_some(why))
            .reduce(|all, next| all + ", " + &next);
        let why = why.unwrap_or_else(|| "seen at the venue".to_owned());
        let evidence = Evidence { cause, ..answers.evidence() };
        let because = Because { why: &why, bell: effect, evidence: &evidence };
        return keep_change(deps, &stored, &marked(&decided, seen), because, run, now).await;
    }
    let kept = if tracked {
        keep_tracked(deps, &stored, marked(&decided, seen), run, now).await?
    } else {
        keep_mark(deps, &stored, seen).await;
        stored
    };
    if effect && is_overdue(&kept, now) {
        ring_again(deps, &kept, seen.slot, now).await;
    }
    Ok(kept)
}

/// Nobody else is told and nothing else is written: a peak or a trailing stop that has risen, or a stop that begins or
/// ceases to wait.
async fn keep_tracked<D: Engine>(
    deps: &D,
    before: &Position,
    after: Position,
    run: &Run,
    now: Timestamp,
) -> Result<Position, PersistError> {
    let mut kept = after;
    let changes = commit::tracked(before, &kept);
    kept.group.version = commit::version(Some(before));
    let stamp = persist::stamp(deps, &run.attempt)?;
    Trading(deps).commit(&Transaction { stamp, at: now, changes }).await?;
    Ok(kept)
}

/// Why a group is changed, what stands behind that, and whether the executor is rung.
#[derive(Debug, Clone, Copy)]
struct Because<'a> {
    why: &'a str,
    bell: bool,
    evidence: &'a Evidence,
}

async fn keep_change<D: Engine + Queues>(
    deps: &D,
    before: &Position,
    after: &Position,
    Because { why, bell, evidence }: Because<'_>,
    run: &Run,
    now: Timestamp,
) -> Result<Position, PersistError> {
    let (attempt, beside) = (&run.attempt, Vec::new());
    let save = Save { before: Some(before), after, why, beside, bounds: None, bell, attempt, now };
    let kept = save_with(deps, save, evidence).await?;
    run.remarks.changed(before, &kept, now);
    Ok(kept)
}

/// What follows from one look.
struct Decided {
    position: Position,
    /// Empty where nothing was decided.
    why: String,
    /// A price that makes it leave.
    cause: Option<Cause>,
    /// Whether something is to be done at the venue.
    effect: bool,
}

/// What the price says, then all decisions until something is to be done at the venue or nothing at all.
fn decide(merged: &Position, seen: Seen, run: &Run, now: Timestamp) -> Result<Decided, MoneyError> {
    let (mut position, mut why) = (tracked(merged, seen, now)?, Vec::new());
    let (mut cause, mut effect) = (None, false);
    if position.group.tracked.armed.is_some() && merged.group.tracked.armed.is_none() {
        why.push("take-profit armed");
    }
    if let Some((left, word)) = left(&position, seen, now)? {
        cause = seen.price.filter(|_| !position.is_over_time(now)).map(by);
        position = left;
        why.push(word);
    } else if let Some(reached) = reached(&position, seen, run, now)? {
        position = reached;
        why.push("safety orders reached");
    }
    // Whoever has set the halt may have come no further, or may not come as far as to the orders.
    if let Some(ended) = seen.halted.then(|| take_back_sent(&position, now).ok().flatten()).flatten() {
        position = ended;
        why.push("entries cancelled by a halt");
    }
    for _ in 0..limits::STEPS_PER_RUN_MAX {
        match next(&position, &run.deployment, Observer::Watch, now)? {
            Step::Decide { position: decided, why: reason } => {
                position = *decided;
                why.push(reason);
                if position.changed_since(merged) > limits::ORDERS_PER_COMMIT_MAX {
                    // The executor goes on.
                    effect = true;
                    break;
                }
            }
            Step::Cancel(_) | Step::Submit(_) => {
                effect = true;
                break;
            }
            Step::Wait | Step::Settled => break,
        }
    }
    effect |= lost_sender(&position, now);
    Ok(Decided { position, why: why.join(", "), cause, effect })
}

fn by((price, at): (Price, Timestamp)) -> Cause {
    Cause::Price(lineage::Seen { price, source: PriceSource::Watch, at: Some(at) })
}

/// With the safety orders planned that wait for a price which is seen now.
fn reached(position: &Position, seen: Seen, run: &Run, now: Timestamp) -> Result<Option<Position>, MoneyError> {
    match seen.price {
        Some((price, at)) => position.reach(&run.deployment, price, at, now),
        None => Ok(None),
    }
}

fn tracked(position: &Position, seen: Seen, now: Timestamp) -> Result<Position, MoneyError> {
    seen.price.map_or_else(|| Ok(position.clone()), |(price, at)| position.track(price, at, now))
}

/// Whether time or the price makes it leave as it is known.
pub(super) fn leaves(position: &Position, seen: Seen, now: Timestamp) -> Result<bool, MoneyError> {
    Ok(left(&tracked(position, seen, now)?, seen, now)?.is_some())
}

/// The position as time and price make it leave: all of it, or those of its parts that stand alone.
fn left(position: &Position, seen: Seen, now: Timestamp) -> Result<Option<(Position, &'static str)>, MoneyError> {
    if position.group.exit.is_some() || position.group.is_settled() {
        return Ok(None);
    }
    if position.is_over_time(now) {
        return Ok(Some((position.leave(ExitReason::TimeLimit, now), "time limit reached")));
    }
    let Some((price, at)) = seen.price else { return Ok(None) };
    if !position.stands_alone() {
        return Ok(hit(position, price, at, now)?.map(|(reason, word)| (position.leave(reason, now), word)));
    }
    let mut left = None;
    for part in position.parts()?.iter().filter(|part| part.group.exit.is_none()) {
        if let Some((reason, word)) = hit(part, price, at, now)? {
            let so_far = left.as_ref().map_or(position, |(position, _)| position);
            left = Some((so_far.with_part(&part.leave(reason, now)), word));
        }
    }
    Ok(left)
}

/// The stop, where a trailing take-profit sells, and where a hybrid sells everything.
fn hit(
    position: &Position,
    price: Price,
    at: Timestamp,
    now: Timestamp,
) -> Result<Option<(ExitReason, &'static str)>, MoneyError> {
    if position.ledger()?.held()?.is_zero() {
        return Ok(None);
    }
    if position.is_stopped(price, at, now)? {
        return Ok(Some((ExitReason::StopLoss, "stop-loss hit")));
    }
    if position.has_trailed(price, at, now) {
        return Ok(Some((ExitReason::TakeProfit, "fallen from its peak")));
    }
    let gained = |target: Price| position.group.side.has_gained(&price, &target);
    let reached = position.price_of_all()?.is_some_and(|target| gained(target) && position.is_since_entries(at, now));
    Ok(reached.then_some((ExitReason::TakeProfit, "take-profit of all reached")))
}

/// An order whose sender can no longer be running: the executor will find that it has lost track of it.
fn lost_sender(position: &Position, now: Timestamp) -> bool {
    position.orders.iter().any(|order| {
        let sent = order.submission.as_ref().map(|submission| submission.sent_at);
        order.status == Status::Submitting && sent.is_some_and(|sent| now.since(sent) > limits::EXECUTOR_VISIBILITY)
    })
}

/// The price for people to see goes along with every commit.
fn marked(position: &Position, seen: Seen) -> Position {
    let mut marked = position.clone();
    marked.group.mark = seen.price.map(|(price, at)| Mark { price, at }).or(position.group.mark);
    marked
}

/// Without a commit, it is kept alone, and at most every half minute.
async fn keep_mark<D: Engine>(deps: &D, position: &Position, seen: Seen) {
    let Some((price, at)) = seen.price else { return };
    if position.group.mark.is_none_or(|mark| at.since(mark.at) >= MARK_AGE_MAX) {
        let _for_people_only =
            Trading(deps).keep_mark(&position.group.account, &position.group.id, &Mark { price, at }).await;
    }
}

const MARK_AGE_MAX: Millis = Millis::seconds(30);

/// Whether what is to be done was not begun within [`limits::INTENT_OVERDUE`] of its commit.
fn is_overdue(position: &Position, now: Timestamp) -> bool {
    let overdue = |since: Timestamp| now.since(since) >= limits::INTENT_OVERDUE;
    let planned = position.orders.iter().filter(|order| order.status == Status::Planned).map(|order| order.planned_at);
    let wished =
        position.orders.iter().filter(|order| !order.status.is_final()).filter_map(|order| order.cancel_wanted);
    let left = position.group.pyramids.left.values().copied();
    let leaving = position.group.exit.into_iter().chain(left).map(|exit| exit.at);
    planned.chain(wished).chain(leaving).any(overdue) || lost_sender(position, now)
}

async fn ring_again<D: Engine + Queues>(deps: &D, position: &Position, slot: i64, now: Timestamp) {
    let group = &position.group;
    let bell = Bell {
        account: group.account.clone(),
        group: group.id.clone(),
        version: group.version,
        again: Some(slot.to_string()),
        trace: group.trace.clone(),
    };
    // The next pass rings again.
    let _lost = deps.ring(&bell, now).await;
}

pub(super) fn doubt(position: &Position, now: Timestamp) -> Doubt {
    let planned = position.orders.iter().filter(|order| order.status == Status::Planned);
    let planned_age_max = planned.map(|order| now.since(order.planned_at)).max().unwrap_or_default();
    let unknown = position.orders.iter().filter(|order| order.status == Status::Unknown);
    unknown.fold(Doubt { planned_age_max, ..Doubt::default() }, |doubt, order| {
        let sent = order.submission.as_ref().map_or(now, |submission| submission.sent_at);
        Doubt { orders: doubt.orders.saturating_add(1), age_max: doubt.age_max.max(now.since(sent)), ..doubt }
    })
}
