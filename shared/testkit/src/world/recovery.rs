//! A table that is lost and restored: its rows as they were, under a new identity, while the venue went on.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Row, Table};
use crate::sim::Op;
use app::ports::{
    Adopt, AskRecovery, Audit, HaltSystem, KeepReport, KnowTable, ListEveryAccount, ListGroups, LoadReport, LoadSystem,
    RecoverAccount, StoreError, SystemState,
};
use domain::account::Account;
use domain::audit::Shelf;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, GroupId};
use domain::recovery::{Adoption, Report, TableId};
use std::collections::{BTreeMap, BTreeSet};
use store::{Memory, Table as Place};

/// The rows of a table at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot(BTreeMap<String, Row>, Memory);

impl LoadSystem for World {
    async fn load_system(&self) -> Result<SystemState, StoreError> {
        self.call(Op::read("load_system"), |world| world.table().system()).await
    }
}

impl KnowTable for World {
    /// Most runs know it already: no call, and so no yield point.
    async fn table_id(&self) -> Result<TableId, StoreError> {
        Ok(self.this_table())
    }
}

impl Adopt for World {
    async fn adopt(&self, adoption: &Adoption, seen: Option<&Adoption>, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("adopt"), |world| {
            let system = world.table().system();
            let stands = system.adopted.as_ref();
            if stands == Some(adoption) && seen != Some(adoption) {
                // Its own answer was lost, as a stamp would tell.
                return Ok(true);
            }
            let seen_of = |adoption: &Adoption| (adoption.table.clone(), adoption.left_out.clone());
            if stands.map(seen_of) != seen.map(seen_of) {
                return Ok(false);
            }
            let adopted = SystemState { adopted: Some(adoption.clone()), ..system };
            world.set_system(adopted, audit).map(|()| true)
        })
        .await
    }
}

impl HaltSystem for World {
    async fn halt_system(&self, halted: bool, audit: &Audit) -> Result<(), StoreError> {
        self.try_call(Op::effect("halt_system"), |world| {
            let system = SystemState { halted, ..world.table().system() };
            world.set_system(system, audit)
        })
        .await
    }
}

impl AskRecovery for World {
    async fn ask_recovery(&self, recovery: &RecoverAccount, now: Timestamp) -> Result<(), StoreError> {
        self.try_call(Op::effect("ask_recovery"), |world| {
            let body = world.encoded(&recovery.message(now))?;
            let sent = world.queues().ticks.send(body, Millis::ZERO, world.sim().now());
            sent.map_err(|what| world.refused_by_cloud(what))
        })
        .await
    }
}

impl ListGroups for World {
    async fn list_groups_since(&self, account: &AccountId, since: Timestamp) -> Result<Vec<GroupId>, StoreError> {
        self.call(Op::read("list_groups"), |world| {
            let meant = |group: &&domain::group::Group| {
                group.account == *account && group.settled.is_none_or(|settled| since <= settled.at)
            };
            world.table().groups().filter(meant).map(|group| group.id.clone()).collect()
        })
        .await
    }
}

impl ListEveryAccount for World {
    async fn list_every_account(&self) -> Result<Vec<AccountId>, StoreError> {
        let id = |account: &Account| account.id.clone();
        self.call(Op::read("list_every_account"), |world| world.table().accounts().map(id).collect()).await
    }
}

impl KeepReport for World {
    async fn keep_report(&self, report: &Report) -> Result<(), StoreError> {
        self.try_call(Op::effect("keep_report"), |world| {
            let put = Action::put(key::report(&report.account, &report.table), Item::Report(report.clone()));
            world.table_mut().transact(vec![put], None, world.sim().now()).map_err(|refused| self.unavailable(refused))
        })
        .await
    }
}

impl LoadReport for World {
    async fn load_report(&self, account: &AccountId, table: &TableId) -> Result<Option<Report>, StoreError> {
        self.call(Op::read("load_report"), |world| match world.table().get(&key::report(account, table)) {
            Some(Item::Report(report)) => Some(report.clone()),
            _ => None,
        })
        .await
    }
}

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
        Snapshot(self.table().rows.clone(), self.table().memory.clone())
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
        let kept = table.rows.iter().filter(|(_, row)| !row.item.is_of_trading());
        let lost = snapshot.0.iter().filter(|(_, row)| row.item.is_of_trading());
        let rows = kept.chain(lost).map(|(key, row)| (key.clone(), row.clone())).collect();
        let mut memory = table.memory.clone();
        memory.retain(|key, _| key.table != Place::Trading);
        memory.extend(&snapshot.1, |key| key.table == Place::Trading);
        *table = Table::of(rows, memory, now);
    }

    /// Stops entries of the whole deployment, or lets them start again, without anybody asking.
    pub fn put_system_halt(&self, halted: bool) {
        let system = SystemState { halted, ..self.table().system() };
        let now = self.sim().now();
        self.table_mut().put(key::SYSTEM.to_owned(), Item::System(system), now);
    }

    /// As the seed of a fresh table does.
    pub(super) fn adopt_fresh(&self) {
        let now = self.sim().now();
        let adopted = Some(Adoption { table: self.this_table(), at: now, left_out: BTreeSet::new() });
        let system = SystemState { halted: false, adopted };
        self.table_mut().put(key::SYSTEM.to_owned(), Item::System(system), now);
    }

    fn set_system(&self, system: SystemState, audit: &Audit) -> Result<(), StoreError> {
        let row = Action::put(key::SYSTEM.to_owned(), Item::System(system));
        let told = Action::record(Shelf::Trading, audit);
        let now = self.sim().now();
        let written = self.table_mut().transact(vec![row, told], Some(&audit.attempt), now);
        written.map_err(|refused| self.unavailable(refused))
    }
}

impl Table {
    fn system(&self) -> SystemState {
        match self.get(key::SYSTEM) {
            Some(Item::System(system)) => system.clone(),
            _ => SystemState::default(),
        }
    }

    pub fn reports(&self) -> impl Iterator<Item = &Report> {
        self.items().filter_map(|item| if let Item::Report(report) = item { Some(report) } else { None })
    }
}
