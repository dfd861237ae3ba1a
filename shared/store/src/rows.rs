//! Rows over an engine: reads to their end, writes that are tried again while others are in the way.
//!
//! 1. What the service would refuse (too many actions, one row twice) is refused before it is sent.
//! 2. A refused write whose row carries its own stamp was applied: its answer was lost.
//! 3. Meeting another write is not losing to it: that is tried again, for a while.

use crate::Table;
use crate::audit;
use crate::engine::{Engine, Fault, Reason, Unapplied, Unwritten, Written};
use crate::error::{CommitError, StoreError};
use crate::idempotency::{Once, TAKEN};
use crate::item::{from_item, text_of};
use crate::key::Key;
use crate::query::{Found, Query, Within};
use crate::value::Item;
use crate::write::{Kind, Write, is_ours};
use domain::ids::AttemptId;
use domain::limits;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Rows of any table. What stands in which row is known to those that use it.
#[derive(Debug)]
pub struct Rows<'a, E>(pub &'a E);

/// What one try of a transaction came to.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    Lost,
    InTheWay,
    Applied,
    Away(StoreError),
}

impl<E: Engine> Rows<'_, E> {
    /// As it is now.
    ///
    /// # Errors
    /// `Unavailable`: try again.
    pub async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        self.0.get(key, false).await
    }

    /// As it is now.
    ///
    /// # Errors
    /// `Unreadable`: this code does not know such a row.
    pub async fn load<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        self.get(key).await?.map(from_item).transpose()
    }

    /// A row that is put once and stays. It is read as it may lag, which costs half as much; what seems missing is
    /// asked for again.
    ///
    /// # Errors
    /// `Unreadable`: this code does not know such a row.
    pub async fn load_settled<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        match self.0.get(key, true).await? {
            Some(item) => from_item(item).map(Some),
            None => self.load(key).await,
        }
    }

    /// Rows of one table by their keys, as they are now, in no order, without those that are not there.
    ///
    /// # Errors
    /// `Unavailable`: try again.
    pub async fn get_all(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        self.0.batch_get(keys).await
    }

    /// Every row of a partition whose sort key begins so (all of them, where it is empty), in its order, as they are
    /// now.
    ///
    /// # Errors
    /// `Unavailable`: try again.
    pub async fn query(&self, table: Table, pk: &str, prefix: &str) -> Result<Vec<Item>, StoreError> {
        self.pages(Query::of(table, pk).within(Within::prefix(prefix))).await
    }

    /// One page.
    ///
    /// # Errors
    /// `Unavailable`: try again.
    pub async fn page(&self, query: &Query) -> Result<Found, StoreError> {
        if query.is_empty() {
            return Ok(Found::default());
        }
        self.0.query(query).await
    }

    /// All pages.
    ///
    /// # Errors
    /// `Unavailable`: try again.
    pub async fn pages(&self, mut query: Query) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        loop {
            let found = self.page(&query).await?;
            items.extend(found.items);
            if found.next.is_none() {
                return Ok(items);
            }
            query.start = found.next;
        }
    }

    /// Sends one write under a stamp. It is `Done` as well when a refusal shows that it was applied before and its
    /// answer lost.
    ///
    /// # Errors
    /// `Unavailable`: whether it was applied is not known.
    pub async fn write(&self, write: Write, stamp: &AttemptId) -> Result<Written, StoreError> {
        let write = write.at(self.0.now()).stamped(stamp);
        let mut patience = self.0.patience();
        loop {
            match self.0.write(&write).await {
                Ok(Written::Refused(Some(old))) if is_ours(&old, stamp) => return Ok(Written::Done(old)),
                Ok(written) => return Ok(written),
                Err(Unwritten::InTheWay) => self.0.pause(&mut patience).await?,
                Err(Unwritten::Store(error)) => return Err(error),
            }
        }
    }

    /// Sends one write under a stamp of its own.
    ///
    /// # Errors
    /// `Unavailable`: whether it was applied is not known.
    pub async fn send(&self, write: Write) -> Result<Written, StoreError> {
        self.write(write, &self.0.stamp()?).await
    }

    /// Puts rows of one table where it is no matter which of them stands first, under one stamp: as many as one call takes.
    ///
    /// # Errors
    /// `Unavailable`: some may be put.
    pub async fn put_all(&self, puts: Vec<Write>) -> Result<(), StoreError> {
        let (now, stamp) = (self.0.now(), self.0.stamp()?);
        let puts: Vec<_> = puts.into_iter().map(|put| put.at(now).stamped(&stamp)).collect();
        self.0.batch_write(&puts).await
    }

    /// Unique to one write.
    ///
    /// # Errors
    /// `Unavailable`: no random numbers.
    pub fn stamp(&self) -> Result<AttemptId, StoreError> {
        self.0.stamp()
    }

    /// Sends all writes as one transaction under one stamp. What is on record is put at the end of its chain. The first one of a
    /// request that has a key puts the key's row.
    ///
    /// # Errors
    /// `LostRace`: a condition did not hold. `Unavailable`: whether it was applied is not known.
    pub async fn transact(&self, mut writes: Vec<Write>, stamp: &AttemptId) -> Result<(), CommitError> {
        let Some(once) = self.0.once() else { return self.apply(writes, stamp, None).await };
        let Some(row) = once.due(&writes, self.0.now())? else { return self.apply(writes, stamp, None).await };
        let of_request = (once, row.key.clone());
        writes.push(row);
        self.apply(writes, stamp, Some(&of_request)).await?;
        once.applied();
        Ok(())
    }

    async fn apply(
        &self,
        writes: Vec<Write>,
        stamp: &AttemptId,
        of_request: Option<&(&Once, Key)>,
    ) -> Result<(), CommitError> {
        check(&writes).inspect_err(|error| self.0.at_fault(&error.to_string()))?;
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
        let now = self.0.now();
        let writes: Vec<_> = writes.into_iter().map(|write| write.at(now).stamped(stamp)).collect();
        let mut patience = self.0.patience();
        loop {
            let placed = match record.as_ref().and_then(|record| Some((&record.key, record.record.as_deref()?))) {
                Some((head, audit)) => audit::placed(self.0, head, audit).await?,
                None => Vec::new(),
            };
            let is_on_record = !placed.is_empty();
            let all = if is_on_record {
                let placed = placed.into_iter().map(|write| write.at(now).stamped(stamp));
                Cow::Owned(writes.iter().cloned().chain(placed).collect())
            } else {
                Cow::Borrowed(&*writes)
            };
            if all.is_empty() {
                return Ok(());
            }
            match self.try_transact(&all, stamp, is_on_record, of_request).await {
                Came::Applied => return Ok(()),
                Came::Lost => return Err(CommitError::LostRace),
                Came::InTheWay => self.0.pause(&mut patience).await?,
                Came::Away(error) => return Err(error.into()),
            }
        }
    }

    /// The same, and false where another change was first.
    ///
    /// # Errors
    /// `Unavailable`: whether it was applied is not known.
    pub async fn all_or_none(&self, writes: Vec<Write>, stamp: &AttemptId) -> Result<bool, StoreError> {
        match self.transact(writes, stamp).await {
            Ok(()) => Ok(true),
            Err(CommitError::LostRace) => Ok(false),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// Deletes the rows of a partition whose sort keys are said to go, a part at a time: what a run that stops has
    /// deleted is not there for the next.
    ///
    /// # Errors
    /// `Unavailable`: some may be deleted.
    pub async fn forget(&self, table: Table, pk: &str, goes: impl Fn(&str) -> bool) -> Result<(), StoreError> {
        let mut query = Query::of(table, pk).keys_only();
        loop {
            let found = self.page(&query).await?;
            for row in found.items {
                let sk = text_of(&row, "sk")?;
                if goes(sk) {
                    self.send(Write::delete(Key::new(table, pk, sk))).await?;
                }
            }
            if found.next.is_none() {
                return Ok(());
            }
            query.start = found.next;
        }
    }

    /// One write needs no transaction to be whole, and costs half of one.
    async fn alone(&self, write: Write, stamp: &AttemptId) -> Result<(), CommitError> {
        match self.write(write, stamp).await? {
            Written::Done(_) => Ok(()),
            Written::Refused(_) => Err(CommitError::LostRace),
        }
    }

    async fn try_transact(
        &self,
        writes: &[Write],
        stamp: &AttemptId,
        is_on_record: bool,
        of_request: Option<&(&Once, Key)>,
    ) -> Came {
        match self.0.transact(writes).await {
            Ok(()) => Came::Applied,
            Err(Unapplied::Cancelled(reasons))
                if of_request.is_some_and(|of| is_taken(of, writes, &reasons, stamp)) =>
            {
                Came::Away(StoreError::Unavailable(TAKEN.to_owned()))
            }
            Err(Unapplied::Cancelled(reasons)) if is_on_record => judge_on_record(&reasons, stamp),
            Err(Unapplied::Cancelled(reasons)) => judge(&reasons, stamp),
            Err(Unapplied::InTheWay) => Came::InTheWay,
            Err(Unapplied::Store(error)) => Came::Away(error),
        }
    }
}

/// Whether the row of another request stands where its own was to be put.
fn is_taken((once, key): &(&Once, Key), writes: &[Write], reasons: &[Reason], stamp: &AttemptId) -> bool {
    let of_row = writes.iter().zip(reasons).find(|(write, _)| write.key == *key);
    let is_taken = of_row.is_some_and(|(_, reason)| {
        reason.fault == Some(Fault::Condition) && !reason.old.as_ref().is_some_and(|old| is_ours(old, stamp))
    });
    if is_taken {
        once.lost();
    }
    is_taken
}

/// Conflicts come before lost races: what is in the way may hide our own stamp.
fn judge(reasons: &[Reason], stamp: &AttemptId) -> Came {
    let any = |fault: &Fault| reasons.iter().any(|reason| reason.fault.as_ref() == Some(fault));
    if reasons.iter().filter_map(|reason| reason.old.as_ref()).any(|old| is_ours(old, stamp)) {
        return Came::Applied;
    }
    if any(&Fault::Conflict) {
        return Came::InTheWay;
    }
    if any(&Fault::Condition) {
        return Came::Lost;
    }
    if any(&Fault::Throttled) {
        return Came::InTheWay;
    }
    let other = |reason: &Reason| match &reason.fault {
        Some(Fault::Other(code)) => Some(code.clone()),
        _ => None,
    };
    let codes: Vec<_> = reasons.iter().filter_map(other).collect();
    Came::Away(StoreError::Unavailable(format!("the transaction was cancelled: {}", codes.join(", "))))
}

/// A head that was moved meanwhile, which comes last, is only in the way; nor does its stamp say anything: one run may
/// change several things, each on record.
fn judge_on_record(reasons: &[Reason], stamp: &AttemptId) -> Came {
    let Some((head, others)) = reasons.split_last() else { return judge(reasons, stamp) };
    let are_whole = others.iter().all(|reason| reason.fault.is_none());
    if head.fault == Some(Fault::Condition) && are_whole {
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
    use crate::item::text;

    fn reason(fault: Option<Fault>, written_by: Option<&str>) -> Reason {
        Reason { fault, old: written_by.map(|stamp| Item::from([("written_by".into(), text(stamp))])) }
    }

    const FAILED: Option<Fault> = Some(Fault::Condition);
    const CONFLICT: Option<Fault> = Some(Fault::Conflict);

    #[test]
    fn why_a_transaction_was_cancelled_says_what_to_do() {
        let check = |reasons: &[Reason]| judge(reasons, &AttemptId::new("mine"));
        assert_eq!(check(&[reason(None, None), reason(FAILED, Some("mine"))]), Came::Applied);
        assert_eq!(check(&[reason(FAILED, Some("other")), reason(None, None)]), Came::Lost);
        assert_eq!(check(&[reason(FAILED, None)]), Came::Lost);
        assert_eq!(check(&[reason(FAILED, Some("other")), reason(CONFLICT, None)]), Came::InTheWay);
        assert_eq!(check(&[reason(Some(Fault::Throttled), None)]), Came::InTheWay);
        let other = Some(Fault::Other("ValidationError".to_owned()));
        let told = StoreError::Unavailable("the transaction was cancelled: ValidationError".to_owned());
        assert_eq!(check(&[reason(other, None)]), Came::Away(told));
    }

    #[test]
    fn a_head_that_was_moved_is_in_the_way_and_no_lost_race() {
        let check = |reasons: &[Reason]| judge_on_record(reasons, &AttemptId::new("mine"));
        assert_eq!(check(&[reason(None, None), reason(FAILED, Some("other"))]), Came::InTheWay);
        let again = [reason(None, None), reason(FAILED, Some("mine"))];
        assert_eq!(check(&again), Came::InTheWay, "another change of ours");
        assert_eq!(check(&[reason(FAILED, Some("other")), reason(FAILED, Some("mine"))]), Came::Lost);
        assert_eq!(check(&[reason(FAILED, Some("mine")), reason(FAILED, Some("other"))]), Came::Applied);
        assert_eq!(check(&[reason(None, None), reason(CONFLICT, None)]), Came::InTheWay);
        assert_eq!(check(&[]), Came::Away(StoreError::Unavailable("the transaction was cancelled: ".to_owned())));
    }

    fn write(account: usize) -> Write {
        Write::update(Key::new(Table::Trading, format!("ACC#{account}"), "A"))
    }

    #[test]
    fn what_the_service_would_refuse_is_not_sent() {
        let most = limits::TRANSACTION_ACTIONS_MAX;
        assert!(check(&(0..most).map(write).collect::<Vec<_>>()).is_ok());
        assert!(check(&(0..=most).map(write).collect::<Vec<_>>()).is_err());
        assert!(check(&[write(1), write(2), write(1)]).is_err());
    }
}
