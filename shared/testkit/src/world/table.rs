//! Rows, and transactions over them: all of it or nothing, under the cloud's limits.

use super::item::{Item, key};
use super::lists::Lists;
use domain::clock::Timestamp;
use domain::identity::Quota;
use domain::ids::{AttemptId, UserId};
use domain::limits;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::rc::Rc;

const AWS_ACTIONS_MAX: usize = 100;
const ITEM_BYTES_MAX: usize = 400 * 1_024;
const TRANSACTION_BYTES_MAX: usize = 4 * 1_024 * 1_024;

/// All rows of one deployment.
#[derive(Debug, Default)]
pub struct Table {
    pub(super) rows: BTreeMap<String, Row>,
    pub(super) lists: Lists,
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) item: Rc<Item>,
    written_by: Option<AttemptId>,
    /// Whether it holds an attribute that nothing here knows. Rows are written over attribute by attribute: it stays.
    widened: bool,
}

pub(super) type Guard<'a> = Box<dyn Fn(Option<&Item>) -> bool + 'a>;

/// One item's part of a transaction.
pub(super) struct Action<'a> {
    pub(super) key: String,
    pub(super) guard: Guard<'a>,
    pub(super) write: Write<'a>,
}

#[allow(clippy::large_enum_variant, reason = "a transaction has forty of them at the most")]
pub(super) enum Write<'a> {
    Put(Item),
    /// What the guard let pass, changed.
    Update(Box<dyn FnOnce(&mut Item) + 'a>),
    Delete,
    /// The counters of somebody's bots, from nothing where they are not there yet.
    Count {
        running: i64,
        changes: u64,
    },
    /// The guard alone.
    Nothing,
}

/// Why a transaction was not applied.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// A guard did not hold, and no row says that this very transaction was applied before.
    Guard,
    /// The cloud would not even look at it.
    Limit(String),
}

impl<'a> Action<'a> {
    pub(super) fn put(key: String, item: Item) -> Self {
        Self { key, guard: Box::new(|_| true), write: Write::Put(item) }
    }

    pub(super) fn put_on_absence(key: String, item: Item) -> Self {
        Self { key, guard: Box::new(|row| row.is_none()), write: Write::Put(item) }
    }

    pub(super) fn update(key: String, guard: impl Fn(&Item) -> bool + 'a, change: impl FnOnce(&mut Item) + 'a) -> Self {
        Self { key, guard: Box::new(move |row| row.is_some_and(&guard)), write: Write::Update(Box::new(change)) }
    }

    pub(super) fn require(key: String, guard: impl Fn(&Item) -> bool + 'a) -> Self {
        Self { key, guard: Box::new(move |row| row.is_some_and(&guard)), write: Write::Nothing }
    }
}

impl Table {
    /// A table of these rows, whose indexes were filled now.
    pub(super) fn of(rows: BTreeMap<String, Row>, now: Timestamp) -> Self {
        let mut table = Self { rows, lists: Lists::default() };
        for (key, row) in table.rows.iter().filter(|(_, row)| row.item.is_listed()) {
            table.lists.write(key.clone(), Some(row.item.clone()), now);
        }
        table
    }

    pub(super) fn get(&self, key: &str) -> Option<&Item> {
        self.rows.get(key).map(|row| &*row.item)
    }

    pub(super) fn quota(&self, user: &UserId) -> Option<&Quota> {
        if let Some(Item::Quota(quota)) = self.get(&key::quota(user)) { Some(quota) } else { None }
    }

