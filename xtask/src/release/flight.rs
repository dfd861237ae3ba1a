//! Orders in flight: shown before a release is switched, and waited for, up to a minute.

use std::time::{Duration, Instant};

use anstream::eprintln;
use app::doctor::Flight;

use super::answers::agrees;
use super::examine::Inside;
use crate::failure::{Failure, Result};
use crate::interrupt::pause;
use crate::progress::step;

const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_secs(2);

/// Goes on when nothing is in flight, or when it was waited for and a person agrees. A release is safe either way: what
/// one version has begun the next one carries on. It is only easier to understand what happened.
///
/// # Errors
/// Where the tables cannot be read, or a person does not agree.
pub(crate) fn wait_for_none(inside: &impl Inside, yes: bool, patience: Option<Duration>) -> Result<()> {
    let until = Instant::now() + patience.unwrap_or(PATIENCE);
    let mut flight = inside.flight()?;
    if flight.is_over() {
        eprintln!("No order is in flight; {} groups are live.", flight.groups);
        return Ok(());
    }
    eprintln!("{}", told(&flight));
    let waiting = step("Waiting for orders in flight, up to a minute");
    // However long a first look took, another one follows.
    loop {
        waiting.now(&told(&flight));
        pause(LOOK.min(until.saturating_duration_since(Instant::now())))?;
        flight = inside.flight()?;
        if flight.is_over() || Instant::now() >= until {
            break;
        }
    }
    if flight.is_over() {
        waiting.done("none is left");
        return Ok(());
    }
    drop(waiting);
    if agrees(&format!("{} Go on?", told(&flight)), yes)? {
        return Ok(());
    }
    Err(Failure::new("nothing was switched").next("the same command again, once the orders have settled"))
}

fn told(flight: &Flight) -> String {
    let Flight { planned, submitting, unknown, .. } = flight;
    format!("In flight: {planned} orders planned, {submitting} on their way, {unknown} whose outcome is not known.")
}
