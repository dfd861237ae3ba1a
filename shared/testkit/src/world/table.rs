//! Rows, and transactions over them: all of it or nothing, under the cloud's limits.

use super::item::Item;
use super::lists::Lists;
use super::view::{self, Kind};
use app::ports::{Credential, KeptPreset, StoreError};
use domain::audit::{Audit, Shelf};
use domain::clock::Timestamp;
use domain::ids::{AccountId, AttemptId};
use domain::limits;
use domain::logs::Note;
use domain::vault::AccountState;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::rc::Rc;
use std::sync::Arc;
use store::item::is_stamped;
use store::market::{Wish, is_wish, wish};
use store::{Key, Memory, Reason, audit, catalog, identity, vault};

const AWS_ACTIONS_MAX: usize = 100;
const ITEM_BYTES_MAX: usize = 400 * 1_024;
const TRANSACTION_BYTES_MAX: usize = 4 * 1_024 * 1_024;

/// Of the marks of addresses.
const SALT: &str = "salt";

/// All rows of one deployment.
#[derive(Debug, Default)]
pub struct Table {
    pub(super) rows: BTreeMap<String, Row>,
    /// What the indexes show of rows that deployed code writes by itself.
    pub(super) shown: Lists,
    /// The rows that deployed code writes by itself.
    pub(super) memory: Memory,
}

#[derive(Debug, Clone)]
pub(super) enum Row {
    /// As deployed code has written it, for the looks and the judges.
    Kept(Rc<Kept>),
    /// What the venue keeps.
    Typed { item: Rc<Item>, written_by: Option<AttemptId> },
}

/// A row that is decoded once, at the first look.
#[derive(Debug)]
pub(super) struct Kept {
    kind: Kind,
    key: Key,
    row: Arc<store::Item>,
    item: OnceCell<Item>,
}

impl Row {
    pub(super) fn item(&self) -> &Item {
        match self {
            Self::Typed { item, .. } => item,
            Self::Kept(kept) => {
                let Kept { kind, key, row, item } = &**kept;
                item.get_or_init(|| view::item(*kind, key, row).expect("a row that deployed code has written"))
            }
        }
    }
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
    /// An audit row at the end of its chain, in this table.
    Record(Shelf, Audit),
    /// As deployed code writes it.
    Row(store::Write),
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

    /// On record, as the last of its chain.
    pub(super) fn record(shelf: Shelf, audit: &Audit) -> Self {
        let key = format!("audit {shelf} {}", audit.id());
        Self { key, guard: Box::new(|_| true), write: Write::Record(shelf, audit.clone()) }
    }

    /// Under the conditions that stand in it.
    pub(super) fn row(write: store::Write) -> Self {
        let key = format!("{:?} {} {}", write.key.table, write.key.pk, write.key.sk);
        Self { key, guard: Box::new(|_| true), write: Write::Row(write) }
    }
}

impl Table {
    /// A table of these rows, whose indexes were filled now.
    pub(super) fn of(rows: BTreeMap<String, Row>, memory: Memory, now: Timestamp) -> Self {
        let mut table = Self { rows, shown: Lists::default(), memory };
        let keys: Vec<_> = table.memory.of(store::Table::Trading).map(|(key, _)| (key.clone(), None)).collect();
        keys.into_iter().for_each(|(key, before)| table.show(&key, before, now));
        table
    }

    pub(super) fn get(&self, key: &str) -> Option<&Item> {
        self.rows.get(key).map(Row::item)
    }

    /// What is on record.
    ///
    /// # Panics
    /// Where a row cannot be read.
    pub fn audits(&self) -> impl Iterator<Item = Audit> {
        let tables = Shelf::ALL.into_iter().map(audit::table);
        let rows = tables.flat_map(|table| self.memory.of(table)).filter(|(key, _)| audit::is_row(key));
        rows.map(|(_, row)| audit::read(row).expect("an audit row").audit)
    }

