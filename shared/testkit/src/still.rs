//! Rows in memory that answer at once and never fail, by a clock that is set: for tests of what stands beside the rows, on any executor.

use app::ports::{Clock, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::AttemptId;
use domain::recovery::TableId;
use std::collections::BTreeMap;
use std::slice;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::memory::{Refused, check_query};
use store::{Engine, Found, Index, Item, Key, Kind, Memory, Query, Table, Unapplied, Unwritten, Write, Written};

const TABLES: [Table; 5] = [Table::Trading, Table::Vault, Table::Catalog, Table::Market, Table::Identity];

/// Clones are one and the same.
#[derive(Debug, Clone, Default)]
pub struct Still(Arc<Mutex<Rows>>);

#[derive(Debug, Default)]
struct Rows {
    memory: Memory,
    now: Timestamp,
    stamps: u64,
    /// How often a row was written by a call.
    writes: u64,
    /// What reads that may lag see.
    lagging: BTreeMap<Key, Option<Item>>,
}

impl Still {
    pub fn at(now: Timestamp) -> Self {
        let still = Self::default();
        still.go_to(now);
        still
    }

    pub fn go_to(&self, now: Timestamp) {
        self.rows().now = now;
    }

    /// A row as if it had always stood there.
    ///
    /// # Panics
    /// Where no store would take it.
    pub fn put(&self, row: Write) {
        self.rows().memory.transact(&[row]).expect("a row");
    }

    /// From here on reads of it that may lag see it as it is now.
    pub fn lag(&self, key: &Key) {
        let mut rows = self.rows();
        let row = rows.memory.get(key).cloned();
        rows.lagging.insert(key.clone(), row);
    }

    /// How often a row was written by a call, refused ones among them.
    pub fn writes(&self) -> u64 {
        self.rows().writes
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.rows().now
    }
}

impl Engine for Still {
    type Patience = ();

    fn age(&self) -> Millis {
        Millis::ZERO
    }

    fn brings_up(&self) -> bool {
        false
    }

    fn stamp(&self) -> Result<AttemptId, StoreError> {
        let mut rows = self.rows();
        rows.stamps += 1;
        Ok(AttemptId::new(format!("stamp-{}", rows.stamps)))
    }

    async fn table_id(&self) -> Result<TableId, StoreError> {
        Ok(TableId::new("table".to_owned()))
    }

    fn at_fault(&self, what: &str) {
        panic!("{what}");
    }

    fn patience(&self) {}

    async fn pause(&self, (): &mut ()) -> Result<(), StoreError> {
        unreachable!("no other write is in the way")
    }

    async fn get(&self, key: &Key, lagging: bool) -> Result<Option<Item>, StoreError> {
        let rows = self.rows();
        let old = rows.lagging.get(key).filter(|_| lagging);
        Ok(old.cloned().unwrap_or_else(|| rows.memory.get(key).cloned()))
    }

    async fn batch_get(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        let rows = self.rows();
        Ok(keys.iter().filter_map(|key| rows.memory.get(key).cloned()).collect())
    }

    async fn scan(&self, index: Index) -> Result<Vec<Item>, StoreError> {
        let rows = self.rows();
        let indexed = TABLES.into_iter().flat_map(|table| rows.memory.of(table).map(|(_, row)| row));
        Ok(indexed.filter(|row| row.contains_key(index.keys().0)).cloned().collect())
    }

    async fn query(&self, query: &Query) -> Result<Found, StoreError> {
        check_query(query).unwrap_or_else(|what| panic!("{what}"));
        Ok(self.rows().memory.query(query))
    }

    async fn write(&self, write: &Write) -> Result<Written, Unwritten> {
        let mut rows = self.rows();
        rows.writes += 1;
        match rows.memory.transact(slice::from_ref(write)) {
            Ok(()) if write.kind == Kind::Update => {
                Ok(Written::Done(rows.memory.get(&write.key).cloned().unwrap_or_default()))
            }
            Ok(()) => Ok(Written::Done(Item::new())),
            Err(Refused::Cancelled(reasons)) => Ok(Written::Refused(reasons.into_iter().find_map(|reason| reason.old))),
            Err(Refused::Invalid(what)) => panic!("{what}"),
        }
    }

    async fn batch_write(&self, puts: &[Write]) -> Result<(), StoreError> {
        self.rows().writes += 1;
        puts.iter().for_each(|put| self.put(put.clone()));
        Ok(())
    }

    async fn transact(&self, writes: &[Write]) -> Result<(), Unapplied> {
        let mut rows = self.rows();
        rows.writes += 1;
        rows.memory.transact(writes).map_err(|refused| match refused {
            Refused::Cancelled(reasons) => Unapplied::Cancelled(reasons),
            Refused::Invalid(what) => panic!("{what}"),
        })
    }
}
