//! Several writes, all or none.
//!
//! 1. What the service would refuse (too many actions, one item twice) is refused before it is sent.
//! 2. A cancelled transaction whose items carry its own stamp was applied: its answer was lost.
//! 3. Meeting another transaction is not losing to it: that is tried again.

use crate::client::Aws;
use crate::conflict::{Conflicts, Tried};
use crate::error::{unavailable, unreadable};
use crate::send::Written;
use crate::write::{Kind, Write, is_ours};
use app::ports::{Clock, CommitError, StoreError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use domain::ids::AttemptId;
use domain::limits;
use std::collections::BTreeSet;

/// What one try came to.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    Applied,
    Lost,
    InTheWay,
    Away(StoreError),
}

impl Aws {
    /// Sends all writes as one transaction under one stamp.
    pub(crate) async fn transact(&self, writes: Vec<Write>, stamp: &AttemptId) -> Result<(), CommitError> {
        check(&writes)?;
        let writes = match <[Write; 1]>::try_from(writes) {
            Ok([alone]) if alone.kind != Kind::Check => return self.alone(alone, stamp).await,
            Ok(alone) => Vec::from(alone),
            Err(several) => several,
        };
        let mut actions = Vec::with_capacity(writes.len());
        for write in writes {
            let table = self.name(write.key.table)?;
            actions.push(write.at(self.now()).stamped(stamp).action(table)?);
        }
        let mut conflicts = Conflicts::new(self.config().patience());
        loop {
            let tried = match self.try_transact(actions.clone(), stamp).await {
                Came::Applied => return Ok(()),
                Came::Lost => return Err(CommitError::LostRace),
                Came::InTheWay => Tried::Conflict,
                Came::Away(error) => Tried::Store(error),
            };
            conflicts.pause(tried).await?;
        }
    }

    /// One write needs no transaction to be whole, and costs half of one.
    async fn alone(&self, write: Write, stamp: &AttemptId) -> Result<(), CommitError> {
        match self.write(write, stamp).await? {
            Written::Done(_) => Ok(()),
            Written::Refused(_) => Err(CommitError::LostRace),
        }
    }

    async fn try_transact(&self, actions: Vec<TransactWriteItem>, stamp: &AttemptId) -> Came {
        let Err(error) = self.db().transact_write_items().set_transact_items(Some(actions)).send().await else {
            return Came::Applied;
        };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                judge(cancelled.cancellation_reasons(), stamp)
            }
            Some(TransactWriteItemsError::TransactionInProgressException(_)) => Came::InTheWay,
            _ => Came::Away(unavailable(&error)),
        }
    }
}

/// Conflicts come before lost races: what is in the way may hide our own stamp.
fn judge(reasons: &[CancellationReason], stamp: &AttemptId) -> Came {
    let any = |code: &str| reasons.iter().any(|reason| reason.code() == Some(code));
    if reasons.iter().filter_map(|reason| reason.item.as_ref()).any(|old| is_ours(old, stamp)) {
        return Came::Applied;
    }
    if any("TransactionConflict") {
        return Came::InTheWay;
    }
    if any("ConditionalCheckFailed") {
        return Came::Lost;
    }
    if any("ThrottlingError") || any("ProvisionedThroughputExceeded") {
        return Came::InTheWay;
    }
    let codes: Vec<_> = reasons.iter().filter_map(CancellationReason::code).filter(|code| *code != "None").collect();
    Came::Away(StoreError::Unavailable(format!("the transaction was cancelled: {}", codes.join(", "))))
}

fn check(writes: &[Write]) -> Result<(), StoreError> {
    let most = limits::TRANSACTION_ACTIONS_MAX;
    if writes.len() > most {
        return Err(unreadable(format!("a transaction of {} actions, {most} are allowed", writes.len())));
    }
    let mut seen = BTreeSet::new();
    let twice = writes.iter().find(|write| !seen.insert(&write.key));
    twice.map_or(Ok(()), |write| Err(unreadable(format!("a transaction names {:?} twice", write.key))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Item, text};
    use crate::keys;
    use domain::ids::AccountId;

    fn reason(code: &str, written_by: Option<&str>) -> CancellationReason {
        let item = written_by.map(|stamp| Item::from([("written_by".to_owned(), text(stamp))]));
        CancellationReason::builder().code(code).set_item(item).build()
    }

    #[test]
    fn why_a_transaction_was_cancelled_says_what_to_do() {
        let check = |reasons: &[CancellationReason]| judge(reasons, &AttemptId::new("mine"));
        let (failed, conflict) = ("ConditionalCheckFailed", "TransactionConflict");
        assert_eq!(check(&[reason("None", None), reason(failed, Some("mine"))]), Came::Applied);
        assert_eq!(check(&[reason(failed, Some("other")), reason("None", None)]), Came::Lost);
        assert_eq!(check(&[reason(failed, None)]), Came::Lost);
        assert_eq!(check(&[reason(failed, Some("other")), reason(conflict, None)]), Came::InTheWay);
        assert_eq!(check(&[reason("ThrottlingError", None)]), Came::InTheWay);
        assert_eq!(check(&[reason("ProvisionedThroughputExceeded", None)]), Came::InTheWay);
        assert!(
            matches!(check(&[reason("ValidationError", None)]), Came::Away(error) if error.to_string().contains("ValidationError"))
        );
    }

    fn write(account: usize) -> Write {
        Write::update(keys::account(&AccountId::of(&[&account.to_string()])))
    }

    #[test]
    fn what_the_service_would_refuse_is_not_sent() {
        let most = limits::TRANSACTION_ACTIONS_MAX;
        assert!(check(&(0..most).map(write).collect::<Vec<_>>()).is_ok());
        assert!(check(&(0..=most).map(write).collect::<Vec<_>>()).is_err());
        assert!(check(&[write(1), write(2), write(1)]).is_err());
    }
}
