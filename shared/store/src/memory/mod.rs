//! Rows in memory, by the rules of `DynamoDB` and stricter: what is refused here alone is refused nowhere too late.

mod apply;
mod check;
mod size;

use crate::engine::{Fault, Reason};
use crate::error::StoreError;
use crate::item::from_item;
use crate::key::{Key, Table};
use crate::query::{Found, Index, Query, Within};
use crate::value::{Item, Value};
use crate::write::Write;
use serde::de::DeserializeOwned;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use apply::compare;
pub use check::{check_batch, check_query};

/// All that the rows of one page take together: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html>
/// (2026-11-27).
const PAGE_BYTES_MAX: usize = 1_024 * 1_024;

/// Rows of every table. A copy of it is cheap, and holds the rows as they are.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    rows: BTreeMap<Key, Arc<Item>>,
}

/// Why a transaction was not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The service would not even look at it: a fault of this code.
    Invalid(String),
    /// A condition did not hold: what each write has to do with that.
    Cancelled(Vec<Reason>),
}

impl Memory {
    pub fn get(&self, key: &Key) -> Option<&Item> {
        self.rows.get(key).map(|row| &**row)
    }

    /// A row as its struct, for a look from outside.
    ///
    /// # Errors
    /// `Unreadable`: this code does not know such a row.
    pub fn read<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        self.get(key).map(from_item).transpose()
    }

    /// Every row of a table whose keys begin so.
    ///
    /// # Errors
    /// `Unreadable`: this code does not know such a row.
    pub fn read_all<T: DeserializeOwned>(&self, table: Table, pk: &str, sk: &str) -> Result<Vec<T>, StoreError> {
        let rows = self.of(table).filter(|(key, _)| key.pk.starts_with(pk) && key.sk.starts_with(sk));
        rows.map(|(_, row)| from_item(row)).collect()
    }

    /// Every row of a table.
    pub fn of(&self, table: Table) -> impl Iterator<Item = (&Key, &Item)> {
        self.rows.iter().filter(move |(key, _)| key.table == table).map(|(key, row)| (key, &**row))
    }

    /// Rows go without a write: a table is restored, or deletes what has expired.
    pub fn retain(&mut self, mut keeps: impl FnMut(&Key, &Item) -> bool) {
        self.rows.retain(|key, row| keeps(key, row));
    }

    /// With these rows of another.
    pub fn extend(&mut self, other: &Self, mut takes: impl FnMut(&Key) -> bool) {
        let taken = other.rows.iter().filter(|(key, _)| takes(key));
        self.rows.extend(taken.map(|(key, row)| (key.clone(), Arc::clone(row))));
    }

    /// One page; of an index that does not lag.
    pub fn query(&self, query: &Query) -> Found {
        match query.index {
            None => page(self.partition(query.table, &query.pk), query),
            Some(_) => page(self.rows.iter().filter(|(key, _)| key.table == query.table).map(|(_, row)| row), query),
        }
    }

    /// A row as it is shared, for a copy of it.
    pub fn shared(&self, key: &Key) -> Option<Arc<Item>> {
        self.rows.get(key).map(Arc::clone)
    }

    /// In the order of its sort keys.
    fn partition<'a>(&'a self, table: Table, pk: &'a str) -> impl Iterator<Item = &'a Arc<Item>> {
        let rows = self.rows.range(Key::new(table, pk, "")..);
        rows.take_while(move |(key, _)| key.table == table && key.pk == pk).map(|(_, row)| row)
    }

    /// All of the writes or none.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn transact(&mut self, writes: &[Write]) -> Result<(), Refused> {
        self.would_apply(writes)?;
        self.apply(writes)
    }

    /// Whether a transaction would be applied as things stand.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn would_apply(&self, writes: &[Write]) -> Result<(), Refused> {
        check::all(writes).map_err(Refused::Invalid)?;
        let reasons: Vec<_> = writes.iter().map(|write| self.reason(write)).collect();
        if reasons.iter().all(|reason| reason.fault.is_none()) { Ok(()) } else { Err(Refused::Cancelled(reasons)) }
    }

    fn reason(&self, write: &Write) -> Reason {
        let old = self.get(&write.key);
        if write.holds(old) {
            return Reason { fault: None, old: None };
        }
        Reason { fault: Some(Fault::Condition), old: old.cloned() }
    }

    /// What [`Memory::would_apply`]. Nothing is applied where one of the rows would become too large.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn apply(&mut self, writes: &[Write]) -> Result<(), Refused> {
        let mut rows = Vec::with_capacity(writes.len());
        for write in writes {
            let key = &write.key;
            let row = write.applied(self.get(key)).map_err(Refused::Invalid)?;
            if let Some(row) = &row {
                check::row(key, row).map_err(Refused::Invalid)?;
            }
            rows.push((key.clone(), row));
        }
        for (key, row) in rows {
            match row {
                Some(row) => self.rows.insert(key, Arc::new(row)),
                None => self.rows.remove(&key),
            };
        }
        Ok(())
    }
}

