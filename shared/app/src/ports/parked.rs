//! What is left to a person: dead letters, and the rows that show them.

use super::{Page, PageRequest, StoreError};
use domain::clock::Timestamp;
use domain::ids::{ParkedId, UserId};
use domain::parked::{Letter, Parked, Queue};
use store::Engine;
use store::trading::Trading;

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

pub trait KeepParked {
    /// Puts the row on absence; one that is there already is success.
    async fn keep_parked(&self, parked: &Parked) -> Result<(), StoreError>;

    /// Rows of all users that have not ended, up to [`domain::limits::PARKED_COUNTED_MAX`]; may lag.
    async fn count_parked(&self) -> Result<u64, StoreError>;
}

pub trait ReadParked {
    /// Newest first, the ended ones too; as they are now.
    async fn list_parked(&self, user: &UserId, page: &PageRequest) -> Result<Page<Parked>, StoreError>;

    async fn find_parked(&self, user: &UserId, id: &ParkedId) -> Result<Option<Parked>, StoreError>;
}

pub trait SendAgain {
    /// Sends the message unchanged to the queue that it came from. The same name within five minutes is the same
    /// message.
    async fn send_again(&self, letter: &Letter, name: &str) -> Result<(), StoreError>;
}

impl<E: Engine> KeepParked for E {
    async fn keep_parked(&self, parked: &Parked) -> Result<(), StoreError> {
        Trading(self).keep_parked(parked).await
    }

    async fn count_parked(&self) -> Result<u64, StoreError> {
        Trading(self).count_parked().await
    }
}

impl<E: Engine> ReadParked for E {
    async fn list_parked(&self, user: &UserId, page: &PageRequest) -> Result<Page<Parked>, StoreError> {
        Trading(self).list_parked(user, page).await
    }

    async fn find_parked(&self, user: &UserId, id: &ParkedId) -> Result<Option<Parked>, StoreError> {
        Trading(self).find_parked(user, id).await
    }
}
