//! Plain JSON events: schedules and asynchronous invokes.

use crate::{Error, Invocation, boot::SystemClock};
use app::ports::Clock;
use domain::clock::Timestamp;
use lambda_runtime::{Context, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Serves events of one shape until the process ends.
///
/// # Errors
/// Where the runtime of Lambda cannot be reached.
pub async fn run<T, H>(handler: H) -> Result<(), Error>
where
    T: DeserializeOwned,
    H: AsyncFn(T, Invocation) -> Result<(), Error>,
{
    answer(handler).await
}

/// The same for who waits for an answer.
///
/// # Errors
/// Where the runtime of Lambda cannot be reached.
pub async fn answer<T, A, H>(handler: H) -> Result<(), Error>
where
    T: DeserializeOwned,
    A: Serialize,
    H: AsyncFn(T, Invocation) -> Result<A, Error>,
{
    let handler = &handler;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<T>| one(handler, event))).await
}

async fn one<T, A, H>(handler: &H, event: LambdaEvent<T>) -> Result<A, Error>
where
    H: AsyncFn(T, Invocation) -> Result<A, Error>,
{
    let invocation = begin(&event.context)?;
    // Boxed: a future of this depth is more than the compiler lays out in one piece.
    let ended = Box::pin(handler(event.payload, invocation.clone())).await;
    invocation.end(if ended.is_ok() { "done" } else { "failed" });
    ended
}

/// An invocation that begins now, of this context.
pub(crate) fn begin(context: &Context) -> Result<Invocation, Error> {
    let deadline = Timestamp::from_millis(i64::try_from(context.deadline).unwrap_or(i64::MAX));
    Invocation::begin(&context.request_id, SystemClock.now(), deadline)
}
