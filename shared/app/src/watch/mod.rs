//! The account watch: one pass per account and slot. It asks the venue, merges, and decides; it never trades.
//!
//! 1. A slot's pass is made once, whoever else was told to make it.
//! 2. The venue is asked once per order and pass, about many orders at once where it can; a lost race merges the same answers
//!    again.
//! 3. An order in doubt is absent only after its fence of time, and only when two passes have found it so. One that was accepted
//!    is never over by what is not shown alone: [`forgotten`].
//! 4. What the groups count on is compared with the venue's balances; what differs in two passes is marked.
//! 5. What the price makes leave does not wait for questions about other groups (`turn`).
//! 6. Where an order is called absent that was noted before, and is looked for a while longer: it may come after all.
//! 7. Stale rows decide nothing: a pass needs the proof that its table is recovered.
//! 8. No slot is believed that is of no time by this process's clock: a tick of the future, or one that has waited for long,
//!    makes the pass of the slot of now, and a row of the future is put right by the next pass.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions))]

mod drift;
mod equity;
mod forgotten;
mod late;
mod lists;
mod look;
mod prices;
mod resolve;
mod rows;
mod rules;
mod strays;
mod turn;

use crate::persist::PersistError;
use crate::ports::{Clock, CommitError, Pause, Queues, StoreError, Told, Urgency, Venue};
use crate::recover::Recovered;
use crate::run::Run;
use crate::{balance, pause, refused};
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::money::MoneyError;
use domain::{limits, slot};
use drift::Looks;
use equity::Valuable;
use prices::Prices;
use std::collections::BTreeSet;
use store::Engine;
use store::trading::Trading;
use turn::Sight;

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Passed {
    /// Nothing was looked at: the slot's pass had been made before, or its venue is to be left alone.
    pub skipped: bool,
    /// How long ago a pass had looked at the account when this one began, and nothing where nothing of it is live. None where this
    /// one was made before.
    pub unseen_for: Option<Millis>,
    pub groups: u32,
    /// Groups that could not be looked at: unreadable venue or store, lost races, or no time left.
    pub missed: u32,
    /// Orders whose outcome is not known, and the age of the oldest.
    pub unknown: u32,
    pub unknown_age_max: Millis,
    /// Of orders that were not sent yet.
    pub planned_age_max: Millis,
    /// Assets of which something is missing at the venue, and orders there that nobody knows.
    pub drift: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WatchError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a number of this group cannot be kept exactly")]
    Money(#[from] MoneyError),
    #[error("other changes were first, again and again")]
    Contended,
}

impl WatchError {
    fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Money(_) => "inexact",
            Self::Contended => "contended",
        }
    }
}

impl From<PersistError> for WatchError {
    fn from(error: PersistError) -> Self {
        match error {
            PersistError::Commit(CommitError::LostRace) => Self::Contended,
            PersistError::Commit(CommitError::Store(error)) => Self::Store(error),
            PersistError::Money(error) => Self::Money(error),
        }
    }
}

/// Makes the pass of one account.
///
/// # Errors
/// Where the account's live groups cannot be listed; a single group that fails is counted, and the next slot looks
/// at it again.
pub async fn pass<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    slot: i64,
    run: &Run,
    _may_decide: Recovered,
) -> Result<Passed, WatchError> {
    let passed = made(deps, venue, account, slot, run).await;
    refused::heed(deps, venue, account, &run.attempt).await;
    pause::keep(deps, account, venue.newly_paused(account)).await;
    if let Err(error) = &passed {
        run.remarks.failed(("account", account.as_str()), error.code(), deps.now());
    }
    passed
}

