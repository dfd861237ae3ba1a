//! A person's part: have it looked, see what was found, say that it may go on.

use super::Whose;
use crate::ports::{Adopt, AskRecovery, ListAccounts, ListActive, LoadAccount, LoadReport, RecoverAccount, StoreError};
use crate::trading::{Act, audit};
use domain::account::Account;
use domain::ids::AccountId;
use domain::recovery::{Adoption, Report, TableId};
use std::collections::BTreeSet;

/// What seeing a recovery needs.
pub trait SeeRecovery: Whose + ListAccounts + ListActive + LoadAccount + LoadReport {}
impl<D: Whose + ListAccounts + ListActive + LoadAccount + LoadReport> SeeRecovery for D {}

/// What starting one needs.
pub trait StartRecovery: SeeRecovery + AskRecovery {}
impl<D: SeeRecovery + AskRecovery> StartRecovery for D {}

/// What ending one needs.
pub trait ConfirmRecovery: SeeRecovery + Adopt {}
impl<D: SeeRecovery + Adopt> ConfirmRecovery for D {}

/// How far a table has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The table that is used.
    pub table: TableId,
    /// Whom its rows say to belong to.
    pub adopted: Option<Adoption>,
    /// Every account with an open group, and all of whoever asks.
    pub accounts: Vec<AccountRecovery>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecovery {
    pub account: Account,
    /// The newest of this table.
    pub report: Option<Report>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmError {
    #[error("not looked at to the end yet: {}", join(.0))]
    NotReady(Vec<AccountId>),
    #[error("somebody else has confirmed at the same time")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Recovery {
    pub fn is_recovered(&self) -> bool {
        self.adopted.as_ref().is_some_and(|adoption| adoption.table == self.table)
    }
}

impl AccountRecovery {
    pub fn is_ready(&self) -> bool {
        self.report.as_ref().is_some_and(Report::is_settled)
    }
}

/// # Errors
/// Where the store cannot be reached.
pub async fn state<D: SeeRecovery>(deps: &D, act: Act<'_>) -> Result<Recovery, StoreError> {
    let table = deps.table_id().await?;
    let adopted = deps.load_system().await?.adopted;
    let mut accounts = Vec::new();
    for id in everybody(deps, act).await? {
        let Some(account) = deps.load_account(&id).await? else { continue };
        let report = deps.load_report(&id, &table).await?;
        accounts.push(AccountRecovery { account, report });
    }
    Ok(Recovery { table, adopted, accounts })
}

/// Asks for a look at every account, unless there is nothing to recover.
///
/// # Errors
/// Where store or queue cannot be reached; the same again asks for the rest.
pub async fn start<D: StartRecovery>(deps: &D, act: Act<'_>) -> Result<Recovery, StoreError> {
    let recovery = state(deps, act).await?;
    if !recovery.is_recovered() {
        for AccountRecovery { account, .. } in &recovery.accounts {
            let (account, table, trace) = (account.id.clone(), recovery.table.clone(), act.attempt.as_str().to_owned());
            deps.ask_recovery(&RecoverAccount { account, table, trace }, act.now).await?;
        }
    }
    Ok(recovery)
}

/// Says that the table is to be acted upon from now on.
///
/// # Errors
/// `NotReady` where an account was not looked at to the end; then nothing was changed.
pub async fn confirm<D: ConfirmRecovery>(deps: &D, reason: &str, act: Act<'_>) -> Result<Recovery, ConfirmError> {
    let recovery = state(deps, act).await?;
    if recovery.is_recovered() {
        return Ok(recovery);
    }
    let unready = recovery.accounts.iter().filter(|account| !account.is_ready());
    let unready: Vec<AccountId> = unready.map(|account| account.account.id.clone()).collect();
    if !unready.is_empty() {
        return Err(ConfirmError::NotReady(unready));
    }
    let adoption = Adoption { table: recovery.table.clone(), at: act.now };
    let audit = audit("recover", recovery.table.as_str(), reason, act);
    if !deps.adopt(&adoption, recovery.adopted.as_ref(), &audit).await? {
        return Err(ConfirmError::Contended);
    }
    Ok(Recovery { adopted: Some(adoption), ..recovery })
}

async fn everybody<D: SeeRecovery>(deps: &D, act: Act<'_>) -> Result<BTreeSet<AccountId>, StoreError> {
    let mut accounts: BTreeSet<AccountId> = deps.list_accounts(act.user).await?.into_iter().collect();
    for shard in deps.active_shards().await? {
        accounts.extend(deps.list_active(shard).await?);
    }
    Ok(accounts)
}

fn join(ids: &[AccountId]) -> String {
    ids.iter().map(AccountId::as_str).collect::<Vec<_>>().join(", ")
}