    /// An account's secret.
    ///
    /// # Panics
    /// Where the row cannot be read.
    pub fn credential(&self, account: &AccountId) -> Option<Credential> {
        vault::credential_of(&self.memory, account).expect("a secret")
    }

    /// An account's right to enter.
    ///
    /// # Panics
    /// Where the row cannot be read.
    pub fn account_state(&self, account: &AccountId) -> Option<AccountState> {
        vault::state_of(&self.memory, account).expect("a state")
    }

    /// Every entry of the system log.
    ///
    /// # Panics
    /// Where a row cannot be read.
    pub fn notes(&self) -> impl Iterator<Item = Note> {
        let rows = self.memory.of(store::Table::Identity);
        rows.filter_map(|(key, row)| identity::note(key, row).expect("an entry"))
    }

    /// Every wish for a series.
    ///
    /// # Panics
    /// Where a row cannot be read.
    pub fn wishes(&self) -> impl Iterator<Item = Wish> {
        let rows = self.memory.of(store::Table::Market).filter(|(key, _)| is_wish(key));
        rows.filter_map(|(_, row)| wish(row).expect("a wish"))
    }

    /// Every version of every preset, the newest twice.
    ///
    /// # Panics
    /// Where a row cannot be read.
    pub fn presets(&self) -> impl Iterator<Item = KeptPreset> {
        self.memory.of(store::Table::Catalog).map(|(_, row)| catalog::read(row).expect("a preset"))
    }