async fn made<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    slot: i64,
    run: &Run,
) -> Result<Passed, WatchError> {
    let begun_at = deps.now();
    let slot = slot::served(slot, begun_at);
    let Some(known) = Trading(deps).begin_pass(account, slot, slot::latest(begun_at)).await? else {
        return Ok(Passed { skipped: true, ..Passed::default() });
    };
    let passed = Passed { unseen_for: Some(unseen_for(&known, begun_at)), ..Passed::default() };
    let skipped = Passed { skipped: true, ..passed };
    if known.venue_pauses_until(deps.now()).is_some() {
        // Whoever asks now is left alone for longer.
        return Ok(skipped);
    }
    let held = venue.paused(&known.id, &known.exchange, Urgency::Look).await.map(|pause| pause.code);
    if held == Some(Pause::FULL) {
        return Ok(skipped);
    }
    let is_busy = held == Some(Pause::BUSY) && may_wait(&known, slot);
    if is_busy && is_kept_at_venue(deps, &known).await? {
        return Ok(skipped);
    }
    for (market, at) in known.looks.over(deps.now()) {
        Trading(deps).end_late(&known.id, market, at).await?;
    }
    if known.live.is_empty() {
        let rested = rest(deps, venue, known, slot, run).await?;
        return Ok(Passed { unseen_for: passed.unseen_for, ..rested });
    }
    let mut passed = passed;
    let mut looks = Looks { from: deps.now(), slot, is_busy, groups: Vec::new(), missed: BTreeSet::new() };
    let mut prices = Prices::new(venue, account, deps.now(), run);
    let mut sights = turn::sights(&known, slot);
    read_all(deps, &mut prices, &known, &mut sights, run).await;
    look_at_all(deps, venue, account, &mut sights, run).await;
    let mut valuable = Vec::new();
    for sight in sights {
        passed.groups = passed.groups.saturating_add(1);
        let Some(looked) = sight.looked else {
            passed.missed = passed.missed.saturating_add(1);
            looks.missed.insert(sight.seat.symbol.base.clone());
            continue;
        };
        valuable.extend(looked.iter().map(|looked| Valuable::of(&looked.position, sight.seen.price)));
        passed.count(looked.iter().map(|looked| look::doubt(&looked.position, deps.now())));
        looks.groups.extend(looked);
    }
    passed.missed = passed.missed.saturating_add(prices.unread());
    if prices.unread() > 0 {
        run.remarks.unanswered(account, deps.now());
    }
    // After the looks: a fill that is in the venue's balance and not yet in our books would be counted twice.
    match compare(deps, venue, &known, (&looks, &valuable), run).await {
        Ok(drift) => passed.drift = drift,
        Err(_) => passed.missed = passed.missed.saturating_add(1),
    }
    Ok(passed)
}

fn unseen_for(known: &Account, now: Timestamp) -> Millis {
    if known.live.is_empty() { Millis::ZERO } else { now.since(known.seen_at()) }
}

/// Whether this pass is of the five of six that ask for nothing that can wait, where most of what may be asked is used.
fn may_wait(known: &Account, slot: i64) -> bool {
    !known.live.is_empty() && slot.rem_euclid(limits::CALM_SLOTS) != 0
}

