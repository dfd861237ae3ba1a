//! The order executor: one bell, one group, whatever it needs at its venue.

use app::execute::{End, Executed, execute};
use app::ports::{Queue, Queues, Venue};
use app::remarks::Remarks;
use app::run::Run;
use domain::limits;
use futures_util::future::join;
use lambda::noted::remarks;
use lambda::sqs::{Record, Retry, backoff};
use lambda::{Invocation, Metric};
use store::Engine;
use wire::messages::{Body, GroupWork, Message, MessageError};

/// Works on the group that the message names.
///
/// # Errors
/// [`Retry`] where the store or a needed read of the venue fails, or the message is a newer writer's.
pub async fn handle<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    deployment: &str,
    record: &Record,
    invocation: &Invocation,
) -> Result<(), Retry> {
    // First of all, so that a crash holds the group no longer than this. Where it fails, a crash holds it for the queue's
    // own time; the work is done all the same, beside it, since an entry may not wait so long.
    let held = deps.hide_message(Queue::Orders, &record.receipt_handle, limits::EXECUTOR_VISIBILITY);
    let (_held_longer_after_a_crash, worked) = join(held, work(deps, venue, deployment, record, invocation)).await;
    worked
}

async fn work<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    deployment: &str,
    record: &Record,
    invocation: &Invocation,
) -> Result<(), Retry> {
    let work = read(&record.body).map_err(Retry::because)?;
    invocation.touched(&work.group.0);
    let run = Run {
        deployment: deployment.to_owned(),
        attempt: invocation.attempt().clone(),
        deadline: invocation.deadline(),
        remarks: Remarks::default(),
    };
    let ended = match execute(deps, venue, &work.account.0, &work.group.0, &run).await {
        Ok(executed) => {
            tell(&executed, invocation);
            Ok(())
        }
        Err(error) => {
            // Where this fails too, the message comes again after the time set above.
            let _comes_again_later =
                deps.hide_message(Queue::Orders, &record.receipt_handle, backoff(record.receive_count)).await;
            invocation.measure(Metric::VenueErrors, 1);
            Err(Retry::because(error))
        }
    };
    remarks(deps, run.remarks.take(), invocation).await;
    ended
}

fn read(body: &str) -> Result<GroupWork, MessageError> {
    match Message::decode(body)?.body {
        Body::Work(work) => Ok(work),
        other => Err(MessageError::Misplaced(other.kind().to_owned())),
    }
}

fn tell(executed: &Executed, invocation: &Invocation) {
    executed.sent.iter().for_each(|order| invocation.touched(order));
    // A bell of an earlier request may find the work of a later one.
    if !executed.trace.is_empty() {
        invocation.follow(&executed.trace);
    }
    invocation.outcome(told(executed.end));
    if let Some(latency) = executed.alert_to_order {
        invocation.measure(Metric::AlertToOrderMs, latency.get());
    }
    if executed.unanswered > 0 {
        invocation.measure(Metric::VenueErrors, executed.unanswered.into());
    }
}

fn told(end: End) -> String {
    match end {
        End::Rests => "rests".to_owned(),
        End::Held(code) => format!("held: {code}"),
        End::RungAgain => "out of time, rung again".to_owned(),
        End::Nothing => "no such group".to_owned(),
        End::NotRecovered => "held: table not recovered".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_an_order_is_told_by_its_own_word() {
        for code in ["halted", "venue_paused", "insufficient_balance"] {
            assert_eq!(told(End::Held(code)), format!("held: {code}"));
        }
    }
}