    /// Every row, for whoever checks them all.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.rows.values().map(|row| &*row.item)
    }

    /// The rows whose keys begin so, in the order of their keys.
    pub(super) fn prefixed(&self, prefix: String) -> impl DoubleEndedIterator<Item = &Item> {
        let end = format!("{prefix}{}", char::MAX);
        self.rows.range((Bound::Included(prefix), Bound::Excluded(end))).map(|(_, row)| &*row.item)
    }

    pub(super) fn transact(
        &mut self,
        actions: Vec<Action<'_>>,
        stamp: Option<&AttemptId>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        check_limits(&actions)?;
        let failed: Vec<_> = actions.iter().filter(|action| !(action.guard)(self.get(&action.key))).collect();
        if !failed.is_empty() {
            let own = failed.iter().any(|action| stamp.is_some() && self.stamp(&action.key) == stamp);
            return if own { Ok(()) } else { Err(Refused::Guard) };
        }
        for action in actions {
            self.apply(action, stamp, now)?;
        }
        Ok(())
    }

    /// Changes each row whose key begins so, under nobody's stamp.
    pub(super) fn each(&mut self, prefix: &str, mut change: impl FnMut(&mut Item)) {
        let rows = self.rows.range_mut::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        for (_, row) in rows.take_while(|(key, _)| key.starts_with(prefix)) {
            change(Rc::make_mut(&mut row.item));
        }
    }

    /// Of rows that stand in no index.
    pub(super) fn drop_all_but(&mut self, prefix: &str, kept: &str) {
        self.rows.retain(|key, _| key == kept || !key.starts_with(prefix));
    }

    pub(super) fn drop_all(&mut self, prefix: &str) {
        self.rows.retain(|key, _| !key.starts_with(prefix));
    }

    /// Writes without a question, for seeds.
    pub(super) fn put(&mut self, key: String, item: Item, now: Timestamp) {
        self.transact(vec![Action::put(key, item)], None, now).expect("a seed within the limits");
    }

    pub(super) fn widen(&mut self, key: &str) {
        self.rows.get_mut(key).expect("a row to be widened").widened = true;
    }

    pub(super) fn is_widened(&self, key: &str) -> bool {
        self.rows.get(key).is_some_and(|row| row.widened)
    }

    fn stamp(&self, key: &str) -> Option<&AttemptId> {
        self.rows.get(key).and_then(|row| row.written_by.as_ref())
    }

    fn apply(&mut self, action: Action<'_>, stamp: Option<&AttemptId>, now: Timestamp) -> Result<(), Refused> {
        let item = match action.write {
            Write::Nothing => return Ok(()),
            Write::Delete => {
                self.rows.remove(&action.key);
                self.lists.write(action.key, None, now);
                return Ok(());
            }
            Write::Put(item) => item,
            Write::Count { running: by, changes: more } => match self.get(&action.key) {
                Some(Item::BotsRunning { running, changes }) => {
                    Item::BotsRunning { running: running + by, changes: changes + more }
                }
                _ => Item::BotsRunning { running: by, changes: more },
            },
            Write::Update(change) => {
                let mut item = self.get(&action.key).cloned().expect("the guard saw it");
                change(&mut item);
                item
            }
        };
        if item.size() > ITEM_BYTES_MAX {
            return Err(Refused::Limit(format!("{} is above 400 kB", action.key)));
        }
        let item = Rc::new(item);
        if item.is_listed() {
            self.lists.write(action.key.clone(), Some(item.clone()), now);
        }
        let widened = self.is_widened(&action.key);
        self.rows.insert(action.key, Row { item, written_by: stamp.cloned(), widened });
        Ok(())
    }
}

fn check_limits(actions: &[Action<'_>]) -> Result<(), Refused> {
    let limit = |what: String| Err(Refused::Limit(what));
    if actions.len() > limits::TRANSACTION_ACTIONS_MAX.min(AWS_ACTIONS_MAX) {
        return limit(format!("{} actions in one transaction", actions.len()));
    }
    let keys: BTreeSet<_> = actions.iter().map(|action| &action.key).collect();
    if keys.len() < actions.len() {
        let all: Vec<_> = actions.iter().map(|action| &*action.key).collect();
        return limit(format!("two actions for one item: {}", all.join(" ")));
    }
    let bytes: usize =
        actions.iter().map(|action| if let Write::Put(item) = &action.write { item.size() } else { 700 }).sum();
    if bytes > TRANSACTION_BYTES_MAX { limit(format!("a transaction of {bytes} bytes")) } else { Ok(()) }
}