/// Whether it keeps everything by itself up to the next look, and all of that can wait: it is left to whoever has only us.
async fn is_kept_at_venue<D: Engine>(deps: &D, known: &Account) -> Result<bool, WatchError> {
    let next = deps.now().plus(Millis::new(limits::SLOT.get().saturating_mul(limits::CALM_SLOTS)));
    for group in known.live.values() {
        let kept = Trading(deps).load_position(&known.id, group).await?;
        if kept.is_none_or(|position| !position.is_kept_at_venue(next)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Reads prices and groups. What leaves is looked at at once, and asks no more once the first part of the pass is over:
/// then it is decided by what is known, and other prices are waiting.
async fn read_all<D: Engine + Queues, V: Venue>(
    deps: &D,
    prices: &mut Prices<'_, V>,
    known: &Account,
    sights: &mut [Sight<'_>],
    run: &Run,
) {
    let asking = Run { deadline: run.deadline.minus(prices.spent_max()), ..run.clone() };
    for sight in sights {
        sight.read(deps, prices, known).await;
        if sight.is_leaving(deps.now()) {
            turn::ask_together(prices.venue(), deps, std::slice::from_mut(sight), &asking).await;
            let most = limits::EXIT_QUESTIONS_MAX;
            let _looked_at_below = look::look(deps, prices.venue(), &known.id, sight, most, &asking).await;
        }
    }
}

/// In the order of [`turn`]. A look that fails leaves its group as one that was missed.
async fn look_at_all<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    sights: &mut [Sight<'_>],
    run: &Run,
) {
    for sight in sights.iter_mut().filter(|sight| sight.is_open()) {
        sight.ask_doubts(deps, venue, run).await;
    }
    turn::ask_together(venue, deps, sights, run).await;
    let now = deps.now();
    sights.sort_by_cached_key(|sight| sight.turn(now));
    for sight in sights.iter_mut().filter(|sight| sight.is_open()) {
        // What was answered is kept even where there is no time for more questions.
        if !sight.answers.is_empty() || !is_late(deps, run) {
            let _missed = look::look(deps, venue, account, sight, usize::MAX, run).await;
        }
    }
}

async fn compare<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    known: &Account,
    (looks, valuable): (&Looks, &[Valuable]),
    run: &Run,
) -> Result<u32, WatchError> {
    let Some(account) = Trading(deps).load_account(&known.id).await? else { return Ok(0) };
    if is_late(deps, run) {
        return Ok(account.drift.count());
    }
    // What is missed is valued by the next pass.
    let _valued_later = equity::keep(deps, venue, (known, &account), valuable, run, deps.now()).await;
    drift::compare(deps, venue, account, looks, run).await
}

/// Nothing is live. What is known now stands until the next entry: only a true balance lets the account rest, and one that
/// was asked for within the venue's lag of a fill may be from before it.
async fn rest<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    known: Account,
    slot: i64,
    run: &Run,
) -> Result<Passed, WatchError> {
    let (account, asked_at) = (known.id.clone(), deps.now());
    let shown_at = known.filled_at.plus(limits::shows_after(venue.terms(&known.exchange).read_lag));
    if known.balance_at > shown_at && known.balance_age(asked_at).is_some() && can_wait(&known, slot, asked_at) {
        return Ok(Passed { drift: known.drift.count(), ..Passed::default() });
    }
    let left = drift::rest(deps, venue, &known, slot, run).await?;
    let passed = Passed { drift: left.drift, ..Passed::default() };
    let Ok(read) = venue.balances(&account, &known.exchange).await else { return Ok(passed) };
    let times = Told { asked_at, told_at: deps.now() };
    if let Ok((_, true)) = balance::keep(deps, known, &read, times).await
        && asked_at > shown_at
        && !left.awaits
    {
        Trading(deps).retire(&account).await?;
    }
    Ok(passed)
}

/// Whether it is only watched for what may come late, or is to be seen again: every half minute is enough for that.
fn can_wait(known: &Account, slot: i64, now: Timestamp) -> bool {
    let is_awaiting = known.looks.late_at(now).next().is_some() || known.drift.is_awaited(now);
    is_awaiting && known.looks.wanted.is_none() && slot.rem_euclid(limits::STRAYS_SLOTS) != 0
}

/// No call of the venue begins that could outlast the run.
fn is_late<D: Clock>(clock: &D, run: &Run) -> bool {
    clock.now().plus(limits::SUBMIT_TIMEOUT).plus(limits::CALL_MARGIN) > run.deadline
}

impl Passed {
    fn count(&mut self, doubts: impl Iterator<Item = look::Doubt>) {
        for doubt in doubts {
            self.unknown = self.unknown.saturating_add(doubt.orders);
            self.unknown_age_max = self.unknown_age_max.max(doubt.age_max);
            self.planned_age_max = self.planned_age_max.max(doubt.planned_age_max);
        }
    }
}

/// Half the age at which an entry asks for itself, so that it rarely must.
const BALANCE_REFRESH: Millis = Millis::new(limits::BALANCE_AGE_MAX.get() / 2);
