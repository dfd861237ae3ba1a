//! Doorbells. A message names what to look at; it never says what is the case.

use super::StoreError;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryRef};
pub use domain::parked::Queue;
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

pub trait SendSignal {
    async fn send_signal(&self, signal: &Signal, now: Timestamp) -> Result<(), StoreError>;
}

pub trait Ring {
    async fn ring(&self, bell: &Bell, now: Timestamp) -> Result<(), StoreError>;
}

pub trait SendTicks {
    /// Sends at most [`TICKS_PER_CALL_MAX`] ticks, each to be heard after its delay. Where it fails, some may be on
    /// their way.
    async fn send_ticks(&self, ticks: &[(Tick, Millis)], now: Timestamp) -> Result<(), StoreError>;
}

/// What one call takes.
pub const TICKS_PER_CALL_MAX: usize = 10;

pub trait HideMessage {
    /// The message comes again after this, unless it was done by then.
    async fn hide_message(&self, queue: Queue, receipt: &str, span: Millis) -> Result<(), StoreError>;
}
