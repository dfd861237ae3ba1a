//! Dead letters become rows: what was received too often is a bug or an outage, and somebody has to see it.
//!
//! 1. A message leaves its dead-letter queue once its row stands. The row's id is a function of the message, so that a
//!    message that is found twice makes one row.
//! 2. A row is seen by the user whose delivery or account the message names; where it names nothing that is there, by
//!    whoever keeps the deployment.

use crate::notices;
use crate::ports::{Bell, DeadLetter, Queues, Signal, StoreError, Tick};
use domain::ids::{ParkedId, UserId};
use domain::limits;
use domain::parked::{Parked, Queue, Subject, deployment};
use store::Engine;
use store::trading::Trading;
use wire::messages::{Message, MessageError};

/// What was found in the dead-letter queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drained {
    /// Messages that lay there, about.
    pub seen: u64,
    /// Messages that are rows now.
    pub kept: u32,
}

/// Keeps what lies in the dead-letter queues, a bounded number of messages at a time.
///
/// # Errors
/// The first failure of store or queue, after the other messages were served; what failed is found again.
pub async fn drain<D: Engine + Queues>(deps: &D, drained: &mut Drained) -> Result<(), StoreError> {
    let mut failed = None;
    for queue in Queue::ALL {
        failed = failed.or(drain_one(deps, queue, drained).await.err());
    }
    failed.map_or(Ok(()), Err)
}

async fn drain_one<D: Engine + Queues>(deps: &D, queue: Queue, drained: &mut Drained) -> Result<(), StoreError> {
    let mut left = deps.dead_letters(queue).await?;
    drained.seen = drained.seen.saturating_add(left);
    let mut failed = None;
    for _ in 0..limits::DEAD_LETTER_TURNS_MAX {
        // Nothing is asked of an empty queue: that would be a receive each minute, for nothing.
        let letters = if left == 0 { Vec::new() } else { deps.receive_dead(queue).await? };
        if letters.is_empty() {
            break;
        }
        left = left.saturating_sub(u64::try_from(letters.len()).unwrap_or(left));
        for letter in letters {
            match keep(deps, queue, &letter).await {
                Ok(()) => drained.kept = drained.kept.saturating_add(1),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn keep<D: Engine + Queues>(deps: &D, queue: Queue, letter: &DeadLetter) -> Result<(), StoreError> {
    let row = row(deps, queue, letter).await?;
    Trading(deps).keep_parked(&row).await?;
    deps.delete_dead(queue, &letter.receipt).await?;
    notices::parked(deps, &row).await;
    Ok(())
}

async fn row<D: Engine>(deps: &D, queue: Queue, letter: &DeadLetter) -> Result<Parked, StoreError> {
    let read = Message::decode(&letter.letter.body);
    let trace = read.as_ref().map(|message| message.trace.clone()).unwrap_or_default();
    let About { user, subject, why } = about(deps, read, queue).await?;
    Ok(Parked {
        id: ParkedId::at(letter.sent_at, &[&letter.id]),
        user,
        subject,
        letter: Some(letter.letter.clone()),
        why: why.chars().take(limits::TEXT_CHARACTERS_MAX).collect(),
        times: letter.receives,
        trace,
        at: letter.sent_at,
        end: None,
    })
}

/// Whose a message is, and what it asks for.
struct About {
    user: UserId,
    subject: Subject,
    why: String,
}

async fn about<D: Engine>(deps: &D, read: Result<Message, MessageError>, queue: Queue) -> Result<About, StoreError> {
    let message = match read {
        Ok(message) => message,
        Err(error) => return Ok(nobodys(Subject::Message, error.to_string())),
    };
    let why = format!("received too often and never carried out: the log of {} says why", worker(queue));
    if let Ok(Signal { delivery, .. }) = Signal::try_from(message.clone()) {
        return Ok(match known(Trading(deps).load_delivery(&delivery).await)? {
            Ok(found) => About { user: found.at.user, subject: Subject::Signal(delivery), why },
            Err(unknown) => nobodys(Subject::Message, format!("it names {}, {unknown}", delivery.id)),
        });
    }
    if let Ok(Bell { account, group, version, .. }) = Bell::try_from(message.clone()) {
        return Ok(match known(Trading(deps).load_account(&account).await)? {
            Ok(found) => About { user: found.user, subject: Subject::Bell { account, group, version }, why },
            Err(unknown) => nobodys(Subject::Message, format!("it names {account}, {unknown}")),
        });
    }
    let subject = if Tick::try_from(message).is_ok() { Subject::Tick } else { Subject::Message };
    Ok(nobodys(subject, why))
}

fn nobodys(subject: Subject, why: String) -> About {
    About { user: deployment(), subject, why }
}

/// A row that is there; why not, in words; or a failure that passes.
fn known<T>(found: Result<Option<T>, StoreError>) -> Result<Result<T, &'static str>, StoreError> {
    match found {
        Ok(Some(row)) => Ok(Ok(row)),
        Ok(None) => Ok(Err("which is not known here")),
        Err(StoreError::Unreadable(_)) => Ok(Err("whose row cannot be read")),
        Err(error) => Err(error),
    }
}

fn worker(queue: Queue) -> &'static str {
    match queue {
        Queue::Signals => "signal-worker",
        Queue::Orders => "order-executor",
        Queue::Ticks => "account-watch",
    }
}
