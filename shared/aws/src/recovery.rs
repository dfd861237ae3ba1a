//! Whose rows these are, and what coming back after a restore keeps and reads.

use crate::attributes::value_to_sdk;
use crate::client::Aws;
use crate::config::Place;
use crate::error::unavailable;
use crate::keys;
use app::ports::{
    Adopt, Audit, Clock, CommitError, HaltSystem, KeepReport, KnowTable, ListEveryAccount, ListGroups, LoadReport,
    LoadSystem, StoreError, SystemState,
};
use domain::clock::Timestamp;
use domain::group::Group;
use domain::ids::{AccountId, GroupId};
use domain::limits::TABLE_ID_CACHE;
use domain::recovery::{Adoption, Report, TableId};
use std::collections::BTreeSet;
use store::audit;
use store::condition::{EPOCH_ABSENT, EPOCH_AS_SEEN, LEFT_OUT_AS_SEEN, NONE_LEFT_OUT};
use store::item::{from_item, text, time, to_item, to_value};
use store::{Table, Value, Write};
use wire::stored::{self, Schema};

/// Which table it was, when that was asked.
#[derive(Debug, Clone)]
pub(crate) struct KnownTable {
    id: TableId,
    asked_at: Timestamp,
}

impl LoadSystem for Aws {
    async fn load_system(&self) -> Result<SystemState, StoreError> {
        let row: Option<stored::System> = self.rows().load(&keys::system()).await?;
        Ok(row.map_or_else(SystemState::default, |row| SystemState { halted: row.halted, adopted: row.adopted() }))
    }
}

impl KnowTable for Aws {
    /// A name may come to mean another table, but not within the time that its id is believed: that one is deleted
    /// first, and restoring takes minutes.
    async fn table_id(&self) -> Result<TableId, StoreError> {
        let now = self.now();
        let known = self.known_table().filter(|known| now.since(known.asked_at) < TABLE_ID_CACHE);
        if let Some(known) = known {
            return Ok(known.id);
        }
        let name = self.name(Place::Trading)?;
        let told = self.db().describe_table().table_name(name).send().await.map_err(|error| unavailable(&error))?;
        let id = told.table.and_then(|table| table.table_id).map(TableId::new);
        let id = id.ok_or_else(|| StoreError::Unavailable(format!("{name} does not tell its id")))?;
        self.know_table(KnownTable { id: id.clone(), asked_at: now });
        Ok(id)
    }
}

impl Adopt for Aws {
    async fn adopt(&self, adoption: &Adoption, seen: Option<&Adoption>, audit: &Audit) -> Result<bool, StoreError> {
        let write = adopted(Write::update(keys::system()), adoption)?.at(audit.at);
        let write = match seen {
            None => write.when(EPOCH_ABSENT),
            Some(seen) => as_seen(write, seen),
        };
        self.rows().all_or_none(vec![write, audit::row(audit)?], &audit.attempt).await
    }
}

impl HaltSystem for Aws {
    async fn halt_system(&self, halted: bool, audit: &Audit) -> Result<(), StoreError> {
        let write = Write::update(keys::system()).set("v", to_value(&Schema::<2>)?);
        let write = write.set("halted", Value::Bool(halted)).at(audit.at);
        match self.rows().transact(vec![write, audit::row(audit)?], &audit.attempt).await {
            Ok(()) => Ok(()),
            Err(CommitError::LostRace) => Err(StoreError::Unavailable("the system's row is contended".to_owned())),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

impl ListGroups for Aws {
    /// Reads every group that the account ever had: a recovery may, and whoever has found an order of a group that is not live.
    async fn list_groups_since(&self, account: &AccountId, since: Timestamp) -> Result<Vec<GroupId>, StoreError> {
        let items = self.rows().query(Table::Trading, &keys::of_account(account), keys::GROUPS).await?;
        let mut groups = Vec::new();
        for item in items {
            let group = Group::from(from_item::<stored::Group>(item)?);
            groups.extend(group.settled.is_none_or(|settled| since <= settled.at).then_some(group.id));
        }
        Ok(groups)
    }
}

impl ListEveryAccount for Aws {
    async fn list_every_account(&self) -> Result<Vec<AccountId>, StoreError> {
        let items = self.rows().query(Table::Trading, keys::EVERY_ACCOUNT, "").await?;
        items.into_iter().map(|item| from_item(item).map(|entry: stored::AccountEntry| entry.account.0)).collect()
    }
}

impl KeepReport for Aws {
    async fn keep_report(&self, report: &Report) -> Result<(), StoreError> {
        let row = stored::RecoveryReport::from(report);
        let write = Write::upsert(keys::report(&report.account, &report.table), &row)?;
        self.rows().send(write).await.map(drop)
    }
}

impl LoadReport for Aws {
    async fn load_report(&self, account: &AccountId, table: &TableId) -> Result<Option<Report>, StoreError> {
        let row: Option<stored::RecoveryReport> = self.rows().load(&keys::report(account, table)).await?;
        Ok(row.map(Report::from))
    }
}

impl Aws {
    /// Says that a table without any account is to be acted upon. One that has an account is left alone: only
    /// a recovery says so there.
    ///
    /// # Errors
    /// Where the table cannot be read or written.
    pub async fn adopt_fresh(&self, at: Timestamp) -> Result<(), StoreError> {
        if self.has_account().await? {
            return Ok(());
        }
        let table = Some(wire::text::Text(self.table_id().await?));
        let adopted_at = Some(at.millis());
        let row =
            stored::System { v: Schema, halted: false, deployment_epoch: table, adopted_at, left_out: Vec::new() };
        self.put(keys::system(), to_item(&row)?).await
    }

    /// Whether anybody has an account here. Reads all of the table in the worst case: a seed may, nothing else should.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn has_account(&self) -> Result<bool, StoreError> {
        let mut start = None;
        loop {
            let call = self.db().scan().table_name(self.name(Place::Trading)?).consistent_read(true);
            let call = call
                .filter_expression("begins_with(pk, :account)")
                .expression_attribute_values(":account", value_to_sdk(text(keys::OF_ACCOUNT)));
            let page = call.set_exclusive_start_key(start).send().await.map_err(|error| unavailable(&error))?;
            if page.count > 0 || page.last_evaluated_key.is_none() {
                return Ok(page.count > 0);
            }
            start = page.last_evaluated_key;
        }
    }
}

fn adopted(write: Write, adoption: &Adoption) -> Result<Write, StoreError> {
    let write = write.set("v", to_value(&Schema::<2>)?);
    let write = write.set("deployment_epoch", text(adoption.table.as_str())).set("adopted_at", time(adoption.at));
    let nobody = adoption.left_out.is_empty();
    Ok(if nobody { write.remove("left_out") } else { write.set("left_out", texts(&adoption.left_out)) })
}

fn as_seen(write: Write, seen: &Adoption) -> Write {
    let write = write.when(EPOCH_AS_SEEN).given("seen_epoch", text(seen.table.as_str()));
    if seen.left_out.is_empty() {
        return write.when(NONE_LEFT_OUT);
    }
    write.when(LEFT_OUT_AS_SEEN).given("seen_left_out", texts(&seen.left_out))
}

fn texts(accounts: &BTreeSet<AccountId>) -> Value {
    Value::L(accounts.iter().map(|account| text(account.as_str())).collect())
}
