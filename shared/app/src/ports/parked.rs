//! What is left to a person: dead letters, and the rows that show them.

use super::StoreError;
use domain::clock::Timestamp;
use domain::parked::{Letter, Queue};

/// A message in a dead-letter queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The queue's own id of it, the same at each receipt.
    pub id: String,
    /// By which it is deleted.
    pub receipt: String,
    /// When it was sent, the same at each receipt.
    pub sent_at: Timestamp,
    pub receives: u32,
    pub letter: Letter,
}

pub trait DrainDeadLetters {
    /// About how many messages lie in the queue's dead-letter queue.
    async fn dead_letters(&self, queue: Queue) -> Result<u64, StoreError>;

    /// At most ten of them, out of others' sight for a while. Asked only where there are any: it costs a receive.
    async fn receive_dead(&self, queue: Queue) -> Result<Vec<DeadLetter>, StoreError>;

    /// Once its row stands.
    async fn delete_dead(&self, queue: Queue, receipt: &str) -> Result<(), StoreError>;
}

pub trait SendAgain {
    /// Sends the message unchanged to the queue that it came from. The same name within five minutes is the same
    /// message.
    async fn send_again(&self, letter: &Letter, name: &str) -> Result<(), StoreError>;
}
