//! The minute: re-sends what is due, and tells the watch which slots to serve.
//!
//! 1. A row's time is moved before it is sent again: two minutes at once send it once.
//! 2. A bell that the queue has taken is done: the queue keeps it for days. One that it did not take is tried again,
//!    and after so many tries ends as `parked`, which its user sees.
//! 3. What lies in a dead-letter queue becomes a row; rows that wait for a person are counted until they end.

mod horizon;

use crate::commit::{Change, Replaces, Transaction};
use crate::drain::{Drained, drain};
use crate::ports::{CommitError, Outbox, Queues, Signal, StoreError, TICKS_PER_CALL_MAX, backoff};
use crate::{notices, park};
use domain::clock::{Millis, Timestamp};
use domain::delivery::Delivery;
use domain::ids::AttemptId;
use domain::limits;
use domain::parked::deployment;
use domain::reason::Reason;
pub use horizon::Sent;
use store::Engine;
use store::trading::Trading;

/// What a minute did and saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minded {
    pub bells: u32,
    pub signals: u32,
    pub ticks: u32,
    /// Shards with an account that is watched.
    pub watched: usize,
    /// What became a row for a person in this minute.
    pub parked: u32,
    /// Messages in dead-letter queues that are not rows yet, and rows that wait for a person.
    pub waiting: u64,
    pub outbox_due_age_max: Millis,
    /// Of those that are due.
    pub undecided_age_max: Millis,
    pub deliveries_without_verdict: u32,
}

/// Serves every shard. `sent` is what the minutes before this one have sent, as far as this process remembers.
///
/// # Errors
/// The first failure of store or queue, after everything else was served; what failed is due again next minute.
pub async fn minute<D: Engine + Queues>(deps: &D, sent: &mut Sent, now: Timestamp) -> Result<Minded, StoreError> {
    let mut minded = Minded::default();
    // Ticks first: positions are watched even where a due row cannot be served.
    let mut failed = ticks(deps, sent, now, &mut minded).await.err();
    for shard in 0..limits::DUE_SHARDS {
        failed = failed.or(bells(deps, shard, now, &mut minded).await.err());
        failed = failed.or(signals(deps, shard, now, &mut minded).await.err());
    }
    failed = failed.or(dead(deps, &mut minded).await.err());
    failed.map_or(Ok(minded), Err)
}

async fn dead<D: Engine + Queues>(deps: &D, minded: &mut Minded) -> Result<(), StoreError> {
    let mut drained = Drained::default();
    let ended = drain(deps, &mut drained).await;
    minded.parked = minded.parked.saturating_add(drained.kept);
    // The list may not show yet what was put now.
    let rows = Trading(deps).count_parked().await?.max(minded.parked.into());
    minded.waiting = rows.saturating_add(drained.seen.saturating_sub(drained.kept.into()));
    ended
}

