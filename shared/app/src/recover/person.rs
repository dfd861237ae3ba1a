//! A person's part: have it looked, see what was found, say that it may go on.

use crate::actor::{Act, audit};
use crate::bots::want_again;
use crate::ports::{Audit, Queues, RecoverAccount, StoreError};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::recovery::{Adoption, Report, TableId};
use std::collections::BTreeSet;
use store::Engine;
use store::trading::Trading;

/// How far a table has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The table that is used.
    pub table: TableId,
    /// Whom its rows say to belong to.
    pub adopted: Option<Adoption>,
    /// All of all users: also what rests in these rows may have traded in the time that they have lost.
    pub accounts: Vec<AccountRecovery>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecovery {
    pub account: Account,
    /// The newest of this table.
    pub report: Option<Report>,
    /// Nothing is done for it at a venue: the table is not recovered, or was without this account.
    pub waits: bool,
}

/// What a person says to have it go on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    pub reason: String,
    /// Accounts that wait on where they were not looked at to the end.
    pub leave_out: BTreeSet<AccountId>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmError {
    #[error("not looked at to the end yet: {}", join(.0))]
    NotReady(Vec<AccountId>),
    #[error("{0} does not wait for a recovery")]
    NotWaiting(AccountId),
    #[error("somebody else has confirmed at the same time")]
    Contended,
    /// After a restore rights that were taken away and halts that were set are as they were before.
    #[error("a program's key has no table acted upon: a person does, who has logged in")]
    NotInPerson,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Recovery {
    /// Whether the table is acted upon, if perhaps not for every account.
    pub fn is_recovered(&self) -> bool {
        self.recovered_at().is_some()
    }

    /// Those for which nothing is done yet.
    pub fn waiting(&self) -> impl Iterator<Item = &AccountRecovery> {
        self.accounts.iter().filter(|account| account.waits)
    }

    fn recovered_at(&self) -> Option<Timestamp> {
        self.adopted.as_ref().filter(|adoption| adoption.table == self.table).map(|adoption| adoption.at)
    }

    fn waits(&self, account: &AccountId) -> bool {
        !self.is_recovered() || self.adopted.as_ref().is_some_and(|adoption| !adoption.covers(account))
    }

    fn with(self, adoption: Adoption) -> Self {
        let now = |account: AccountRecovery| {
            let waits = !adoption.covers(&account.account.id);
            AccountRecovery { waits, ..account }
        };
        let accounts = self.accounts.into_iter().map(now).collect();
        Self { table: self.table, adopted: Some(adoption), accounts }
    }
}

impl AccountRecovery {
    /// Whether it was looked at to the end.
    pub fn is_ready(&self) -> bool {
        self.report.as_ref().is_some_and(Report::is_settled)
    }
}

/// # Errors
/// Where the store cannot be reached.
pub async fn state<D: Engine>(deps: &D, act: Act<'_>) -> Result<Recovery, StoreError> {
    let table = deps.table_id().await?;
    let adopted = Trading(deps).load_system().await?.adopted;
    let mut recovery = Recovery { table, adopted, accounts: Vec::new() };
    for id in everybody(deps, act).await? {
        let Some(account) = Trading(deps).load_account(&id).await? else { continue };
        let report = Trading(deps).load_report(&id, &recovery.table).await?;
        let waits = recovery.waits(&id);
        recovery.accounts.push(AccountRecovery { account, report, waits });
    }
    Ok(recovery)
}

/// Asks for a look at every account that waits for one.
///
/// # Errors
/// Where store or queue cannot be reached; the same again asks for the rest.
pub async fn start<D: Engine + Queues>(deps: &D, act: Act<'_>) -> Result<Recovery, StoreError> {
    let recovery = state(deps, act).await?;
    for AccountRecovery { account, .. } in recovery.waiting() {
        let (account, table, trace) = (account.id.clone(), recovery.table.clone(), act.attempt.as_str().to_owned());
        deps.ask_recovery(&RecoverAccount { account, table, trace }, act.now).await?;
    }
    Ok(recovery)
}

/// Says that what waits is to be acted upon from now on, but for what is left out.
///
/// # Errors
/// `NotInPerson`. `NotReady` where another account was not looked at to the end, `NotWaiting` where one is to be left out that is
/// acted upon already, or is not there; then nothing was changed. `Store` where it cannot be reached, perhaps once all is acted upon: the same
/// again does what is left.
pub async fn confirm<D: Engine>(deps: &D, word: &Word, act: Act<'_>) -> Result<Recovery, ConfirmError> {
    if !act.in_person() {
        return Err(ConfirmError::NotInPerson);
    }
    let recovery = state(deps, act).await?;
    let is_waiting = |id: &&AccountId| recovery.waiting().any(|account| account.account.id == **id);
    if let Some(other) = word.leave_out.iter().find(|id| !is_waiting(id)) {
        return Err(ConfirmError::NotWaiting(other.clone()));
    }
    let unready = recovery.waiting().filter(|account| !account.is_ready()).map(|account| account.account.id.clone());
    let (left_out, unready): (BTreeSet<_>, BTreeSet<_>) = unready.partition(|id| word.leave_out.contains(id));
    if !unready.is_empty() {
        return Err(ConfirmError::NotReady(unready.into_iter().collect()));
    }
    let at = recovery.recovered_at().unwrap_or(act.now);
    let adoption = Adoption { table: recovery.table.clone(), at, left_out };
    if recovery.adopted.as_ref() != Some(&adoption) {
        let audit = record(&adoption, &word.reason, act);
        if !Trading(deps).adopt(&adoption, recovery.adopted.as_ref(), &audit).await? {
            return Err(ConfirmError::Contended);
        }
    }
    have_bots_hear(deps, &recovery, at).await?;
    Ok(recovery.with(adoption))
}

/// What was stopped in the time that was lost runs again, and nothing is fetched for it: it would leave at nothing. Behind the adoption: what is
/// wrong with somebody's bots holds up nobody's stops.
async fn have_bots_hear<D: Engine>(deps: &D, recovery: &Recovery, at: Timestamp) -> Result<(), StoreError> {
    let mut done = Ok(());
    for user in recovery.accounts.iter().map(|account| &account.account.user).collect::<BTreeSet<_>>() {
        done = done.and(want_again(deps, user, at).await);
    }
    done
}

fn record(adoption: &Adoption, reason: &str, act: Act<'_>) -> Audit {
    let left_out = (!adoption.left_out.is_empty()).then(|| format!("without {}", join(&adoption.left_out)));
    Audit { after: left_out, ..audit("recover", adoption.table.as_str(), reason, act) }
}

async fn everybody<D: Engine>(deps: &D, act: Act<'_>) -> Result<BTreeSet<AccountId>, StoreError> {
    let mut accounts: BTreeSet<AccountId> = Trading(deps).list_every_account().await?.into_iter().collect();
    // A release before this one has not listed those that it made.
    accounts.extend(Trading(deps).list_accounts(act.user).await?);
    for shard in Trading(deps).active_shards().await? {
        accounts.extend(Trading(deps).list_active(shard).await?);
    }
    Ok(accounts)
}

fn join<'a>(ids: impl IntoIterator<Item = &'a AccountId>) -> String {
    ids.into_iter().map(AccountId::as_str).collect::<Vec<_>>().join(", ")
}
