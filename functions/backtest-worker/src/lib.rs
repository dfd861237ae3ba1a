//! Plays backtests: alone, or as one of many.

use app::ports::{Clock, Objects, SpreadBacktest};
use lambda::{Error, Invocation};
use research::Worker;
use serde_json::{Value, json};
use store::Engine;
use wire::backtest::Work;

/// Does one piece of work, and answers what the state machine goes on with: a plan's parts, else nothing.
///
/// # Errors
/// What may go away when it is tried again, or where it is a newer caller's.
pub async fn handle<D, R, S, C>(
    worker: &Worker<'_, D, R, S, C>,
    work: &Work,
    invocation: &Invocation,
) -> Result<Value, Error>
where
    D: Engine,
    R: Objects,
    S: SpreadBacktest,
    C: Clock,
{
    if !work.trace.is_empty() {
        invocation.follow(&work.trace);
    }
    match worker.work(work).await? {
        Some(planned) => Ok(serde_json::to_value(planned)?),
        None => Ok(json!({})),
    }
}

#[cfg(test)]
mod tests;
