//! Older candles, asked for by a person and fetched by workers.
//!
//! 1. How many go on at once is bounded, for each person and for all: exchanges are asked a long time for each.
//! 2. Whoever asked may call it off; what was kept by then stays.
//! 3. It ends beside what is kept: its end is moved to the oldest candle, so that nothing is missing between.

use crate::conflict::retry_on_conflict;
use crate::ports::{ReadCandles, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::{AttemptId, BackfillId, UserId};
use domain::limits::{BACKFILL_CANDLES_MAX, BACKFILLS_MAX, BACKFILLS_PER_DAY_MAX, BACKFILLS_PER_USER_MAX};
use domain::market::MarketKey;
use domain::series::{Backfill, BackfillState, Series};
use store::Engine;
use store::market::Market;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackfillError {
    #[error("there is no such backfill")]
    NoBackfill,
    #[error("{0} is not known: markets are listed where somebody has an account, or as the deployment says")]
    UnknownMarket(MarketKey),
    #[error("is older than what is kept of its timeframe")]
    TooOld(Timestamp),
    #[error("no candle closes between these two times")]
    Empty,
    #[error("a backfill has at most {BACKFILL_CANDLES_MAX} candles: ask for a shorter time")]
    TooLong,
    #[error("you have {BACKFILLS_PER_USER_MAX} that go on: wait for one, or call one off")]
    TooMany,
    #[error("you have begun {BACKFILLS_PER_DAY_MAX} within a day: come again later")]
    TooManyToday,
    #[error("{BACKFILLS_MAX} of all users go on: come again later")]
    TooManyOfAll,
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub series: Series,
    pub since: Timestamp,
    pub until: Timestamp,
}

/// Keeps that somebody wants it: a worker goes on with it from the next minute on. The same one that goes on already is that one.
///
/// # Errors
/// `UnknownMarket`, `TooOld`, `Empty`, `TooLong`, `TooMany`, `TooManyToday`, `TooManyOfAll`, `Contended`, or where the store cannot be asked.
pub async fn start<D: Engine>(
    deps: &D,
    wanted: Wanted,
    user: &UserId,
    attempt: &AttemptId,
    now: Timestamp,
) -> Result<Backfill, BackfillError> {
    let Wanted { series, since, until } = wanted;
    if Market(deps).load_market(&series.market).await?.is_none() {
        return Err(BackfillError::UnknownMarket(series.market));
    }
    let oldest = series.interval.kept_since(now);
    if since < oldest {
        return Err(BackfillError::TooOld(oldest));
    }
    let begins = deps.oldest_candle(&series).await?;
    let until = until.max(begins.unwrap_or(until)).min(series.interval.told_to(now));
    let backfill = Backfill {
        id: BackfillId::at(now, &[user.as_str(), attempt.as_str()]),
        by: user.clone(),
        version: 1,
        series,
        since,
        until,
        reached: until,
        candles: 0,
        corrected: 0,
        state: BackfillState::Running,
        failures: 0,
        detail: None,
        created_at: now,
        updated_at: now,
    };
    match backfill.span().count() {
        0 => Err(BackfillError::Empty),
        count if count > BACKFILL_CANDLES_MAX => Err(BackfillError::TooLong),
        _ => begin(deps, backfill).await,
    }
}

async fn begin<D: Engine>(deps: &D, backfill: Backfill) -> Result<Backfill, BackfillError> {
    retry_on_conflict(BackfillError::Contended, || async {
        // Before the others are looked at: whoever begins one after that is first.
        let begun = Market(deps).backfills_begun().await?;
        if let Some(same) = beside(&backfill, Market(deps).list_backfills().await?)? {
            return Ok(Some(same));
        }
        Ok(Market(deps).begin_backfill(&backfill, begun).await?.then(|| backfill.clone()))
    })
    .await
}

/// The same one, where it goes on already; none where there is room for another.
fn beside(backfill: &Backfill, all: Vec<Backfill>) -> Result<Option<Backfill>, BackfillError> {
    let is_own = |other: &&Backfill| other.by == backfill.by;
    let is_of_today = |other: &&Backfill| backfill.created_at.since(other.created_at) < Millis::DAY;
    let today = all.iter().filter(is_own).filter(is_of_today).count();
    let running: Vec<_> = all.into_iter().filter(Backfill::is_running).collect();
    let is_same = |other: &&Backfill| other.series == backfill.series && other.since == backfill.since;
    if let Some(same) = running.iter().filter(is_own).find(is_same) {
        return Ok(Some(same.clone()));
    }
    if running.iter().filter(is_own).count() >= BACKFILLS_PER_USER_MAX {
        return Err(BackfillError::TooMany);
    }
    if today >= BACKFILLS_PER_DAY_MAX {
        return Err(BackfillError::TooManyToday);
    }
    if running.len() >= BACKFILLS_MAX {
        return Err(BackfillError::TooManyOfAll);
    }
    Ok(None)
}

/// Somebody's, the newest first.
///
/// # Errors
/// Where the store cannot be asked.
pub async fn list<D: Engine>(deps: &D, user: &UserId) -> Result<Vec<Backfill>, BackfillError> {
    let all = Market(deps).list_backfills().await?;
    Ok(all.into_iter().rev().filter(|backfill| backfill.by == *user).collect())
}

/// One of somebody's.
///
/// # Errors
/// `NoBackfill`, or where the store cannot be asked.
pub async fn find<D: Engine>(deps: &D, user: &UserId, id: &BackfillId) -> Result<Backfill, BackfillError> {
    let found = Market(deps).load_backfill(id).await?.filter(|backfill| backfill.by == *user);
    found.ok_or(BackfillError::NoBackfill)
}

/// Calls one off: what a worker asks for at the moment is its last. One that has ended stays as it ended.
///
/// # Errors
/// `NoBackfill`, or where the store cannot be asked.
pub async fn cancel<D: Engine>(
    deps: &D,
    user: &UserId,
    id: &BackfillId,
    now: Timestamp,
) -> Result<Backfill, BackfillError> {
    retry_on_conflict(BackfillError::Contended, || async {
        let before = find(deps, user, id).await?;
        if !before.is_running() {
            return Ok(Some(before));
        }
        let (seen, after) = (before.version, before.ended(BackfillState::Cancelled, None, now));
        Ok(Market(deps).keep_backfill(&after, seen).await?.then_some(after))
    })
    .await
}
