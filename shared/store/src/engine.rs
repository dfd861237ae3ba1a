//! What a store has to do for rows: `DynamoDB` does it, and a store in memory.

use crate::error::StoreError;
use crate::idempotency::Once;
use crate::key::Key;
use crate::query::{Found, Index, Query};
use crate::value::Item;
use crate::write::Write;
use domain::clock::{Millis, Timestamp};
use domain::ids::AttemptId;
use domain::recovery::TableId;

/// How many rows one call puts:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html> (2026-11-27).
pub const BATCH_WRITES_MAX: usize = 25;

/// The time, for what lasts longer than one reading of it.
pub trait Clock {
    fn now(&self) -> Timestamp;
}

/// Where rows stand. Each call is one request: nothing is tried again here. What is built on any engine may move between threads, as
/// a server of HTTP wants it.
pub trait Engine: Clock + Send + Sync {
    /// What is left of the patience with one write that meets others.
    type Patience: Send;

    /// How long this process has stood, by its clock.
    fn age(&self) -> Millis;

    /// Whether accounts of the first release are brought up to this one where they are read.
    fn brings_up(&self) -> bool;

    /// Unique to one write, so that it is known again when its answer was lost.
    ///
    /// # Errors
    /// `Unavailable`: no random numbers.
    fn stamp(&self) -> Result<AttemptId, StoreError>;

    /// The identity of the trading table that is really used, as it was told at most
    /// [`domain::limits::TABLE_ID_CACHE`] ago: another one after a restore.
    ///
    /// # Errors
    /// `Unavailable`.
    fn table_id(&self) -> impl Future<Output = Result<TableId, StoreError>> + Send;

    /// What is asked of it can be asked of no engine: a fault of this code, which its caller is told of as well.
    fn at_fault(&self, what: &str);

    fn patience(&self) -> Self::Patience;

    /// The request with a key that is done by it; none of most.
    fn once(&self) -> Option<&Once> {
        None
    }

    /// Waits before the next try.
    ///
    /// # Errors
    /// `Unavailable`: the patience is over.
    fn pause(&self, patience: &mut Self::Patience) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// As it is now; as it may lag, which costs half as much, where that is said.
    fn get(&self, key: &Key, lagging: bool) -> impl Future<Output = Result<Option<Item>, StoreError>> + Send;

    /// Rows as they are now, in no order, without those that are not there.
    fn batch_get(&self, keys: &[Key]) -> impl Future<Output = Result<Vec<Item>, StoreError>> + Send;

    /// Every entry of an index that holds few, which may lag behind its table.
    ///
    /// # Errors
    /// `Unavailable`.
    fn scan(&self, index: Index) -> impl Future<Output = Result<Vec<Item>, StoreError>> + Send;

    /// One page.
    fn query(&self, query: &Query) -> impl Future<Output = Result<Found, StoreError>> + Send;

    fn write(&self, write: &Write) -> impl Future<Output = Result<Written, Unwritten>> + Send;

    /// Puts rows of one table, at most [`BATCH_WRITES_MAX`] and each whatever stands there. Where it fails some may stand.
    ///
    /// # Errors
    /// `Unavailable`.
    fn batch_write(&self, puts: &[Write]) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// All of them or none.
    fn transact(&self, writes: &[Write]) -> impl Future<Output = Result<(), Unapplied>> + Send;
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
