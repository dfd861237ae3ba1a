//! Assesses how risky open positions are: of everyone each hour, of those whose positions have changed every few minutes, and of one user
//! on request. It reads rows and sends nothing.

use app::ports::StoreError;
use app::risk::assessed::{assess_book, latest, users_with_positions};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::limits::CALL_MARGIN;
use domain::risk::AssessedFor;
use lambda::{Error, Invocation};
use store::Engine;
use wire::assess::{Assess, Todo};

/// One run.
///
/// # Errors
/// If it is of a newer caller, or nothing can be read. Of several users one that fails is told in its line, and the next hour tries again.
pub async fn run<D: Engine>(deps: &D, work: Assess, invocation: &Invocation) -> Result<(), Error> {
    if !work.trace.is_empty() {
        invocation.follow(&work.trace);
    }
    match work.known()? {
        Todo::Hour => all(deps, AssessedFor::Schedule, invocation).await,
        Todo::Changes => all(deps, AssessedFor::Position, invocation).await,
        Todo::User { user } => {
            assess_book(deps, &user.0, AssessedFor::Request, deps.now()).await?;
            invocation.outcome("1 assessed");
            Ok(())
        }
    }
}

async fn all<D: Engine>(deps: &D, made_for: AssessedFor, invocation: &Invocation) -> Result<(), Error> {
    let users = in_turn(users_with_positions(deps).await?.into_iter().collect(), deps.now());
    let (mut assessed, mut failed, mut left, mut last) = (0_u32, 0_u32, 0_u32, None);
    for user in users {
        if invocation.remaining(deps.now()) < LONGEST.plus(CALL_MARGIN) {
            left = left.saturating_add(1);
            continue;
        }
        match one(deps, &user, made_for).await {
            Ok(made) => assessed = assessed.saturating_add(u32::from(made)),
            Err(error) => {
                tracing::warn!(%user, %error, "a book could not be assessed");
                invocation.touched(&user);
                failed = failed.saturating_add(1);
                last = Some(error);
            }
        }
    }
    invocation.outcome(format!("{assessed} assessed, {failed} failed, {left} left"));
    match last {
        Some(error) if assessed == 0 => Err(error.into()),
        _ => Ok(()),
    }
}

/// Each run begins with another user: one that a run has left comes earlier in the next.
fn in_turn(mut users: Vec<UserId>, now: Timestamp) -> Vec<UserId> {
    let run = now.millis().div_euclid(BETWEEN_RUNS.get()).unsigned_abs();
    let first = usize::try_from(run).unwrap_or_default().checked_rem(users.len()).unwrap_or_default();
    users.rotate_left(first);
    users
}

/// Whether it was assessed: for the sake of positions only if they are others than before.
async fn one<D: Engine>(deps: &D, user: &UserId, made_for: AssessedFor) -> Result<bool, StoreError> {
    let is_known = async || Ok(latest(deps, user).await?.is_some_and(|made| !made.outdated));
    if made_for == AssessedFor::Position && is_known().await? {
        return Ok(false);
    }
    assess_book(deps, user, made_for, deps.now()).await.map(|made| made.is_some())
}

const BETWEEN_RUNS: Millis = Millis::seconds(300);

/// What the largest book takes.
const LONGEST: Millis = Millis::seconds(10);

#[cfg(test)]
mod tests;
