//! Dead-letter queues, and messages on their way back from them.

use crate::client::Aws;
use crate::config::Place;
use crate::error::unavailable;
use app::ports::{DeadLetter, DrainDeadLetters, SendAgain, StoreError};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName as Attribute, QueueAttributeName};
use domain::clock::Timestamp;
use domain::parked::{Letter, Queue};

/// The most that one receive brings.
const RECEIVED_MAX: i32 = 10;
/// Longer than a minute's run takes, shorter than until the next one.
const HIDDEN_SECONDS: i32 = 45;

impl DrainDeadLetters for Aws {
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
}

impl SendAgain for Aws {
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

fn letter(queue: Queue, message: Message) -> Result<DeadLetter, StoreError> {
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
