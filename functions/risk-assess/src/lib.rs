//! Assesses how risky open positions are: of everyone each hour, and of one user on request. It reads rows and sends nothing.

use app::risk::assessed::{assess_book, users_with_positions};
use domain::clock::Millis;
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
        Todo::Hour => all(deps, invocation).await,
        Todo::User { user } => {
            assess_book(deps, &user.0, AssessedFor::Request, deps.now()).await?;
            invocation.outcome("1 assessed");
            Ok(())
        }
    }
}

async fn all<D: Engine>(deps: &D, invocation: &Invocation) -> Result<(), Error> {
    let users = users_with_positions(deps).await?;
    let (mut assessed, mut failed, mut left) = (0_u32, 0_u32, 0_u32);
    for user in users {
        if invocation.remaining(deps.now()) < LONGEST.plus(CALL_MARGIN) {
            left = left.saturating_add(1);
            continue;
        }
        match one(deps, &user, invocation).await {
            true => assessed = assessed.saturating_add(1),
            false => failed = failed.saturating_add(1),
        }
    }
    invocation.outcome(format!("{assessed} assessed, {failed} failed, {left} left"));
    Ok(())
}

async fn one<D: Engine>(deps: &D, user: &UserId, invocation: &Invocation) -> bool {
    let made = assess_book(deps, user, AssessedFor::Schedule, deps.now()).await;
    if let Err(error) = &made {
        tracing::warn!(%user, %error, "a book could not be assessed");
        invocation.touched(user);
    }
    made.is_ok()
}

/// What the largest book takes.
const LONGEST: Millis = Millis::seconds(10);

#[cfg(test)]
mod tests;
