//! Doorbells. A message names what to look at; it never says what is the case.

use super::StoreError;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryRef};
use domain::ids::{AccountId, UserId};
use domain::parked::Letter;
pub use domain::parked::Queue;
use domain::recovery::TableId;
pub use store::trading::Bell;

/// "Decide about this delivery."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    pub delivery: DeliveryRef,
    /// Which decision this is; with the delivery it makes the deduplication id.
    pub decision: u32,
    /// Signals of one lane are decided one after another.
    pub lane: String,
    pub trace: String,
}

impl From<&Delivery> for Signal {
    fn from(delivery: &Delivery) -> Self {
        let (lane, trace) = (delivery.lane.clone(), delivery.trace.clone());
        Self { delivery: delivery.at.clone(), decision: delivery.decisions, lane, trace }
    }
}

/// "Make the pass of this slot for the accounts of this shard."
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// Wall-clock time ÷ [`domain::limits::SLOT`].
    pub slot: i64,
    pub shard: u8,
}

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

/// "Look at the venue for this account, and merge what it says."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverAccount {
    pub account: AccountId,
    /// The table that is to be recovered; another one is left alone.
    pub table: TableId,
    pub trace: String,
}

/// What one call of [`Queues::send_ticks`] takes.
pub const TICKS_PER_CALL_MAX: usize = 10;

/// The three queues that the functions are rung by, and the dead-letter queue of each.
pub trait Queues {
    /// Has a delivery decided.
    async fn send_signal(&self, signal: &Signal, now: Timestamp) -> Result<(), StoreError>;

    /// Has a position looked at.
    async fn ring(&self, bell: &Bell, now: Timestamp) -> Result<(), StoreError>;

    /// Sends at most [`TICKS_PER_CALL_MAX`] ticks, each to be heard after its delay. Where it fails, some may be on
    /// their way.
    async fn send_ticks(&self, ticks: &[(Tick, Millis)], now: Timestamp) -> Result<(), StoreError>;

    /// Asks the watch to look around and to write down what it sees, at this user's accounts before others.
    async fn send_probe(&self, user: Option<&UserId>, now: Timestamp) -> Result<(), StoreError>;

    /// Has an account looked at after a restore.
    async fn ask_recovery(&self, recovery: &RecoverAccount, now: Timestamp) -> Result<(), StoreError>;

    /// The message comes again after this, unless it was done by then.
    async fn hide_message(&self, queue: Queue, receipt: &str, span: Millis) -> Result<(), StoreError>;

    /// About how many messages lie in the queue's dead-letter queue.
    async fn dead_letters(&self, queue: Queue) -> Result<u64, StoreError>;

    /// At most ten of them, out of others' sight for a while. Asked only where there are any: it costs a receive.
    async fn receive_dead(&self, queue: Queue) -> Result<Vec<DeadLetter>, StoreError>;

    /// Once its row stands.
    async fn delete_dead(&self, queue: Queue, receipt: &str) -> Result<(), StoreError>;

    /// Sends the message unchanged to the queue that it came from. The same name within five minutes is the same
    /// message.
    async fn send_again(&self, letter: &Letter, name: &str) -> Result<(), StoreError>;
}
