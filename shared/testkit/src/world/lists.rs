//! What an index shows: the rows as they were some writes ago.

use domain::clock::{Millis, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use store::memory::is_indexed;
use store::{Index, Item, Key, Value};

/// After this the index has caught up, however unlucky one is.
const LAG_MAX: Millis = Millis::seconds(2);

/// A lagging copy of every row that some index shows, by the partitions of the indexes.
#[derive(Debug, Default)]
pub(super) struct Lists {
    partitions: BTreeMap<(Index, String), BTreeMap<Key, Arc<Item>>>,
    pending: VecDeque<Change>,
}

/// A row before a write and behind it, as far as an index shows it.
#[derive(Debug)]
struct Change {
    at: Timestamp,
    key: Key,
    before: Option<Arc<Item>>,
    behind: Option<Arc<Item>>,
}

impl Lists {
    /// What no index shows, before the write or behind it, is no write of theirs.
    pub(super) fn write(&mut self, key: &Key, before: Option<Arc<Item>>, behind: Option<Arc<Item>>, at: Timestamp) {
        let [before, behind] = [before, behind].map(|row| row.filter(|row| is_indexed(row)));
        if before.is_some() || behind.is_some() {
            self.pending.push_back(Change { at, key: key.clone(), before, behind });
        }
    }

    /// The rows of one partition, without the newest `missed` writes, as far as those are young enough to be missed.
    pub(super) fn read(
        &mut self,
        index: Index,
        partition: &str,
        missed: u64,
        now: Timestamp,
    ) -> impl Iterator<Item = &Arc<Item>> {
        self.catch_up(missed, now);
        let rows = self.partitions.get(&(index, partition.to_owned()));
        rows.into_iter().flat_map(BTreeMap::values)
    }

    /// The same of all partitions.
    pub(super) fn read_all(&mut self, index: Index, missed: u64, now: Timestamp) -> impl Iterator<Item = &Arc<Item>> {
        self.catch_up(missed, now);
        let partitions = self.partitions.iter().filter(move |((of, _), _)| *of == index);
        partitions.flat_map(|(_, rows)| rows.values())
    }

    fn catch_up(&mut self, missed: u64, now: Timestamp) {
        let missed = usize::try_from(missed).unwrap_or(usize::MAX);
        while let Some(Change { at, .. }) = self.pending.front() {
            if self.pending.len() <= missed && now.since(*at) < LAG_MAX {
                break;
            }
            let Some(change) = self.pending.pop_front() else { break };
            self.show(change);
        }
    }

    fn show(&mut self, change: Change) {
        let Change { key, before, behind, .. } = change;
        for partition in before.iter().flat_map(|row| places(row)) {
            if let Some(rows) = self.partitions.get_mut(&partition) {
                rows.remove(&key);
            }
        }
        let Some(row) = behind else { return };
        for partition in places(&row) {
            self.partitions.entry(partition).or_default().insert(key.clone(), Arc::clone(&row));
        }
    }
}

/// Every partition of an index that shows a row.
fn places(row: &Item) -> impl Iterator<Item = (Index, String)> {
    let place = |index: Index| Some((index, row.get(index.keys().0).and_then(Value::as_text)?.to_owned()));
    Index::ALL.into_iter().filter_map(place)
}
