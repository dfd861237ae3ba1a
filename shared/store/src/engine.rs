//! What a store has to do for rows: `DynamoDB` does it, and a store in memory.

use crate::error::StoreError;
use crate::key::Key;
use crate::query::{Found, Index, Query};
use crate::value::Item;
use crate::write::Write;
use domain::clock::{Millis, Timestamp};
use domain::ids::AttemptId;

/// How many rows one call puts:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html> (2026-11-27).
pub const BATCH_WRITES_MAX: usize = 25;

/// Where rows stand. Each call is one request: nothing is tried again here.
#[allow(async_fn_in_trait, reason = "each engine is named where its futures have to be Send")]
pub trait Engine {
    /// What is left of the patience with one write that meets others.
    type Patience;

    fn now(&self) -> Timestamp;

    /// How long this process has stood, by its clock.
    fn age(&self) -> Millis;

    /// Whether accounts of the first release are brought up to this one where they are read.
    fn brings_up(&self) -> bool;

    /// Unique to one write, so that it is known again when its answer was lost.
    ///
    /// # Errors
    /// `Unavailable`: no random numbers.
    fn stamp(&self) -> Result<AttemptId, StoreError>;

    /// What is asked of it can be asked of no engine: a fault of this code, which its caller is told of as well.
    fn at_fault(&self, what: &str);

    fn patience(&self) -> Self::Patience;

    /// Waits before the next try.
    ///
    /// # Errors
    /// `Unavailable`: the patience is over.
    async fn pause(&self, patience: &mut Self::Patience) -> Result<(), StoreError>;

    /// As it is now; as it may lag, which costs half as much, where that is said.
    async fn get(&self, key: &Key, lagging: bool) -> Result<Option<Item>, StoreError>;

    /// Rows as they are now, in no order, without those that are not there.
    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError>;

    /// Every entry of an index that holds few, which may lag behind its table.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn scan(&self, index: Index) -> Result<Vec<Item>, StoreError>;

    /// One page.
    async fn query(&self, query: &Query) -> Result<Found, StoreError>;

    async fn write(&self, write: &Write) -> Result<Written, Unwritten>;

    /// Puts rows of one table, at most [`BATCH_WRITES_MAX`] and each whatever stands there. Where it fails some may stand.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn batch_write(&self, puts: &[Write]) -> Result<(), StoreError>;

    /// All of them or none.
    async fn transact(&self, writes: &[Write]) -> Result<(), Unapplied>;
}

/// What became of a write that was sent alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// Applied; with the row as it is now, where it was updated.
    Done(Item),
    /// A condition did not hold; with the row that stands there.
    Refused(Option<Item>),
}

/// Why one try of a write says nothing about its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwritten {
    /// Another write was in the way.
    InTheWay,
    Store(StoreError),
}

/// Why a transaction was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unapplied {
    /// What each of its writes has to do with that, in their order.
    Cancelled(Vec<Reason>),
    /// Another try of itself is in the way.
    InTheWay,
    Store(StoreError),
}

/// What one write of a cancelled transaction has to do with that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// None where it would have been applied.
    pub fault: Option<Fault>,
    /// The row that stands there, where a condition did not hold.
    pub old: Option<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A condition did not hold.
    Condition,
    /// Another transaction was in the way.
    Conflict,
    Throttled,
    /// In the service's words.
    Other(String),
}
