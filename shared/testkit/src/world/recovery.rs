//! A table that is lost and restored: its rows as they were, under a new identity, while the venue went on.

use super::World;
use super::table::Table;
use super::view::is_of_venue;
use app::ports::SystemState;
use domain::ids::AccountId;
use domain::recovery::{Adoption, TableId};
use std::collections::BTreeSet;
use store::trading::system_row;
use store::{Key, Memory, Table as Place};

/// The rows of a table at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot(Memory);

impl World {
    /// The identity of the table that is used now.
    pub fn this_table(&self) -> TableId {
        TableId::new(format!("table-{}", self.0.restores.get()))
    }

    /// Whether the rows may be acted upon.
    pub fn is_recovered(&self) -> bool {
        self.table().system().adopted.is_some_and(|adoption| adoption.table == self.this_table())
    }

    /// The same for one account, which may have been left out.
    pub(super) fn may_act_for(&self, account: &AccountId) -> bool {
        let adopted = self.table().system().adopted;
        self.is_recovered() && adopted.is_some_and(|adoption| adoption.covers(account))
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.table().memory.clone())
    }

    /// The table as it was, under a new identity. Every function stops where it stands; requests on the wire arrive.
    /// The venue keeps its own rows, and so do the other tables.
    pub fn restore_to(&self, snapshot: &Snapshot) {
        self.sim().note(|| "RESTORED".to_owned());
        self.sim().stop_all_but("venue");
        self.0.restores.set(self.0.restores.get() + 1);
        let now = self.sim().now();
        self.0.traffic.borrow_mut().forget(now);
        let mut table = self.table_mut();
        let is_restored = |key: &Key| key.table == Place::Trading && !is_of_venue(key);
        let mut memory = table.memory.clone();
        memory.retain(|key, _| !is_restored(key));
        memory.extend(&snapshot.0, is_restored);
        *table = Table::of(memory, now);
    }

    /// Stops entries of the whole deployment, or lets them start again, without anybody asking.
    pub fn put_system_halt(&self, halted: bool) {
        let system = SystemState { halted, halted_at: None, ..self.table().system() };
        self.seed_row(system_row(&system).expect("a system"));
    }

    /// As the seed of a fresh table does.
    pub(super) fn adopt_fresh(&self) {
        let now = self.sim().now();
        let adopted = Some(Adoption { table: self.this_table(), at: now, left_out: BTreeSet::new() });
        let system = SystemState { adopted, ..SystemState::default() };
        self.seed_row(system_row(&system).expect("a system"));
    }
}
