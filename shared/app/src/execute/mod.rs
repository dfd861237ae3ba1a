//! The order executor: the only one that changes anything at a venue.
//!
//! 1. An order is `submitting` in the store before its request leaves, and it leaves once.
//! 2. What the venue has answered is kept until it is committed; a lost race reloads the group and merges it again,
//!    and the venue is not asked twice.
//! 3. No venue call begins that could outlast the run.
//! 4. An account on which nothing was live is looked at from the next slot on, and not from the next minute.
//! 5. Nothing is done on a table that was restored or copied and is not recovered: neither sent nor decided.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::float_arithmetic, clippy::as_conversions))]

mod admission;
mod send;
mod soon;
mod vacant;
mod work;

use crate::balance::BalanceError;
use crate::persist::PersistError;
use crate::ports::{CommitError, Queues, StoreError, Venue, VenueError};
use crate::recover::recovered;
use crate::run::Run;
use crate::{pause, refused};
use domain::clock::Millis;
use domain::ids::{AccountId, GroupId, OrderId};
use domain::limits;
use domain::money::MoneyError;
use futures_util::future::join;
use store::Engine;
use store::trading::Trading;
use work::Work;

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    pub end: End,
    /// Orders that this run has sent to the venue.
    pub sent: Vec<OrderId>,
    /// Of the request because of which it was rung; empty where there is no group.
    pub trace: String,
    /// From the first receipt of the alert to its entry on the wire, where this run sent it.
    pub alert_to_order: Option<Millis>,
    /// Submits and cancels without an answer that can be believed.
    pub unanswered: u32,
}

/// How a bell ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nothing is left to do until something new happens.
    Rests,
    /// An order may not leave now, for a reason of this word; it leaves when the reason has gone, and an entry may expire before.
    Held(&'static str),
    /// Out of time; the bell was rung again.
    RungAgain,
    /// No such group.
    Nothing,
    /// The table is not recovered, or this account was left out of that. The passes ring again once it is.
    NotRecovered,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExecuteError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Venue(#[from] VenueError),
    #[error("other changes were first, again and again")]
    Contended,
    #[error("a number of this group cannot be kept exactly")]
    Money(#[from] MoneyError),
}

impl ExecuteError {
    fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Venue(_) => "venue_unavailable",
            Self::Contended => "contended",
            Self::Money(_) => "inexact",
        }
    }
}

impl From<BalanceError> for ExecuteError {
    fn from(error: BalanceError) -> Self {
        match error {
            BalanceError::Store(error) => Self::Store(error),
            BalanceError::Venue(error) => Self::Venue(error),
            BalanceError::Money(error) => Self::Money(error),
        }
    }
}

impl From<PersistError> for ExecuteError {
    fn from(error: PersistError) -> Self {
        match error {
            PersistError::Commit(CommitError::LostRace) => Self::Contended,
            PersistError::Commit(CommitError::Store(error)) => Self::Store(error),
            PersistError::Money(error) => Self::Money(error),
        }
    }
}

/// Does whatever the group needs at its venue, by urgency, until it rests.
///
/// # Errors
/// Where the store or a needed read of the venue fails: the message comes again.
pub async fn execute<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    group: &GroupId,
    run: &Run,
) -> Result<Executed, ExecuteError> {
    let worked = work(deps, venue, account, group, run).await;
    match &worked {
        Err(ExecuteError::Venue(_)) => run.remarks.unanswered(account, deps.now()),
        Err(error) => run.remarks.failed(("group", group.as_str()), error.code(), deps.now()),
        Ok(_) => {}
    }
    worked
}

async fn work<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    group: &GroupId,
    run: &Run,
) -> Result<Executed, ExecuteError> {
    let nothing_done =
        |end| Ok(Executed { end, sent: Vec::new(), trace: String::new(), alert_to_order: None, unanswered: 0 });
    let (recovered, position) = join(recovered(deps, account), Trading(deps).load_position(account, group)).await;
    if recovered?.is_none() {
        return nothing_done(End::NotRecovered);
    }
    let Some(position) = position? else { return nothing_done(End::Nothing) };
    let mut work = Work::new(deps, venue, run, position);
    for _ in 0..limits::STEPS_PER_RUN_MAX {
        let step = work.step().await;
        // Before the next step, which may begin another entry.
        refused::heed(deps, venue, account, &run.attempt).await;
        pause::keep(deps, account, venue.newly_paused(account)).await;
        if let Some(end) = step? {
            return Ok(work.executed(end));
        }
    }
    work.ring_again().await?;
    Ok(work.executed(End::RungAgain))
}
