//! Their owner looks at them.

use super::{BacktestError, GIVEN_UP};
use app::conflict::retry_on_conflict;
use app::ports::{BeginBacktest, Objects, ResultPart, StoreError};
use domain::backtests::{Backtest, BacktestState};
use domain::clock::Timestamp;
use domain::ids::{BacktestId, UserId};
use domain::limits::{BACKTEST_PACKED_BYTES_MAX, BACKTEST_TOLD_BYTES_MAX, BACKTESTS_COMPARED_MAX};
use std::collections::BTreeSet;
use store::Engine;
use store::market::Market;
use store::objects::Results;
use wire::backtest::{Step, Work, unpack_at_most};

/// Somebody's, the newest first.
///
/// # Errors
/// Where the store cannot be asked.
pub async fn list<D: Engine>(deps: &D, user: &UserId) -> Result<Vec<Backtest>, BacktestError> {
    Ok(Market(deps).list_backtests(user).await?.into_iter().rev().collect())
}

/// One of somebody's.
///
/// # Errors
/// `NoBacktest`, or where the store cannot be asked.
pub async fn find<D: Engine>(deps: &D, user: &UserId, id: &BacktestId) -> Result<Backtest, BacktestError> {
    Market(deps).load_backtest(user, id).await?.ok_or(BacktestError::NoBacktest)
}

/// What was asked for, as JSON; none where it is no longer kept.
///
/// # Errors
/// Where the store cannot be asked.
pub async fn asked<D: Engine>(deps: &D, user: &UserId, id: &BacktestId) -> Result<Option<String>, BacktestError> {
    Ok(Market(deps).backtest_asked(user, id).await?)
}

/// The same; where nothing was heard of its worker for long, another one is begun. Of many who look at once one begins it. One that has gone
/// on for too long ends here.
///
/// # Errors
/// `NoBacktest`, or where the store cannot be asked.
pub async fn look<D: Engine, B: BeginBacktest>(
    (deps, workers): (&D, &B),
    user: &UserId,
    id: &BacktestId,
    trace: &str,
    now: Timestamp,
) -> Result<(Backtest, Result<(), StoreError>), BacktestError> {
    let found = find(deps, user, id).await?;
    if found.is_given_up(now) {
        let (seen, after) = (found.version, found.failed(GIVEN_UP.to_owned(), now));
        let ended = if Market(deps).keep_backtest(&after, seen).await? { after } else { find(deps, user, id).await? };
        return Ok((ended, Ok(())));
    }
    if !found.is_silent(now) {
        return Ok((found, Ok(())));
    }
    let (seen, again) = (found.version, found.begun_again(now));
    if !Market(deps).keep_backtest(&again, seen).await? {
        return Ok((find(deps, user, id).await?, Ok(())));
    }
    let work = Work::new(Step::Begin, user.clone(), id.clone(), trace.to_owned());
    Ok((again, workers.begin_backtest(&work, now).await))
}

/// Calls one off: its workers hear it before their next part. One that has ended stays as it ended.
///
/// # Errors
/// `NoBacktest`, or where the store cannot be asked.
pub async fn cancel<D: Engine>(
    deps: &D,
    user: &UserId,
    id: &BacktestId,
    now: Timestamp,
) -> Result<Backtest, BacktestError> {
    retry_on_conflict(BacktestError::Contended, || async {
        let before = find(deps, user, id).await?;
        if before.is_over() {
            return Ok(Some(before));
        }
        let (seen, after) = (before.version, before.cancelled(now));
        Ok(Market(deps).keep_backtest(&after, seen).await?.then_some(after))
    })
    .await
}

/// All that came of one that is done: JSON, to the letter as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole(Vec<u8>);

/// As it is kept.
impl From<Vec<u8>> for Whole {
    fn from(packed: Vec<u8>) -> Self {
        Self(packed)
    }
}

impl Whole {
    /// Compressed by gzip.
    ///
    /// # Errors
    /// `TooLargePacked`.
    pub fn packed(self) -> Result<Vec<u8>, BacktestError> {
        if self.0.len() > BACKTEST_PACKED_BYTES_MAX { Err(BacktestError::TooLargePacked) } else { Ok(self.0) }
    }

    /// # Errors
    /// `TooLarge`, or where it cannot be read.
    pub fn told(&self) -> Result<String, BacktestError> {
        let told = unpack_at_most(&self.0, BACKTEST_TOLD_BYTES_MAX);
        let told = told.map_err(|error| StoreError::Unreadable(format!("a backtest's result: {error}")))?;
        told.ok_or(BacktestError::TooLarge)
    }
}

/// All that came of one that is done.
///
/// # Errors
/// `NoBacktest`, `NotDone`, `Gone`, or where a store cannot be asked.
pub async fn result<D: Engine, R: Objects>(
    (deps, results): (&D, &R),
    user: &UserId,
    id: &BacktestId,
    now: Timestamp,
) -> Result<Whole, BacktestError> {
    done(deps, user, id).await?;
    Results(results).kept(id, ResultPart::Whole, now).await?.map(Whole::from).ok_or(BacktestError::Gone)
}

/// Some of them that are done, in the order in which they are named.
///
/// # Errors
/// `Compared`, `NoBacktest`, `NotDone`, or where the store cannot be asked.
pub async fn compare<D: Engine>(deps: &D, user: &UserId, ids: &[BacktestId]) -> Result<Vec<Backtest>, BacktestError> {
    let each: BTreeSet<_> = ids.iter().collect();
    if each.len() != ids.len() || !(2..=BACKTESTS_COMPARED_MAX).contains(&ids.len()) {
        return Err(BacktestError::Compared);
    }
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(done(deps, user, id).await?);
    }
    Ok(found)
}

async fn done<D: Engine>(deps: &D, user: &UserId, id: &BacktestId) -> Result<Backtest, BacktestError> {
    let found = find(deps, user, id).await?;
    if found.state == BacktestState::Done { Ok(found) } else { Err(BacktestError::NotDone(id.clone())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::backtest::pack;

    #[test]
    fn what_is_too_long_to_be_told_is_told_packed() {
        let longest = "x".repeat(BACKTEST_TOLD_BYTES_MAX);
        let whole = Whole::from(pack(&longest).unwrap());
        assert_eq!(whole.told(), Ok(longest.clone()));
        let longer = Whole::from(pack(&(longest + "x")).unwrap());
        assert_eq!(longer.told(), Err(BacktestError::TooLarge));
        assert!(longer.packed().unwrap().len() < 10_000);
        let packed = vec![0; BACKTEST_PACKED_BYTES_MAX];
        assert_eq!(Whole::from(packed.clone()).packed(), Ok(packed));
        assert_eq!(Whole::from(vec![0; BACKTEST_PACKED_BYTES_MAX + 1]).packed(), Err(BacktestError::TooLargePacked));
        let refused = Whole::from(b"no gzip".to_vec()).told();
        assert!(matches!(refused, Err(BacktestError::Store(StoreError::Unreadable(_)))), "{refused:?}");
    }
}
