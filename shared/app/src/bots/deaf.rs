//! Runs that hear nothing, and runs that cannot decide: their users are told, once until they decide again.
//!
//! Nothing that a candle wakes can find where none comes: a clock of its own looks.

use super::step;
use crate::notices;
use crate::ports::{CommitError, StoreError, Wanting};
use domain::bot::{EntryKind, LogEntry, Run};
use domain::ids::AttemptId;
use domain::market::Interval;
use store::Engine;
use store::market::Market;
use store::trading::Trading;

/// What a look has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minded {
    /// Runs that go on, and those that hear nothing.
    pub runs: u32,
    pub deaf: u32,
}

/// Tells the users of all runs that have heard nothing for long.
///
/// # Errors
/// The first, where the store cannot be reached; all others were looked at.
pub async fn mind<D: Engine>(deps: &D, attempt: &AttemptId) -> Result<Minded, StoreError> {
    let (mut minded, mut failed) = (Minded::default(), None);
    for wish in Market(deps).list_wishes().await? {
        let Wanting::Bot(user, id) = wish.by else { continue };
        let noted = match Trading(deps).load_run(&user, &id).await {
            Ok(Some(run)) if run.ended.is_none() => {
                minded.runs = minded.runs.saturating_add(1);
                let is_deaf = run.is_deaf(deps.now());
                minded.deaf = minded.deaf.saturating_add(u32::from(is_deaf));
                if is_deaf { note_deaf(deps, attempt, run).await } else { Ok(()) }
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        failed = failed.or(noted.err());
    }
    failed.map_or(Ok(minded), Err)
}

pub(super) async fn note_deaf<D: Engine>(deps: &D, attempt: &AttemptId, run: Run) -> Result<(), StoreError> {
    let minutes = deps.now().since(run.decided_to).get().div_euclid(Interval::OneMinute.length().get());
    note_failing(deps, attempt, run, format!("no candle has come for {minutes} minutes")).await
}

/// Once, until it can decide again. Where another was first, the next candle or look tells.
pub(super) async fn note_failing<D: Engine>(
    deps: &D,
    attempt: &AttemptId,
    run: Run,
    why: String,
) -> Result<(), StoreError> {
    if run.failing.is_some() {
        return Ok(());
    }
    let (seen, now) = (run.version, deps.now());
    // Before it is noted, or whoever is ended in between would have told nobody.
    notices::bot_failing(deps, &run, &why, now).await?;
    let run = Run { failing: Some(why.clone()), ..run }.next();
    let entry = LogEntry {
        run: run.id.clone(),
        version: run.version,
        at: now,
        kind: EntryKind::Failed,
        word: None,
        detail: Some(why.clone()),
        delivery: None,
    };
    match Trading(deps).commit(&step(attempt, run, seen, Some(entry), now)).await {
        Ok(()) | Err(CommitError::LostRace) => Ok(()),
        Err(CommitError::Store(error)) => Err(error),
    }
}
