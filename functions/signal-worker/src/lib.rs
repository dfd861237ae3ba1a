//! The signal worker: one message, one delivery, one decision.

use app::decide::{Decided, decide};
use app::ports::{Queue, Queues, ReadBooks, ReadPrice, Signal};
use app::remarks::Remarks;
use app::run::Run;
use domain::delivery::VerdictKind;
use lambda::noted::remarks;
use lambda::sqs::{Record, Retry, backoff};
use lambda::{Invocation, Metric};
use store::Engine;
use wire::messages::{Body, Message, MessageError};

/// Decides about the delivery that the message names.
///
/// # Errors
/// [`Retry`] where store or queue cannot be reached, or the message is a newer writer's; it comes again soon.
pub async fn handle<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    deployment: &str,
    record: &Record,
    invocation: &Invocation,
) -> Result<(), Retry> {
    let signal = read(&record.body).map_err(Retry::because)?;
    invocation.touched(&signal.delivery.id);
    let run = Run {
        deployment: deployment.to_owned(),
        attempt: invocation.attempt().clone(),
        deadline: invocation.deadline(),
        remarks: Remarks::default(),
    };
    let ended = match decide(deps, books, &signal, &run, invocation.now()).await {
        Ok(decided) => {
            tell(&decided, invocation);
            Ok(())
        }
        Err(error) => {
            // Where this fails too, the message comes again after the queue's own time.
            let _comes_again_later =
                deps.hide_message(Queue::Signals, &record.receipt_handle, backoff(record.receive_count)).await;
            Err(Retry::because(error))
        }
    };
    remarks(deps, run.remarks.take(), invocation).await;
    ended
}

fn read(body: &str) -> Result<Signal, MessageError> {
    let Message { body, trace, .. } = Message::decode(body)?;
    match body {
        Body::Signal(signal) => {
            Ok(Signal { delivery: signal.delivery.into(), decision: signal.decision, lane: signal.lane, trace })
        }
        other => Err(MessageError::Misplaced(other.kind().to_owned())),
    }
}

fn tell(decided: &Decided, invocation: &Invocation) {
    let Decided::Verdict(verdict) = decided else { return invocation.outcome("settled before") };
    for group in &verdict.groups {
        invocation.touched(group);
    }
    let reason = verdict.reason.as_deref().unwrap_or_default();
    invocation.outcome(format!("{} {reason}", verdict.kind.as_str()).trim_end());
    if !matches!(verdict.kind, VerdictKind::Accepted | VerdictKind::Queued) {
        invocation.measure(Metric::Refusals, 1);
    }
}
