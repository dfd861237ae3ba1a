//! The functions as Lambda drives them: a message each, a limit of time, and what becomes of the message afterwards.
//!
//! A handler here does what the function of its name does: the same first steps, the same use case, the same times.

mod executor;
mod minute;
mod telling;
mod watch;
mod webhook;
mod worker;

pub(crate) use executor::serve_orders;
pub(crate) use minute::minute;
pub(crate) use watch::serve_ticks;
pub(crate) use webhook::{Answer, receive};
pub(crate) use worker::serve_signals;

use crate::Deployment;
use app::remarks::Remarks;
use app::run::Run;
use domain::clock::Millis;
use store::identity::Identity;
use testkit::sim::{Op, Passage};
use testkit::world::{Queue, Received, World};

/// The message is to come again.
pub(crate) struct Retry;

fn run(deployment: &Deployment, limit: Millis) -> Run {
    let (attempt, deadline) = (deployment.attempt(), deployment.world().sim().shown().plus(limit));
    Run { deployment: crate::deployment::NAME.to_owned(), attempt, deadline, remarks: Remarks::default() }
}

/// As `lambda::noted::remarks`, without its bounds.
async fn remarks(world: &World, run: &Run) {
    for note in run.remarks.take() {
        let _nothing_depends_on_it = Identity(world).note(&note).await;
    }
}

/// Takes a message off its queue, if it was worked off and the word of it arrives.
async fn acknowledge(world: &World, queue: fn(&mut testkit::world::Queues) -> &mut Queue, receipt: &str) {
    if world.sim().point(Op::effect("ack")).await != Passage::Refused {
        queue(&mut world.queues()).delete(receipt);
    }
}

/// As `lambda::sqs::backoff`.
fn backoff(received: &Received) -> Millis {
    Millis::seconds(1_i64.checked_shl(received.receives - 1).unwrap_or(30).clamp(1, 30))
}
