//! Series as people look at them, and who wants them fetched.
//!
//! 1. Whoever looks at a series wants it for an hour: a chart needs no list.
//! 2. What is wanted is bounded, for each person and for all charts together: each series is paid for.

use crate::ports::{KeepWish, ListWishes, LoadMarket, ReadCandles, StoreError, Wanting, Wish};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::limits::{CHART_WANTS_FOR, CHARTS_MAX, INDICATORS_OVER, LIST_WANTS_FOR, SERIES_PER_USER_MAX};
use domain::market::{CandleSpan, MarketKey};
use domain::series::{KeptCandle, Series};

/// Which part of a series somebody looks at: so many candles from a time on, up to one, or the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub series: Series,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// How many candles the time is long.
    pub limit: u32,
}

/// What is kept of it, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Candles before those that are looked at, over which indicators are reckoned.
    pub before: Vec<KeptCandle>,
    pub candles: Vec<KeptCandle>,
    /// Where the next page begins.
    pub next: Option<Timestamp>,
    /// Whether what is seen may still change: a candle that closes now belongs to it.
    pub grows: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    #[error("{0} is not known: markets are listed where somebody has an account")]
    UnknownMarket(MarketKey),
    #[error("a list has {SERIES_PER_USER_MAX} series at the most")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is kept of the part that is asked for.
///
/// # Errors
/// Where the store cannot be read.
pub async fn look<D: ReadCandles>(deps: &D, wanted: &Wanted, now: Timestamp) -> Result<Seen, StoreError> {
    let interval = wanted.series.interval;
    let told_to = interval.told_to(now);
    let end = wanted.until.map_or(told_to, |until| until.min(told_to));
    let since = wanted.since.unwrap_or_else(|| interval.opening(end).minus(interval.times(wanted.limit)));
    let all = CandleSpan::between(interval, since.max(Timestamp::from_millis(0)), end);
    let page = all.pages(wanted.limit).next().unwrap_or(all);
    let first = page.first().minus(interval.times(INDICATORS_OVER)).max(Timestamp::from_millis(0));
    let kept = deps.read_candles(&wanted.series, &CandleSpan::between(interval, first, page.end())).await?;
    let (before, candles) = kept.into_iter().partition(|kept| kept.opens_at() < page.first());
    Ok(Seen { before, candles, next: (page.end() < all.end()).then_some(page.end()), grows: page.end() >= told_to })
}

/// Has a series fetched for the next hour, since somebody has looked at it. Nothing happens where charts want too many already.
///
/// # Errors
/// `UnknownMarket`, or where the store cannot be asked.
pub async fn note_chart<D: LoadMarket + ListWishes + KeepWish>(
    deps: &D,
    series: &Series,
    now: Timestamp,
) -> Result<(), SeriesError> {
    known(deps, series).await?;
    let wishes = deps.list_wishes().await?;
    let charts = wishes.iter().filter(|wish| wish.by == Wanting::Chart && wish.holds(now));
    let others = charts.filter(|wish| wish.series != *series).count();
    if others < CHARTS_MAX {
        let until = Some(now.plus(CHART_WANTS_FOR));
        deps.keep_wish(&Wish { series: series.clone(), by: Wanting::Chart, since: now, until }).await?;
    }
    Ok(())
}

/// What stands on a person's list, in the order of their series. Whoever looks at it goes on wanting it.
///
/// # Errors
/// Where the store cannot be asked.
pub async fn list<D: ListWishes + KeepWish>(deps: &D, user: &UserId, now: Timestamp) -> Result<Vec<Wish>, SeriesError> {
    let mut own = own(deps, user, now).await?;
    for wish in &mut own {
        let until = now.plus(LIST_WANTS_FOR);
        if wish.until.is_some_and(|before| until.since(before) > Millis::DAY) {
            wish.until = Some(until);
            deps.keep_wish(wish).await?;
        }
    }
    Ok(own)
}

/// Puts a series on a person's list.
///
/// # Errors
/// `UnknownMarket`, `TooMany`, or where the store cannot be asked.
pub async fn put_on_list<D: LoadMarket + ListWishes + KeepWish>(
    deps: &D,
    user: &UserId,
    series: &Series,
    now: Timestamp,
) -> Result<Wish, SeriesError> {
    known(deps, series).await?;
    let own = own(deps, user, now).await?;
    let since = own.iter().find(|wish| wish.series == *series).map(|wish| wish.since);
    if since.is_none() && own.len() >= SERIES_PER_USER_MAX {
        return Err(SeriesError::TooMany);
    }
    let (by, until) = (Wanting::List(user.clone()), Some(now.plus(LIST_WANTS_FOR)));
    let wish = Wish { series: series.clone(), by, since: since.unwrap_or(now), until };
    deps.keep_wish(&wish).await?;
    Ok(wish)
}

/// Takes it off. What does not stand there is success.
///
/// # Errors
/// Where the store cannot be asked.
pub async fn take_off_list<D: KeepWish>(deps: &D, user: &UserId, series: &Series) -> Result<(), SeriesError> {
    Ok(deps.drop_wish(series, &Wanting::List(user.clone())).await?)
}

async fn own<D: ListWishes>(deps: &D, user: &UserId, now: Timestamp) -> Result<Vec<Wish>, StoreError> {
    let by = Wanting::List(user.clone());
    Ok(deps.list_wishes().await?.into_iter().filter(|wish| wish.by == by && wish.holds(now)).collect())
}

/// No name that somebody made up leaves this deployment.
async fn known<D: LoadMarket>(deps: &D, series: &Series) -> Result<(), SeriesError> {
    let market = deps.load_market(&series.market).await?;
    market.map(drop).ok_or_else(|| SeriesError::UnknownMarket(series.market.clone()))
}
