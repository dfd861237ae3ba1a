//! Bots: a candle has closed, and each run that hears its series decides on it.

use app::bots::{Heard, Minded, hear, mind};
use app::ports::Queues;
use domain::bot::Strategies;
use domain::clock::Millis;
use lambda::{Error, Invocation};
use store::Engine;
use wire::bot_runner::Woken;
use wire::candle::Told;

/// One event of the bus, or of the clock. Told twice, or behind a later one, it changes nothing.
///
/// # Errors
/// Where it is a newer writer's, or a run could not decide: it comes again, and what was decided stays.
pub async fn handle<D: Engine + Queues, S: Strategies>(
    deps: &D,
    strategies: &S,
    woken: Woken,
    invocation: &Invocation,
) -> Result<(), Error> {
    match woken {
        Woken::Told(told) => hear_told(deps, strategies, *told, invocation).await,
        Woken::Clock(clock) => {
            clock.known()?;
            let Minded { runs, deaf } = mind(deps, invocation.attempt()).await?;
            invocation.outcome(format!("{runs} runs, {deaf} hear nothing"));
            Ok(())
        }
    }
}

async fn hear_told<D: Engine + Queues, S: Strategies>(
    deps: &D,
    strategies: &S,
    told: Told,
    invocation: &Invocation,
) -> Result<(), Error> {
    invocation.follow(&told.detail.trace);
    let (series, opens_at) = told.detail.known()?;
    let (attempt, trace) = (invocation.attempt(), invocation.trace());
    let has_time = |span: Millis| invocation.remaining(deps.now()) > span;
    let heard = hear(deps, strategies, (&series, opens_at), (attempt, &trace), has_time).await?;
    for signal in &heard.signals {
        invocation.touched(signal);
    }
    let Heard { runs, candles, signals, passed, untold, failing, failed } = heard;
    let (raised, left) = (signals.len(), failed.len());
    invocation.outcome(format!(
        "{runs} runs, {candles} candles, {raised} signals, {passed} passed, {untold} untold, {failing} failing, {left} left"
    ));
    let mut first = Ok(());
    for (run, error) in failed {
        tracing::warn!(%series, %run, %error, "a run has not decided on a candle");
        first = first.and(Err(error.into()));
    }
    first
}

#[cfg(test)]
mod tests;