    /// Every row, for whoever checks them all.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.rows.values().map(Row::item)
    }

    /// The rows whose keys begin so, in the order of their keys.
    pub(super) fn prefixed(&self, prefix: String) -> impl DoubleEndedIterator<Item = &Item> {
        let end = format!("{prefix}{}", char::MAX);
        self.rows.range((Bound::Included(prefix), Bound::Excluded(end))).map(|(_, row)| row.item())
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    pub(super) fn transact(
        &mut self,
        actions: Vec<Action<'_>>,
        stamp: Option<&AttemptId>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        check_limits(&actions)?;
        let rows = self.rows_of(&actions, stamp, now)?;
        let failed: Vec<_> = actions.iter().filter(|action| !(action.guard)(self.get(&action.key))).collect();
        if !failed.is_empty() {
            let own = failed.iter().any(|action| stamp.is_some() && self.stamp(&action.key) == stamp);
            return if own || self.has_applied(&rows, stamp) { Ok(()) } else { Err(Refused::Guard) };
        }
        let changed: Vec<_> = actions.into_iter().filter_map(|action| self.changed(action)).collect();
        if let Some((key, _)) =
            changed.iter().find(|(_, item)| item.as_ref().is_some_and(|item| item.size() > ITEM_BYTES_MAX))
        {
            return Err(Refused::Limit(format!("{key} is above 400 kB")));
        }
        match self.apply(&rows, now) {
            Err(store::memory::Refused::Cancelled(reasons)) if is_own(&reasons, stamp) => return Ok(()),
            done => done.map_err(|refused| refused_by(&refused))?,
        }
        for (key, item) in changed {
            self.set(key, item, stamp);
        }
        Ok(())
    }

    /// Whether a row that is refused now says that this very transaction was applied before.
    fn has_applied(&self, rows: &[store::Write], stamp: Option<&AttemptId>) -> bool {
        let refused = self.memory.would_apply(rows);
        matches!(refused, Err(store::memory::Refused::Cancelled(reasons)) if is_own(&reasons, stamp))
    }

    /// Rows as deployed code writes them, all or none; and what looks and indexes show of them.
    pub(super) fn apply(&mut self, writes: &[store::Write], now: Timestamp) -> Result<(), store::memory::Refused> {
        let before: Vec<_> = writes.iter().map(|write| self.memory.shared(&write.key)).collect();
        self.memory.transact(writes)?;
        for (write, before) in writes.iter().zip(before).filter(|(write, _)| write.kind != store::Kind::Check) {
            self.show(&write.key, before, now);
        }
        Ok(())
    }

    /// What looks and indexes see of a row from now on.
    fn show(&mut self, key: &Key, before: Option<Arc<store::Item>>, now: Timestamp) {
        let row = self.memory.shared(key);
        for (place, kind) in view::places(key) {
            match row.clone().filter(|row| view::holds(kind, row)) {
                Some(row) => {
                    let kept = Kept { kind, key: key.clone(), row, item: OnceCell::new() };
                    self.rows.insert(place, Row::Kept(Rc::new(kept)))
                }
                None => self.rows.remove(&place),
            };
        }
        self.shown.write(key, before, row, now);
    }

    /// What of these actions deployed code writes by itself, audit rows at the ends that their chains have now.
    fn rows_of(
        &self,
        actions: &[Action<'_>],
        stamp: Option<&AttemptId>,
        now: Timestamp,
    ) -> Result<Vec<store::Write>, Refused> {
        let mut rows = Vec::new();
        for action in actions {
            match &action.write {
                Write::Row(write) => rows.push(write.clone()),
                Write::Record(shelf, audit) => {
                    let head = audit::row_in(audit::table(*shelf), audit).map_err(|error| unreadable(&error))?.key;
                    let placed = audit::placed_after(self.memory.get(&head), &head, audit, SALT);
                    rows.extend(placed.map_err(|error| unreadable(&error))?);
                }
                _ => {}
            }
        }
        let stamped = |write: store::Write| match stamp {
            Some(stamp) => write.at(now).stamped(stamp),
            None => write.at(now),
        };
        Ok(rows.into_iter().map(stamped).collect())
    }

    /// Writes without a question, for seeds.
    pub(super) fn put(&mut self, key: String, item: Item, now: Timestamp) {
        self.transact(vec![Action::put(key, item)], None, now).expect("a seed within the limits");
    }

    fn stamp(&self, key: &str) -> Option<&AttemptId> {
        match self.rows.get(key)? {
            Row::Typed { written_by, .. } => written_by.as_ref(),
            Row::Kept(_) => None,
        }
    }

    /// What becomes of a row; none where nothing does.
    fn changed(&self, action: Action<'_>) -> Option<(String, Option<Item>)> {
        let item = match action.write {
            Write::Record(..) | Write::Row(_) => return None,
            Write::Put(item) => Some(item),
            Write::Update(change) => {
                let mut item = self.get(&action.key).cloned().expect("the guard saw it");
                change(&mut item);
                Some(item)
            }
        };
        Some((action.key, item))
    }

    fn set(&mut self, key: String, item: Option<Item>, stamp: Option<&AttemptId>) {
        match item.map(Rc::new) {
            Some(item) => drop(self.rows.insert(key, Row::Typed { item, written_by: stamp.cloned() })),
            None => drop(self.rows.remove(&key)),
        }
    }
}

/// Whether a row that was refused says that this very transaction was applied before.
fn is_own(reasons: &[Reason], stamp: Option<&AttemptId>) -> bool {
    let by = |row: &store::Item| stamp.is_some_and(|stamp| is_stamped(row, "written_by", stamp.as_str()));
    reasons.iter().filter_map(|reason| reason.old.as_ref()).any(by)
}

fn refused_by(refused: &store::memory::Refused) -> Refused {
    match refused {
        store::memory::Refused::Cancelled(_) => Refused::Guard,
        store::memory::Refused::Invalid(what) => Refused::Limit(what.clone()),
    }
}

fn unreadable(error: &StoreError) -> Refused {
    Refused::Limit(error.to_string())
}

fn check_limits(actions: &[Action<'_>]) -> Result<(), Refused> {
    let limit = |what: String| Err(Refused::Limit(what));
    // A record is two: its row, and its chain's head.
    let records = actions.iter().filter(|action| matches!(action.write, Write::Record(..))).count();
    if actions.len() + records > limits::TRANSACTION_ACTIONS_MAX.min(AWS_ACTIONS_MAX) {
        return limit(format!("{} actions in one transaction", actions.len() + records));
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
