//! Doorbells on their queues.

use crate::client::Aws;
use crate::config::Place;
use crate::error::unavailable;
use app::ports::{Bell, HideMessage, Queue, QueueDepth, Ring, SendSignal, SendTick, Signal, StoreError, Tick};
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use aws_sdk_sqs::types::QueueAttributeName;
use domain::clock::{Millis, Timestamp};
use wire::messages::{Message, MessageError};

const DEAD_LETTERS: [Place; 3] = [Place::DeadSignals, Place::DeadOrders, Place::DeadTicks];
/// The longest that a standard queue delays and that any queue hides a message.
const DELAY_SECONDS_MAX: i64 = 900;
const HIDE_SECONDS_MAX: i64 = 43_200;

impl SendSignal for Aws {
    async fn send_signal(&self, signal: &Signal, now: Timestamp) -> Result<(), StoreError> {
        let call = self.message(Place::Signals, &signal.message(now))?;
        send(call.message_group_id(&signal.lane).message_deduplication_id(signal.deduplication_id())).await
    }
}

impl Ring for Aws {
    async fn ring(&self, bell: &Bell, now: Timestamp) -> Result<(), StoreError> {
        let call = self.message(Place::Orders, &bell.message(now))?;
        send(call.message_group_id(bell.group.as_str()).message_deduplication_id(bell.deduplication_id())).await
    }
}

impl SendTick for Aws {
    async fn send_tick(&self, tick: &Tick, delay: Millis, now: Timestamp) -> Result<(), StoreError> {
        let call = self.message(Place::Ticks, &tick.message(now))?;
        send(call.delay_seconds(seconds(delay, DELAY_SECONDS_MAX))).await
    }
}

impl HideMessage for Aws {
    async fn hide_message(&self, queue: Queue, receipt: &str, span: Millis) -> Result<(), StoreError> {
        let queue = match queue {
            Queue::Signals => Place::Signals,
            Queue::Orders => Place::Orders,
        };
        let call = self.sqs().change_message_visibility().queue_url(self.name(queue)?);
        let call = call.receipt_handle(receipt).visibility_timeout(seconds(span, HIDE_SECONDS_MAX));
        call.send().await.map(drop).map_err(|error| unavailable(&error))
    }
}

impl QueueDepth for Aws {
    async fn parked_messages(&self) -> Result<u64, StoreError> {
        let mut parked = 0_u64;
        for queue in DEAD_LETTERS {
            parked = parked.saturating_add(self.depth(queue).await?);
        }
        Ok(parked)
    }
}

impl Aws {
    fn message(&self, queue: Place, message: &Message) -> Result<SendMessageFluentBuilder, StoreError> {
        let body = message.encode().map_err(unsendable)?;
        Ok(self.sqs().send_message().queue_url(self.name(queue)?).message_body(body))
    }

    /// About: the service counts without locking.
    async fn depth(&self, queue: Place) -> Result<u64, StoreError> {
        let wanted = QueueAttributeName::ApproximateNumberOfMessages;
        let call = self.sqs().get_queue_attributes().queue_url(self.name(queue)?).attribute_names(wanted.clone());
        let answer = call.send().await.map_err(|error| unavailable(&error))?;
        let count = answer.attributes.as_ref().and_then(|attributes| attributes.get(&wanted)?.parse().ok());
        count.ok_or_else(|| StoreError::Unavailable("a queue's depth is missing".to_owned()))
    }
}

async fn send(call: SendMessageFluentBuilder) -> Result<(), StoreError> {
    call.send().await.map(drop).map_err(|error| unavailable(&error))
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn unsendable(error: MessageError) -> StoreError {
    StoreError::Unreadable(error.to_string())
}

/// Whole seconds, rounded up: a tick is never early.
fn seconds(span: Millis, max: i64) -> i32 {
    let seconds = span.get().max(0).saturating_add(999).div_euclid(1_000).min(max);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_whole_seconds_and_within_what_the_queue_allows() {
        let cases = [(-5, 0), (0, 0), (1, 1), (9_000, 9), (9_001, 10), (10_000_000, 900)];
        for (ms, expected) in cases {
            assert_eq!(seconds(Millis::new(ms), DELAY_SECONDS_MAX), expected, "{ms}");
        }
    }
}
