//! Several writes, all or none.
//!
//! 1. What the service would refuse (too many actions, one item twice) is refused before it is sent.
//! 2. A cancelled transaction whose items carry its own stamp was applied: its answer was lost.
//! 3. Meeting another transaction is not losing to it: that is tried again.

use crate::attributes::of_sdk;
use crate::client::Aws;
use crate::conflict::{Conflicts, Tried};
use crate::error::unavailable;
use crate::send::{Written, action};
use app::ports::{Clock, CommitError, StoreError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use domain::ids::AttemptId;
use domain::limits;
use std::collections::BTreeSet;
use store::{Item, Kind, Write, is_ours};

/// What one try came to.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    Applied,
    Lost,
    InTheWay,
    Away(StoreError),
}

/// What one action of a cancelled transaction has to do with that.
#[derive(Debug)]
struct Reason {
    /// None where it would have been applied.
    code: Option<String>,
    /// The row that stands there, where a condition did not hold.
    old: Option<Item>,
}

impl Reason {
    fn of(reason: &CancellationReason) -> Result<Self, StoreError> {
        let code = reason.code().filter(|code| *code != "None").map(str::to_owned);
        Ok(Self { code, old: reason.item.clone().map(of_sdk).transpose()? })
    }
}

impl Aws {
    /// Sends all writes as one transaction under one stamp. What is on record is put at the end of its chain.
    pub(crate) async fn transact(&self, writes: Vec<Write>, stamp: &AttemptId) -> Result<(), CommitError> {
        check(&writes)?;
        let (records, mut writes): (Vec<_>, _) = writes.into_iter().partition(|write| write.kind == Kind::Record);
        let record = match <[Write; 1]>::try_from(records) {
            Ok([record]) => Some(record),
            Err(none) if none.is_empty() => None,
            Err(_) => return Err(StoreError::unreadable("a transaction is put on record once").into()),
        };
        writes = match <[Write; 1]>::try_from(writes) {
            Ok([alone]) if record.is_none() && alone.kind != Kind::Check => return self.alone(alone, stamp).await,
            Ok(alone) => Vec::from(alone),
            Err(several) => several,
        };
        let mut conflicts = Conflicts::new(self.config().patience());
        loop {
            let placed = match record.as_ref().and_then(|record| Some((&record.key, record.record.as_deref()?))) {
                Some((head, audit)) => self.placed(head, audit).await?,
                None => Vec::new(),
            };
            let is_on_record = !placed.is_empty();
            let actions = self.actions(writes.iter().cloned().chain(placed), stamp)?;
            if actions.is_empty() {
                return Ok(());
            }
            let tried = match self.try_transact(actions, stamp, is_on_record).await {
                Came::Applied => return Ok(()),
                Came::Lost => return Err(CommitError::LostRace),
                Came::InTheWay => Tried::Conflict,
                Came::Away(error) => Tried::Store(error),
            };
            conflicts.pause(tried).await?;
        }
    }

    fn actions(
        &self,
        writes: impl Iterator<Item = Write>,
        stamp: &AttemptId,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        writes.map(|write| action(&write.clone().at(self.now()).stamped(stamp), self.name(write.key.table)?)).collect()
    }

    /// One write needs no transaction to be whole, and costs half of one.
    async fn alone(&self, write: Write, stamp: &AttemptId) -> Result<(), CommitError> {
        match self.write(write, stamp).await? {
            Written::Done(_) => Ok(()),
            Written::Refused(_) => Err(CommitError::LostRace),
        }
    }

    async fn try_transact(&self, actions: Vec<TransactWriteItem>, stamp: &AttemptId, is_on_record: bool) -> Came {
        let Err(error) = self.db().transact_write_items().set_transact_items(Some(actions)).send().await else {
            return Came::Applied;
        };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                let reasons = cancelled.cancellation_reasons().iter().map(Reason::of).collect::<Result<Vec<_>, _>>();
                match reasons {
                    Ok(reasons) if is_on_record => judge_on_record(&reasons, stamp),
                    Ok(reasons) => judge(&reasons, stamp),
                    Err(error) => Came::Away(error),
                }
            }
            Some(TransactWriteItemsError::TransactionInProgressException(_)) => Came::InTheWay,
            _ => Came::Away(unavailable(&error)),
        }
    }
}

/// Conflicts come before lost races: what is in the way may hide our own stamp.
fn judge(reasons: &[Reason], stamp: &AttemptId) -> Came {
    let any = |code: &str| reasons.iter().any(|reason| reason.code.as_deref() == Some(code));
    if reasons.iter().filter_map(|reason| reason.old.as_ref()).any(|old| is_ours(old, stamp)) {
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
    let codes: Vec<_> = reasons.iter().filter_map(|reason| reason.code.as_deref()).collect();
    Came::Away(StoreError::Unavailable(format!("the transaction was cancelled: {}", codes.join(", "))))
}

/// A head that was moved meanwhile, which comes last, is only in the way; nor does its stamp say anything: one run may
/// change several things, each on record.
fn judge_on_record(reasons: &[Reason], stamp: &AttemptId) -> Came {
    let Some((head, others)) = reasons.split_last() else { return judge(reasons, stamp) };
    let are_whole = others.iter().all(|reason| reason.code.is_none());
    if head.code.as_deref() == Some("ConditionalCheckFailed") && are_whole {
        return Came::InTheWay;
    }
    if are_whole { judge(reasons, stamp) } else { judge(others, stamp) }
}

fn check(writes: &[Write]) -> Result<(), StoreError> {
    let most = limits::TRANSACTION_ACTIONS_MAX;
    // A record is two: its row, and its chain's head.
    let actions = writes.len().saturating_add(writes.iter().filter(|write| write.kind == Kind::Record).count());
    if actions > most {
        return Err(StoreError::unreadable(format!("a transaction of {actions} actions, {most} are allowed")));
    }
    let mut seen = BTreeSet::new();
    let twice = writes.iter().find(|write| !seen.insert(&write.key));
    twice.map_or(Ok(()), |write| Err(StoreError::unreadable(format!("a transaction names {:?} twice", write.key))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::to_sdk;
    use crate::keys;
    use domain::ids::AccountId;
    use store::item::text;

    fn reason(code: &str, written_by: Option<&str>) -> Reason {
        let item = written_by.map(|stamp| to_sdk(Item::from([("written_by".into(), text(stamp))])));
        Reason::of(&CancellationReason::builder().code(code).set_item(item).build()).unwrap()
    }

    #[test]
    fn why_a_transaction_was_cancelled_says_what_to_do() {
        let check = |reasons: &[Reason]| judge(reasons, &AttemptId::new("mine"));
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

    #[test]
    fn a_head_that_was_moved_is_in_the_way_and_no_lost_race() {
        let check = |reasons: &[Reason]| judge_on_record(reasons, &AttemptId::new("mine"));
        let (failed, conflict) = ("ConditionalCheckFailed", "TransactionConflict");
        assert_eq!(check(&[reason("None", None), reason(failed, Some("other"))]), Came::InTheWay);
        assert_eq!(
            check(&[reason("None", None), reason(failed, Some("mine"))]),
            Came::InTheWay,
            "another change of ours"
        );
        assert_eq!(check(&[reason(failed, Some("other")), reason(failed, Some("mine"))]), Came::Lost);
        assert_eq!(check(&[reason(failed, Some("mine")), reason(failed, Some("other"))]), Came::Applied);
        assert_eq!(check(&[reason("None", None), reason(conflict, None)]), Came::InTheWay);
        assert_eq!(check(&[]), Came::Away(StoreError::Unavailable("the transaction was cancelled: ".to_owned())));
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