/// Whether some index shows a row.
pub fn is_indexed(row: &Item) -> bool {
    Index::ALL.into_iter().any(|index| row.contains_key(index.keys().0))
}

/// One page of rows: of a partition in the order of its sort keys, or of all rows that an index shows.
pub fn page<'a>(rows: impl Iterator<Item = &'a Arc<Item>>, query: &Query) -> Found {
    let (pk, sk) = query.index.map_or(("pk", "sk"), Index::keys);
    let of_partition = |row: &&Arc<Item>| row.get(pk).and_then(Value::as_text) == Some(&query.pk);
    let is_wanted = |row: &&Arc<Item>| row.get(sk).is_some_and(|sk| is_within(sk, &query.within));
    let mut rows: Vec<_> = rows.filter(of_partition).filter(is_wanted).collect();
    if query.index.is_some() {
        rows.sort_by(|one, other| ordered(one, other, sk));
    }
    if query.newest_first {
        rows.reverse();
    }
    let rows = rows.into_iter().skip_while(|row| {
        let before = query.start.as_ref().map(|start| ordered(row, start, sk));
        before.is_some_and(|before| if query.newest_first { before.is_ge() } else { before.is_le() })
    });
    let (mut found, mut bytes, mut seen) = (Found::default(), 0_usize, 0);
    let mut rows = rows.peekable();
    while let Some(row) = rows.next() {
        seen += 1;
        bytes = bytes.saturating_add(size::of(row));
        let next_fits = rows.peek().is_none_or(|next| bytes.saturating_add(size::of(next)) <= PAGE_BYTES_MAX);
        let names = [pk, sk, "pk", "sk"];
        let key = || names.iter().filter_map(|name| Some(((*name).into(), row.get(name)?.clone()))).collect();
        if query.only.as_ref().is_none_or(|(name, value)| row.get(name) == Some(value)) {
            found.items.push(if query.keys_only || query.index.is_some() { key() } else { Item::clone(row) });
        }
        // At a limit the service says where to go on, though nothing may be there.
        if query.limit == Some(seen) || !next_fits {
            found.next = Some(key());
            break;
        }
    }
    found
}

fn is_within(sk: &Value, within: &Within) -> bool {
    let text = sk.as_text().unwrap_or_default();
    match within {
        Within::All => true,
        Within::Prefix(prefix) => text.starts_with(&**prefix),
        Within::Between(first, last) => (&**first..=&**last).contains(&text),
        Within::After(after) => *text > **after,
        Within::Before(before) => *text < **before,
        Within::UpTo(last) => compare(sk, last).is_some_and(Ordering::is_le),
    }
}

/// By their sort keys, and those of one by their places in the table.
fn ordered(one: &Item, other: &Item, sk: &str) -> Ordering {
    let by = |name: &str| one.get(name).zip(other.get(name)).and_then(|(one, other)| compare(one, other));
    let parts = [sk, "pk", "sk"].map(|name| by(name).unwrap_or(Ordering::Equal));
    parts.into_iter().find(|part| part.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests;
