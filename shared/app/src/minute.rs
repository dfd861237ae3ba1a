//! The minute: re-sends what is due, and tells the watch which slots to serve.
//!
//! 1. A row's time is moved before it is sent again: two minutes at once send it once.
//! 2. A bell that the queue has taken is done: the queue keeps it for days. One that it did not take is tried again,
//!    and after so many tries ends as `parked`, which its user sees.

use crate::ports::{
    ListActive, MindDue, Outbox, QueueDepth, Ring, SendSignal, SendTick, Signal, StoreError, Tick, backoff,
};
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, Verdict, VerdictKind};
use domain::limits;

/// What the minute needs.
pub trait Minute: MindDue + ListActive + Ring + SendSignal + SendTick + QueueDepth {}
impl<D: MindDue + ListActive + Ring + SendSignal + SendTick + QueueDepth> Minute for D {}

/// What a minute did and saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minded {
    pub bells: u32,
    pub signals: u32,
    pub ticks: u32,
    /// Rows that ended as `parked`.
    pub parked: u32,
    /// Messages in dead-letter queues.
    pub dead_letters: u64,
    pub outbox_due_age_max: Millis,
    pub deliveries_without_verdict: u32,
}

/// Serves every shard.
///
/// # Errors
/// The first failure of store or queue, after everything else was served; what failed is due again next minute.
pub async fn minute<D: Minute>(deps: &D, now: Timestamp) -> Result<Minded, StoreError> {
    let (mut minded, mut failed) = (Minded::default(), None);
    // The ticks of all shards first: positions are watched even where a due row cannot be served.
    for shard in 0..limits::SHARDS {
        failed = failed.or(ticks(deps, shard, now, &mut minded).await.err());
    }
    for shard in 0..limits::SHARDS {
        failed = failed.or(bells(deps, shard, now, &mut minded).await.err());
        failed = failed.or(signals(deps, shard, now, &mut minded).await.err());
    }
    minded.dead_letters = deps.parked_messages().await?;
    failed.map_or(Ok(minded), Err)
}

/// One row that fails does not keep the others of its shard waiting.
async fn bells<D: Minute>(deps: &D, shard: u8, now: Timestamp, minded: &mut Minded) -> Result<(), StoreError> {
    let mut failed = None;
    for outbox in deps.due_outbox(shard, now).await? {
        failed = failed.or(ring_due(deps, &outbox, now, minded).await.err());
    }
    failed.map_or(Ok(()), Err)
}

async fn signals<D: Minute>(deps: &D, shard: u8, now: Timestamp, minded: &mut Minded) -> Result<(), StoreError> {
    let mut failed = None;
    for delivery in deps.due_deliveries(shard, now).await? {
        failed = failed.or(signal_due(deps, &delivery, now, minded).await.err());
    }
    failed.map_or(Ok(()), Err)
}

/// All slots of the horizon; the watch skips what another minute's message has served.
async fn ticks<D: Minute>(deps: &D, shard: u8, now: Timestamp, minded: &mut Minded) -> Result<(), StoreError> {
    if deps.list_active(shard).await?.is_empty() {
        return Ok(());
    }
    let first = now.millis().div_euclid(limits::SLOT.get());
    let count = limits::TICK_HORIZON.get() / limits::SLOT.get();
    for slot in first..first.saturating_add(count) {
        let starts = Timestamp::from_millis(slot.saturating_mul(limits::SLOT.get()));
        let delay = starts.since(now).max(Millis::ZERO);
        deps.send_tick(&Tick { slot, shard }, delay, now).await?;
        minded.ticks = minded.ticks.saturating_add(1);
    }
    Ok(())
}

async fn ring_due<D: Minute>(deps: &D, outbox: &Outbox, now: Timestamp, minded: &mut Minded) -> Result<(), StoreError> {
    minded.outbox_due_age_max = minded.outbox_due_age_max.max(now.since(outbox.due_at));
    if outbox.sends >= limits::OUTBOX_SENDS_MAX {
        minded.parked = minded.parked.saturating_add(1);
        return deps.park_outbox(outbox, now).await;
    }
    if deps.postpone_outbox(outbox, now.plus(backoff(outbox.sends))).await? {
        deps.ring(&outbox.bell, now).await?;
        deps.done_outbox(outbox, now).await?;
        minded.bells = minded.bells.saturating_add(1);
    }
    Ok(())
}

async fn signal_due<D: Minute>(
    deps: &D,
    delivery: &Delivery,
    now: Timestamp,
    minded: &mut Minded,
) -> Result<(), StoreError> {
    let age = now.since(delivery.at.first_at);
    let waits = delivery.verdict.is_some();
    minded.deliveries_without_verdict = minded.deliveries_without_verdict.saturating_add(u32::from(!waits));
    if age > limits::UNDECIDED_MAX {
        let detail = "no decision came about in more than an hour";
        let verdict = Verdict::new(VerdictKind::Parked, now).because("undecided", detail);
        minded.parked = minded.parked.saturating_add(1);
        return deps.park_delivery(delivery, &verdict).await;
    }
    // A waiting delivery asks for a new decision; a lost signal is only repaired.
    let decision = if waits { delivery.decisions.saturating_add(1) } else { delivery.decisions };
    if deps.postpone_delivery(delivery, decision, now.plus(next_look(age))).await? {
        deps.send_signal(&signal(delivery, decision), now).await?;
        minded.signals = minded.signals.saturating_add(1);
    }
    Ok(())
}

/// As long again as it has waited, within bounds.
fn next_look(age: Millis) -> Millis {
    Millis::new(age.get().clamp(limits::DELIVERY_DUE.get(), limits::OUTBOX_DUE_MAX.get()))
}

fn signal(delivery: &Delivery, decision: u32) -> Signal {
    let (lane, trace) = (delivery.lane.clone(), delivery.trace.clone());
    Signal { delivery: delivery.at.clone(), decision, lane, trace }
}
