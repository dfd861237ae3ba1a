//! The three queues and their dead-letter queues, at SQS.

use crate::client::Aws;
use crate::config::Place;
use crate::error::{unavailable, unbuilt};
use app::ports::{Bell, DeadLetter, Queue, Queues, RecoverAccount, Signal, StoreError, Tick};
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use aws_sdk_sqs::types::{
    Message as Received, MessageSystemAttributeName as Attribute, QueueAttributeName, SendMessageBatchRequestEntry,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::parked::Letter;
use wire::messages::{Body, Message, MessageError, Probe};
use wire::text::Text;

/// The longest that a standard queue delays and that any queue hides a message.
const DELAY_SECONDS_MAX: i64 = 900;
const HIDE_SECONDS_MAX: i64 = 43_200;
/// The most that one receive brings.
const RECEIVED_MAX: i32 = 10;
/// Longer than a minute's run takes, shorter than until the next one.
const HIDDEN_SECONDS: i32 = 45;

impl Queues for Aws {
    async fn send_signal(&self, signal: &Signal, now: Timestamp) -> Result<(), StoreError> {
        let call = self.message(Place::Signals, &signal.message(now))?;
        send(call.message_group_id(&signal.lane).message_deduplication_id(signal.deduplication_id())).await
    }

    async fn ring(&self, bell: &Bell, now: Timestamp) -> Result<(), StoreError> {
        let call = self.message(Place::Orders, &bell.message(now))?;
        send(call.message_group_id(bell.group.as_str()).message_deduplication_id(bell.deduplication_id())).await
    }

    async fn send_ticks(&self, ticks: &[(Tick, Millis)], now: Timestamp) -> Result<(), StoreError> {
        let entry = |(number, (tick, delay)): (usize, &(Tick, Millis))| {
            let entry = SendMessageBatchRequestEntry::builder().id(number.to_string());
            let body = tick.message(now).encode().map_err(unsendable)?;
            entry.message_body(body).delay_seconds(seconds(*delay, DELAY_SECONDS_MAX)).build().map_err(unbuilt)
        };
        let entries = ticks.iter().enumerate().map(entry).collect::<Result<Vec<_>, _>>()?;
        let call = self.sqs().send_message_batch().queue_url(self.name(Place::Ticks)?).set_entries(Some(entries));
        let told = call.send().await.map_err(|error| unavailable(&error))?;
        // An answer may be good and hold failures all the same.
        let failed = told.failed().len();
        if failed == 0 { Ok(()) } else { Err(StoreError::Unavailable(format!("{failed} ticks were not taken"))) }
    }

    async fn send_probe(&self, user: Option<&UserId>, now: Timestamp) -> Result<(), StoreError> {
        let name = format!("probe-{}", now.millis());
        let probe = Probe { user: user.cloned().map(Text) };
        let message = Message::new(name.clone(), now.millis(), name, Body::Probe(probe));
        send(self.message(Place::Ticks, &message)?).await
    }

    async fn ask_recovery(&self, recovery: &RecoverAccount, now: Timestamp) -> Result<(), StoreError> {
        send(self.message(Place::Ticks, &recovery.message(now))?).await
    }

    async fn hide_message(&self, queue: Queue, receipt: &str, span: Millis) -> Result<(), StoreError> {
        let call = self.sqs().change_message_visibility().queue_url(self.name(living(queue))?);
        let call = call.receipt_handle(receipt).visibility_timeout(seconds(span, HIDE_SECONDS_MAX));
        call.send().await.map(drop).map_err(|error| unavailable(&error))
    }

    async fn dead_letters(&self, queue: Queue) -> Result<u64, StoreError> {
        let wanted = QueueAttributeName::ApproximateNumberOfMessages;
        let call = self.sqs().get_queue_attributes().queue_url(self.name(dead(queue))?);
        let answer = call.attribute_names(wanted.clone()).send().await.map_err(|error| unavailable(&error))?;
        let count = answer.attributes.as_ref().and_then(|attributes| attributes.get(&wanted)?.parse().ok());
        count.ok_or_else(|| StoreError::Unavailable("a queue's depth is missing".to_owned()))
    }

    async fn receive_dead(&self, queue: Queue) -> Result<Vec<DeadLetter>, StoreError> {
        let call = self.sqs().receive_message().queue_url(self.name(dead(queue))?);
        let call = call.max_number_of_messages(RECEIVED_MAX).visibility_timeout(HIDDEN_SECONDS);
        let call = [Attribute::SentTimestamp, Attribute::ApproximateReceiveCount, Attribute::MessageGroupId]
            .into_iter()
            .fold(call, |call, attribute| call.message_system_attribute_names(attribute));
        let received = call.send().await.map_err(|error| unavailable(&error))?;
        received.messages.unwrap_or_default().into_iter().map(|message| letter(queue, message)).collect()
    }

    async fn delete_dead(&self, queue: Queue, receipt: &str) -> Result<(), StoreError> {
        let call = self.sqs().delete_message().queue_url(self.name(dead(queue))?).receipt_handle(receipt);
        call.send().await.map(drop).map_err(|error| unavailable(&error))
    }

    async fn send_again(&self, letter: &Letter, name: &str) -> Result<(), StoreError> {
        let call = self.sqs().send_message().queue_url(self.name(living(letter.queue))?).message_body(&letter.body);
        let call = match letter.queue {
            Queue::Ticks => call,
            Queue::Signals | Queue::Orders => {
                let lane = letter.lane.as_deref().unwrap_or(name);
                call.message_group_id(lane).message_deduplication_id(name)
            }
        };
        call.send().await.map(drop).map_err(|error| unavailable(&error))
    }
}

impl Aws {
    fn message(&self, queue: Place, message: &Message) -> Result<SendMessageFluentBuilder, StoreError> {
        let body = message.encode().map_err(unsendable)?;
        Ok(self.sqs().send_message().queue_url(self.name(queue)?).message_body(body))
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

fn living(queue: Queue) -> Place {
    match queue {
        Queue::Signals => Place::Signals,
        Queue::Orders => Place::Orders,
        Queue::Ticks => Place::Ticks,
    }
}

fn dead(queue: Queue) -> Place {
    match queue {
        Queue::Signals => Place::DeadSignals,
        Queue::Orders => Place::DeadOrders,
        Queue::Ticks => Place::DeadTicks,
    }
}

fn letter(queue: Queue, message: Received) -> Result<DeadLetter, StoreError> {
    let attribute = |name| message.attributes.as_ref().and_then(|attributes| attributes.get(&name));
    let sent_at = attribute(Attribute::SentTimestamp).and_then(|sent_at| sent_at.parse().ok());
    let receives = attribute(Attribute::ApproximateReceiveCount).and_then(|count| count.parse().ok());
    let lane = attribute(Attribute::MessageGroupId).cloned();
    let (Some(id), Some(receipt), Some(sent_at)) = (message.message_id, message.receipt_handle, sent_at) else {
        return Err(StoreError::Unavailable("a received message lacks its id, receipt or time".to_owned()));
    };
    Ok(DeadLetter {
        id,
        receipt,
        sent_at: Timestamp::from_millis(sent_at),
        receives: receives.unwrap_or(1),
        letter: Letter::new(queue, lane, message.body.unwrap_or_default()),
    })
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
