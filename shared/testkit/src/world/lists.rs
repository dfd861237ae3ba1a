//! What an index shows: the rows as they were some writes ago.

use domain::clock::{Millis, Timestamp};
use std::collections::{BTreeMap, VecDeque};

/// After this the index has caught up, however unlucky one is.
const LAG_MAX: Millis = Millis::seconds(2);

/// A lagging copy of every row that some index shows.
#[derive(Debug)]
pub(super) struct Lists<K, V> {
    shown: BTreeMap<K, V>,
    pending: VecDeque<(Timestamp, K, Option<V>)>,
}

impl<K: Ord, V> Lists<K, V> {
    pub(super) fn write(&mut self, key: K, row: Option<V>, now: Timestamp) {
        self.pending.push_back((now, key, row));
    }

    /// Whether a row of this key is shown, or was or will be.
    pub(super) fn knows(&self, key: &K) -> bool {
        self.shown.contains_key(key) || self.pending.iter().any(|(_, pending, _)| pending == key)
    }

    /// The rows without the newest `missed` writes, as far as those are young enough to be missed.
    pub(super) fn read(&mut self, missed: u64, now: Timestamp) -> impl Iterator<Item = &V> {
        let missed = usize::try_from(missed).unwrap_or(usize::MAX);
        while let Some((at, ..)) = self.pending.front() {
            if self.pending.len() <= missed && now.since(*at) < LAG_MAX {
                break;
            }
            let Some((_, key, row)) = self.pending.pop_front() else { break };
            match row {
                Some(row) => self.shown.insert(key, row),
                None => self.shown.remove(&key),
            };
        }
        self.shown.values()
    }
}

impl<K, V> Default for Lists<K, V> {
    fn default() -> Self {
        Self { shown: BTreeMap::new(), pending: VecDeque::new() }
    }
}
