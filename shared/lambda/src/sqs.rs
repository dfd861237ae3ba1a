//! Queues: a batch is worked off record by record, and only what failed comes back.
//!
//! 1. In a FIFO group nothing overtakes: after a failed record the later ones of its group are not begun.
//! 2. A panic fails its record and no other.
//! 3. No record begins with less than [`limits::CALL_MARGIN`] left: a batch that is cut off would come back whole.

use crate::boot::SystemClock;
use crate::{Error, Invocation, event};
use app::ports::Clock;
use domain::clock::{Millis, Timestamp};
use domain::limits;
use lambda_runtime::{Context, LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub body: String,
    pub message_id: String,
    pub receipt_handle: String,
    /// From 1.
    pub receive_count: u32,
    /// Of a FIFO queue.
    pub group_id: Option<String>,
    /// When its queue took it.
    pub sent_at: Option<Timestamp>,
    /// As the message names it; empty where it names none.
    pub trace: String,
}

/// The message is to come again. Business outcomes never are: they are committed, and the message is done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Retry(pub String);

impl Retry {
    pub fn because(why: impl std::fmt::Display) -> Self {
        Self(why.to_string())
    }
}

/// How long a message that met a transient fault stays hidden: 1, 2, 4 … 30 s.
pub fn backoff(receive_count: u32) -> Millis {
    const LONGEST: i64 = 30;
    let doubled = 1_i64.checked_shl(receive_count.saturating_sub(1)).filter(|seconds| (1..LONGEST).contains(seconds));
    Millis::seconds(doubled.unwrap_or(LONGEST))
}

/// Serves batches until the process ends. The mapping must say `ReportBatchItemFailures`.
///
/// # Errors
/// Where the runtime of Lambda cannot be reached.
pub async fn run<H>(handler: H) -> Result<(), Error>
where
    H: AsyncFn(Record, Invocation) -> Result<(), Retry>,
{
    let handler = &handler;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Batch>| batch(handler, event))).await
}

async fn batch<H>(handler: &H, event: LambdaEvent<Batch>) -> Result<Failures, Error>
where
    H: AsyncFn(Record, Invocation) -> Result<(), Retry>,
{
    let (mut failures, mut stopped) = (Failures::default(), BTreeSet::new());
    for message in event.payload.records {
        let record = Record::from(message);
        let (id, group) = (record.message_id.clone(), record.group_id.clone());
        let waits = group.as_ref().is_some_and(|group| stopped.contains(group));
        if waits || one(handler, record, &event.context).await.is_err() {
            failures.items.push(Failure { id });
            stopped.extend(group);
        }
    }
    Ok(failures)
}

async fn one<H>(handler: &H, record: Record, context: &Context) -> Result<(), Retry>
where
    H: AsyncFn(Record, Invocation) -> Result<(), Retry>,
{
    let invocation = event::begin(context).map_err(Retry::because)?;
    invocation.follow(&record.trace);
    // A delay is asked for on queues without groups alone, and is no waiting.
    if let Some(sent_at) = record.sent_at.filter(|_| record.group_id.is_some()) {
        invocation.has_waited(invocation.now().since(sent_at));
    }
    let (message, count) = (record.message_id.clone(), record.receive_count);
    let ended = if invocation.remaining(SystemClock.now()) < limits::CALL_MARGIN {
        Err(Retry::because("no time left"))
    } else {
        // Boxed: a future of this depth is more than the compiler lays out in one piece.
        unwound(Box::pin(handler(record, invocation.clone()))).await
    };
    // What is done at once is never looked for by its message.
    if ended.is_err() || count > 1 {
        invocation.touched(format_args!("message={message} receive={count}"));
    }
    if let Err(retry) = &ended {
        invocation.outcome(format!("retry: {retry}"));
    }
    invocation.end("done");
    ended
}

/// The future's result, a panic being a reason to come again.
async fn unwound(future: impl Future<Output = Result<(), Retry>>) -> Result<(), Retry> {
    let mut future = pin!(future);
    let panicked = |_| Poll::Ready(Err(Retry::because("panicked")));
    poll_fn(|context| catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))).unwrap_or_else(panicked)).await
}

/// The event as SQS sends it, as far as it is read.
#[derive(Debug, Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Message>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    body: String,
    message_id: String,
    receipt_handle: String,
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Attributes {
    approximate_receive_count: Option<String>,
    message_group_id: Option<String>,
    sent_timestamp: Option<String>,
}

/// The one field of our messages that is everybody's.
#[derive(Debug, Default, Deserialize)]
struct Traced {
    #[serde(default)]
    trace: String,
}

impl From<Message> for Record {
    fn from(message: Message) -> Self {
        let Message { body, message_id, receipt_handle, attributes } = message;
        let count = attributes.approximate_receive_count.and_then(|count| count.parse().ok());
        let Traced { trace } = serde_json::from_str(&body).unwrap_or_default();
        let group_id = attributes.message_group_id;
        let sent_at = attributes.sent_timestamp.and_then(|ms| ms.parse().ok()).map(Timestamp::from_millis);
        Self { body, message_id, receipt_handle, receive_count: count.unwrap_or(1), group_id, sent_at, trace }
    }
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Failures {
    #[serde(rename = "batchItemFailures")]
    items: Vec<Failure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Failure {
    #[serde(rename = "itemIdentifier")]
    id: String,
}

#[cfg(test)]
mod tests;
