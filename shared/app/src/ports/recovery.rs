//! Whose rows these are, and what coming back after a restore needs.

use super::{Audit, StoreError};
use domain::clock::Timestamp;
use domain::ids::{AccountId, GroupId};
use domain::recovery::{Adoption, Report, TableId};
use store::Engine;
use store::trading::Trading;

pub use store::trading::SystemState;

/// "Look at the venue for this account, and merge what it says."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverAccount {
    pub account: AccountId,
    /// The table that is to be recovered; another one is left alone.
    pub table: TableId,
    pub trace: String,
}

pub trait LoadSystem {
    /// Strongly consistent.
    async fn load_system(&self) -> Result<SystemState, StoreError>;
}

pub trait KnowTable {
    /// The identity of the trading table that is really used, as it was told at most
    /// [`domain::limits::TABLE_ID_CACHE`] ago.
    async fn table_id(&self) -> Result<TableId, StoreError>;
}

pub trait Adopt {
    /// Says that these rows are to be acted upon, with an audit row; false where another adoption than `seen` stands.
    async fn adopt(&self, adoption: &Adoption, seen: Option<&Adoption>, audit: &Audit) -> Result<bool, StoreError>;
}

pub trait HaltSystem {
    /// Sets or lifts the stop of the whole deployment, with an audit row; idempotent.
    async fn halt_system(&self, halted: bool, audit: &Audit) -> Result<(), StoreError>;
}

pub trait AskRecovery {
    async fn ask_recovery(&self, recovery: &RecoverAccount, now: Timestamp) -> Result<(), StoreError>;
}

pub trait ListGroups {
    /// Groups of an account that are open, or were settled at this time or later. Every group that it ever had may be read for it.
    async fn list_groups_since(&self, account: &AccountId, since: Timestamp) -> Result<Vec<GroupId>, StoreError>;
}

pub trait ListEveryAccount {
    /// The accounts of all users, at rest or not.
    async fn list_every_account(&self) -> Result<Vec<AccountId>, StoreError>;
}

pub trait KeepReport {
    /// In the place of an older report of the same account and table.
    async fn keep_report(&self, report: &Report) -> Result<(), StoreError>;
}

pub trait LoadReport {
    async fn load_report(&self, account: &AccountId, table: &TableId) -> Result<Option<Report>, StoreError>;
}

impl<E: Engine> LoadSystem for E {
    async fn load_system(&self) -> Result<SystemState, StoreError> {
        Trading(self).load_system().await
    }
}

impl<E: Engine> Adopt for E {
    async fn adopt(&self, adoption: &Adoption, seen: Option<&Adoption>, audit: &Audit) -> Result<bool, StoreError> {
        Trading(self).adopt(adoption, seen, audit).await
    }
}

impl<E: Engine> HaltSystem for E {
    async fn halt_system(&self, halted: bool, audit: &Audit) -> Result<(), StoreError> {
        Trading(self).halt_system(halted, audit).await
    }
}

impl<E: Engine> KeepReport for E {
    async fn keep_report(&self, report: &Report) -> Result<(), StoreError> {
        Trading(self).keep_report(report).await
    }
}

impl<E: Engine> LoadReport for E {
    async fn load_report(&self, account: &AccountId, table: &TableId) -> Result<Option<Report>, StoreError> {
        Trading(self).load_report(account, table).await
    }
}

impl<E: Engine> ListEveryAccount for E {
    async fn list_every_account(&self) -> Result<Vec<AccountId>, StoreError> {
        Trading(self).list_every_account().await
    }
}

impl<E: Engine> ListGroups for E {
    async fn list_groups_since(&self, account: &AccountId, since: Timestamp) -> Result<Vec<GroupId>, StoreError> {
        Trading(self).list_groups_since(account, since).await
    }
}
