//! The rows of one deployment as deployed code writes them, and what looks and indexes see of them.

use super::item::Item;
use super::lists::Lists;
use super::view::{self, Kind};
use app::ports::{Credential, KeptPreset};
use domain::audit::{Audit, Shelf};
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::logs::Note;
use domain::vault::AccountState;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::rc::Rc;
use std::sync::Arc;
use store::market::{Wish, is_wish, wish};
use store::memory::Refused;
use store::{Key, Memory, Value, Write, audit, catalog, identity, vault};

/// All rows of one deployment.
#[derive(Debug, Default)]
pub struct Table {
    /// What looks find, by its place.
    pub(super) rows: BTreeMap<String, Rc<Row>>,
    pub(super) shown: Lists,
    pub(super) memory: Memory,
}

/// A row that is decoded once, at the first look.
#[derive(Debug)]
pub(super) struct Row {
    kind: Kind,
    key: Key,
    row: Arc<store::Item>,
    item: OnceCell<Item>,
}

impl Row {
    pub(super) fn item(&self) -> &Item {
        let Self { kind, key, row, item } = self;
        item.get_or_init(|| view::item(*kind, key, row).expect("a row that deployed code has written"))
    }

    /// Of an account.
    pub(super) fn open_groups(&self) -> i64 {
        self.row.get("open_groups").and_then(Value::as_number).and_then(|count| count.parse().ok()).unwrap_or_default()
    }
}

impl Table {
    /// A table of these rows, whose indexes were filled now.
    pub(super) fn of(memory: Memory, now: Timestamp) -> Self {
        let mut table = Self { memory, ..Self::default() };
        let keys: Vec<_> = table.memory.of(store::Table::Trading).map(|(key, _)| key.clone()).collect();
        keys.into_iter().for_each(|key| table.show(&key, None, now));
        table
    }

    pub(super) fn get(&self, key: &str) -> Option<&Item> {
        self.rows.get(key).map(|row| row.item())
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

    /// Every row of a kind, in the order of their keys; no other is decoded.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Item> {
        self.rows.values().filter(move |row| row.kind == kind).map(|row| row.item())
    }

    /// The rows whose keys begin so, in the order of their keys.
    pub(super) fn prefixed(&self, prefix: String) -> impl DoubleEndedIterator<Item = &Item> {
        let end = format!("{prefix}{}", char::MAX);
        self.rows.range((Bound::Included(prefix), Bound::Excluded(end))).map(|(_, row)| row.item())
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Rows as deployed code writes them, all or none; and what looks and indexes show of them.
    pub(super) fn apply(&mut self, writes: &[Write], now: Timestamp) -> Result<(), Refused> {
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
                    let kept = Row { kind, key: key.clone(), row, item: OnceCell::new() };
                    self.rows.insert(place, Rc::new(kept))
                }
                None => self.rows.remove(&place),
            };
        }
        self.shown.write(key, before, row, now);
    }
}
