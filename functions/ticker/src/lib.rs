//! The minute: what is due is sent again, and the watch is told which slots to serve.

use app::minute::{Minded, Minute, minute};
use lambda::{Error, Invocation, Metric};
use serde::Deserialize;

/// The schedule's event. Nothing in it matters: the time that counts is the invocation's own.
#[derive(Debug, Deserialize)]
pub struct Minutely {}

/// Serves one minute.
///
/// # Errors
/// Where store or queue cannot be reached; the next minute finds the same rows due.
pub async fn handle<D: Minute>(deps: &D, invocation: &Invocation) -> Result<(), Error> {
    let minded = minute(deps, invocation.now()).await?;
    invocation.outcome(format!("{} bells, {} signals, {} ticks", minded.bells, minded.signals, minded.ticks));
    measure(&minded, invocation);
    // Every minute, so that its absence tells of a schedule that has stopped.
    invocation.measure(Metric::TickLagS, invocation.now().millis().rem_euclid(60_000) / 1_000);
    Ok(())
}

fn measure(minded: &Minded, invocation: &Invocation) {
    let dead = i64::try_from(minded.dead_letters).unwrap_or(i64::MAX);
    invocation.measure(Metric::Parked, dead.saturating_add(minded.parked.into()));
    invocation.measure(Metric::OutboxDueAgeMaxS, minded.outbox_due_age_max.get() / 1_000);
    invocation.measure(Metric::DeliveriesWithoutVerdict, minded.deliveries_without_verdict.into());
}
