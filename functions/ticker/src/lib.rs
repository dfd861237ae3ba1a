//! The minute: what is due is sent again, and the watch is told which slots to serve.

use app::minute::{Minded, Sent, minute};
use app::ports::{Queues, StartWhaleWatch, StoreError};
use domain::ids::LogId;
use domain::logs::{Category, Level, Note};
use lambda::{Error, Figure, Invocation, Metric};
use serde::Deserialize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::Engine;
use store::identity::Identity;
use store::whale::Whales;
use wire::whale::{Todo, WatchWhales};

/// The schedule's event. Nothing in it matters: the time that counts is the invocation's own.
#[derive(Debug, Deserialize)]
pub struct Minutely {}

/// Serves one minute; `sent` lives as long as the process.
///
/// # Errors
/// Where store or queue cannot be reached; the next minute finds the same rows due.
pub async fn handle<D: Engine + Queues, W: StartWhaleWatch>(
    deps: &D,
    watcher: &W,
    sent: &Mutex<Sent>,
    invocation: &Invocation,
) -> Result<(), Error> {
    let mut ahead = lock(sent).clone();
    let minded = minute(deps, &mut ahead, invocation.now()).await;
    // What was sent is on its way, whatever else has failed.
    *lock(sent) = ahead;
    let result = match minded {
        Ok(minded) => {
            report(deps, &minded, invocation).await;
            Ok(())
        }
        Err(error) => Err(error.into()),
    };
    // Behind what trades, and whatever that has come to.
    if let Err(error) = watch_whales(deps, watcher, invocation).await {
        tracing::warn!(%error, "sources of whale alerts are not watched in this minute");
    }
    result
}

async fn report<D: Engine>(deps: &D, minded: &Minded, invocation: &Invocation) {
    invocation.outcome(format!("{} bells, {} signals, {} ticks", minded.bells, minded.signals, minded.ticks));
    measure(minded, invocation);
    if let Err(error) = note(deps, minded, invocation).await {
        tracing::warn!(%error, "an entry of the system log was not written");
    }
    invocation.tell(Figure::MinuteLagS, invocation.now().millis().rem_euclid(60_000) / 1_000);
    // Somebody says it every minute, so that its absence tells of a schedule or a watch that has stopped: whoever looks, where
    // there is anything to look at.
    if minded.watched == 0 {
        invocation.measure(Metric::TickLagS, 0);
    }
}

/// In a minute in which no source is enabled nothing is begun.
async fn watch_whales<D: Engine, W: StartWhaleWatch>(
    deps: &D,
    watcher: &W,
    invocation: &Invocation,
) -> Result<(), StoreError> {
    if !Whales(deps).is_any_watched().await? {
        return Ok(());
    }
    watcher.start_whale_watch(&WatchWhales::new(Todo::Minute, invocation.trace()), invocation.now()).await
}

/// What nobody could carry out is looked for by an operator.
async fn note<D: Engine>(deps: &D, minded: &Minded, invocation: &Invocation) -> Result<(), StoreError> {
    if minded.parked == 0 {
        return Ok(());
    }
    let details = [("rows", minded.parked.to_string()), ("trace", invocation.trace())];
    let note = Note {
        id: LogId::of(&["parked", invocation.attempt().as_str()]),
        at: invocation.now(),
        level: Level::Error,
        category: Category::Trading,
        user: None,
        message: "work was parked: it waits for a person".to_owned(),
        details: details.map(|(name, text)| (name.to_owned(), text)).into(),
        address: None,
    };
    Identity(deps).note(&note).await
}

fn lock(sent: &Mutex<Sent>) -> MutexGuard<'_, Sent> {
    sent.lock().unwrap_or_else(PoisonError::into_inner)
}

fn measure(minded: &Minded, invocation: &Invocation) {
    // As long as anything waits for a person: an alarm that falls silent by itself is forgotten.
    invocation.measure(Metric::Parked, i64::try_from(minded.waiting).unwrap_or(i64::MAX));
    invocation.measure(Metric::OutboxDueAgeMaxS, minded.outbox_due_age_max.get() / 1_000);
    invocation.measure(Metric::DeliveriesWithoutVerdict, minded.deliveries_without_verdict.into());
    invocation.tell(Figure::UndecidedAgeMaxS, minded.undecided_age_max.get() / 1_000);
}

#[cfg(test)]
mod tests;
