//! Coming back after a restore. A table that was restored or copied holds an older world than the venue's, and whoever
//! acts upon it sells twice.
//!
//! 1. A table is acted upon once its rows name it: [`recovered`]. Until then the executor does nothing at a venue and no
//!    pass is made; what is to be done waits in the rows, and is rung by the passes afterwards.
//! 2. [`recover`] asks, merges and lists. It never sends and never cancels, and an order that no group of the table can
//!    have sent joins none.
//! 3. A person sees the difference, then says that the table is to be acted upon: [`confirm`]. Entries whose alert came
//!    before that are not sent any more: what was lost may have sent them.
//! 4. An account that could not be looked at may be left out of that: it waits on, and everybody else goes on.
//! 5. A look that runs out of time is gone on with where it ended.

mod merge;
mod person;
mod survey;

pub use person::{AccountRecovery, ConfirmError, Recovery, Word, confirm, start, state};
use store::Engine;
use store::trading::Trading;

use crate::conflict::retry_on_conflict;
use crate::persist::PersistError;
use crate::ports::{CommitError, Queues, StoreError, Venue, VenueError};
use crate::run::Run;
use domain::ids::AccountId;
use domain::money::MoneyError;
use domain::recovery::{Adoption, Report, TableId};

/// The proof that an account's rows are the table's own. What is recovered stays so.
#[derive(Debug, Clone, Copy)]
pub struct Recovered(());

/// Somebody has said so for the very table that is used.
#[derive(Debug, Clone)]
pub struct Adopted(Adoption);

impl Adopted {
    /// Whether it was said for this account too.
    pub fn recovered(&self, account: &AccountId) -> Option<Recovered> {
        self.0.covers(account).then_some(Recovered(()))
    }
}

/// Whether these rows may be acted upon: somebody has said so for the very table that is used.
///
/// # Errors
/// Where either cannot be read: then nobody knows, and nothing is done.
pub async fn adopted<D: Engine>(deps: &D) -> Result<Option<Adopted>, StoreError> {
    let table = deps.table_id().await?;
    let adopted = Trading(deps).load_system().await?.adopted;
    Ok(adopted.filter(|adoption| adoption.table == table).map(Adopted))
}

/// The same for the rows of one account.
///
/// # Errors
/// As [`adopted`].
pub async fn recovered<D: Engine>(deps: &D, account: &AccountId) -> Result<Option<Recovered>, StoreError> {
    Ok(adopted(deps).await?.and_then(|adopted| adopted.recovered(account)))
}

/// How a recovery ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    Reported(Box<Report>),
    /// There is nothing to recover: the account is recovered, the table is another one, or has no such account.
    Needless,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecoverError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Venue(#[from] VenueError),
    #[error("there was no time left to ask about everything: the same again goes on from here")]
    OutOfTime,
    #[error("other changes were first, again and again")]
    Contended,
    #[error("a number of this account cannot be kept exactly")]
    Money(#[from] MoneyError),
}

impl From<PersistError> for RecoverError {
    fn from(error: PersistError) -> Self {
        match error {
            PersistError::Commit(CommitError::LostRace) => Self::Contended,
            PersistError::Commit(CommitError::Store(error)) => Self::Store(error),
            PersistError::Money(error) => Self::Money(error),
        }
    }
}

/// Asks the venue for all that the table may have forgotten of one account, merges it, and reports.
///
/// The report comes first, then what it tells of, then the word that it was done: however this ends, nothing is changed
/// that no report tells of.
///
/// # Errors
/// Where anything could not be asked or kept, or the time is over. What was merged stays; the same again does the rest.
pub async fn recover<D: Engine + Queues, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    table: &TableId,
    run: &Run,
) -> Result<Looked, RecoverError> {
    retry_on_conflict(RecoverError::Contended, || async {
        if deps.table_id().await? != *table || recovered(deps, account).await?.is_some() {
            return Ok(Some(Looked::Needless));
        }
        let Some(survey) = survey::make(deps, venue, account, table, run).await? else {
            return Ok(Some(Looked::Needless));
        };
        // As far as the look before: what this one has found counts once it is in the rows.
        Trading(deps).keep_report(&Report { merged: false, reached: survey.from, ..survey.report.clone() }).await?;
        match merge::keep(deps, survey.merges, run).await {
            Ok(()) => told(deps, survey.report).await.map(Some),
            Err(PersistError::Commit(CommitError::LostRace)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

async fn told<D: Engine>(deps: &D, report: Report) -> Result<Looked, RecoverError> {
    Trading(deps).keep_report(&report).await?;
    if report.reached.is_some() { Err(RecoverError::OutOfTime) } else { Ok(Looked::Reported(Box::new(report))) }
}
