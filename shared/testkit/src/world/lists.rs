//! What lists by an index show: the rows as they were some writes ago.

use super::item::Item;
use domain::clock::{Millis, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// After this the index has caught up, however unlucky one is.
const LAG_MAX: Millis = Millis::seconds(2);

/// A lagging copy of every row that some index shows.
#[derive(Debug, Default)]
pub(super) struct Lists {
    shown: BTreeMap<String, Rc<Item>>,
    pending: VecDeque<(Timestamp, String, Option<Rc<Item>>)>,
}

impl Lists {
    pub(super) fn write(&mut self, key: String, item: Option<Rc<Item>>, now: Timestamp) {
        self.pending.push_back((now, key, item));
    }

    /// The rows without the newest `missed` writes, as far as those are young enough to be missed.
    pub(super) fn read(&mut self, missed: u64, now: Timestamp) -> impl Iterator<Item = &Item> {
        let missed = usize::try_from(missed).unwrap_or(usize::MAX);
        while let Some((at, ..)) = self.pending.front() {
            if self.pending.len() <= missed && now.since(*at) < LAG_MAX {
                break;
            }
            let Some((_, key, item)) = self.pending.pop_front() else { break };
            match item {
                Some(item) => self.shown.insert(key, item),
                None => self.shown.remove(&key),
            };
        }
        self.shown.values().map(|item| &**item)
    }
}