/// One row that fails does not keep the others of its shard waiting: it makes way for them, unless it was moved already.
async fn bells<D: Engine + Queues>(deps: &D, shard: u8, now: Timestamp, minded: &mut Minded) -> Result<(), StoreError> {
    let mut failed = None;
    for outbox in Trading(deps).due_outbox(shard, now).await? {
        if let Err(error) = ring_due(deps, &outbox, now, minded).await {
            let _else_it_stays = Trading(deps).postpone_outbox(&outbox, now.plus(limits::OUTBOX_DUE_MAX)).await;
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn signals<D: Engine + Queues>(
    deps: &D,
    shard: u8,
    now: Timestamp,
    minded: &mut Minded,
) -> Result<(), StoreError> {
    let mut failed = None;
    for delivery in Trading(deps).due_deliveries(shard, now).await? {
        if let Err(error) = signal_due(deps, &delivery, now, minded).await {
            let later = now.plus(limits::OUTBOX_DUE_MAX);
            let _else_it_stays = Trading(deps).postpone_delivery(&delivery, delivery.decisions, later).await;
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(()), Err)
}

/// All slots of the horizon that are not on their way yet; the watch skips what it has served already.
async fn ticks<D: Engine + Queues>(
    deps: &D,
    sent: &mut Sent,
    now: Timestamp,
    minded: &mut Minded,
) -> Result<(), StoreError> {
    let shards = Trading(deps).active_shards().await?;
    minded.watched = shards.len();
    let due = sent.due(&shards, now);
    let mut failed = None;
    for ticks in due.chunks(TICKS_PER_CALL_MAX) {
        match deps.send_ticks(ticks, now).await {
            Ok(()) => minded.ticks = minded.ticks.saturating_add(sent.note(ticks)),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn ring_due<D: Engine + Queues>(
    deps: &D,
    outbox: &Outbox,
    now: Timestamp,
    minded: &mut Minded,
) -> Result<(), StoreError> {
    minded.outbox_due_age_max = minded.outbox_due_age_max.max(now.since(outbox.due_at));
    if outbox.sends >= limits::OUTBOX_SENDS_MAX {
        let owner =
            Trading(deps).load_account(&outbox.bell.account).await?.map_or_else(deployment, |account| account.user);
        let row = park::bell(outbox, owner, now);
        Trading(deps).park_outbox(outbox, &row).await?;
        notices::parked(deps, &row).await;
        minded.parked = minded.parked.saturating_add(1);
        return Ok(());
    }
    if Trading(deps).postpone_outbox(outbox, now.plus(backoff(outbox.sends))).await? {
        deps.ring(&outbox.bell, now).await?;
        Trading(deps).done_outbox(outbox, now).await?;
        minded.bells = minded.bells.saturating_add(1);
    }
    Ok(())
}

async fn signal_due<D: Engine + Queues>(
    deps: &D,
    delivery: &Delivery,
    now: Timestamp,
    minded: &mut Minded,
) -> Result<(), StoreError> {
    let undecided = u32::from(delivery.verdict.is_none());
    minded.deliveries_without_verdict = minded.deliveries_without_verdict.saturating_add(undecided);
    if undecided > 0 {
        minded.undecided_age_max = minded.undecided_age_max.max(age(delivery, now));
    }
    if age(delivery, now) > limits::UNDECIDED_MAX {
        park_delivery(deps, delivery, now).await?;
        minded.parked = minded.parked.saturating_add(1);
    } else if ask(deps, delivery, now).await? {
        minded.signals = minded.signals.saturating_add(1);
    }
    Ok(())
}

/// Asks for the decision of a delivery that is due; false where another has asked already.
///
/// # Errors
/// Where store or queue cannot be reached; it is due again a little later.
pub(crate) async fn ask<D: Engine + Queues>(deps: &D, delivery: &Delivery, now: Timestamp) -> Result<bool, StoreError> {
    // A waiting delivery asks for a new decision; a lost signal is only repaired.
    let waits = delivery.verdict.is_some();
    let decision = if waits { delivery.decisions.saturating_add(1) } else { delivery.decisions };
    let asked = Trading(deps).postpone_delivery(delivery, decision, now.plus(next_look(age(delivery, now)))).await?;
    if asked {
        deps.send_signal(&signal(delivery, decision), now).await?;
    }
    Ok(asked)
}

/// Since it came, or since it was last decided to let it wait.
fn age(delivery: &Delivery, now: Timestamp) -> Millis {
    now.since(delivery.verdict.as_ref().map_or(delivery.at.first_at, |verdict| verdict.at))
}

async fn park_delivery<D: Engine>(deps: &D, delivery: &Delivery, now: Timestamp) -> Result<(), StoreError> {
    let why = "no decision came about in more than an hour".to_owned();
    let (verdict, parked) = park::delivery(delivery, Reason::Undecided, why, now);
    let stamp = AttemptId::new(format!("minute#{}#{}", now.millis(), parked.id));
    let (judged, replaces) = (Box::new(delivery.clone()), Replaces::Undecided);
    let judged = Change::Verdict { delivery: judged, verdict, due_at: None, replaces };
    let changes = vec![judged, Change::Park(Box::new(parked.clone()))];
    match Trading(deps).commit(&Transaction { stamp, at: now, changes }).await {
        Ok(()) => {
            notices::parked(deps, &parked).await;
            Ok(())
        }
        // Somebody has decided it: nothing is left to a person.
        Err(CommitError::LostRace) => Ok(()),
        Err(CommitError::Store(error)) => Err(error),
    }
}

/// As long again as it has waited, within bounds.
fn next_look(age: Millis) -> Millis {
    Millis::new(age.get().clamp(limits::DELIVERY_DUE.get(), limits::OUTBOX_DUE_MAX.get()))
}

fn signal(delivery: &Delivery, decision: u32) -> Signal {
    let (lane, trace) = (delivery.lane.clone(), delivery.trace.clone());
    Signal { delivery: delivery.at.clone(), decision, lane, trace }
}
