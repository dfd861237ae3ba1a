//! Series as people look at them, and who wants them fetched.
//!
//! 1. Whoever looks at a series wants it for an hour: a chart needs no list.
//! 2. What is wanted is bounded, for each person, for all charts together and for all: each series is paid for. What is beyond is refused,
//!    or said not to be fetched.
//! 3. What is kept is shown whether it is fetched at the moment or not.

mod months;
mod state;

pub use months::{AllCandles, Packed, pack_months};
pub use state::{Gap, GapKind, State, state};
use store::Engine;
use store::market::Market;

use crate::ingest::Place;
use crate::ports::{ReadCandles, StoreError, Wanting, Wish};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::limits::{
    CANDLE_TOLD_AFTER, CANDLES_KEPT_MAX, CHART_WANTS_FOR, CHARTS_MAX, CHARTS_PER_USER_MAX, GROWN_KEPT, LIST_WANTS_FOR,
    SERIES_MAX, SERIES_PER_USER_MAX, SILENT_AFTER,
};
use domain::market::{CandleSpan, Interval, MarketKey};
use domain::series::{KeptCandle, Series};
use std::collections::BTreeSet;

/// Which part of a series somebody looks at: so many candles from a time on, up to one, or the newest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pub series: Series,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// How many candles the time is long.
    pub limit: u32,
    /// Over how many candles before them indicators are reckoned.
    pub warm_up: u32,
}

/// What is kept of it, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Candles before those that are looked at.
    pub before: Vec<KeptCandle>,
    pub candles: Vec<KeptCandle>,
    /// Where the next page begins.
    pub next: Option<Timestamp>,
    /// Whether what is seen may still be another: a candle belongs to it, or to those before, that closes now or is missing.
    pub may_change: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    #[error("{0} is not known: markets are listed where somebody has an account, or as the deployment says")]
    UnknownMarket(MarketKey),
    #[error("a list has {SERIES_PER_USER_MAX} series at the most")]
    TooMany,
    #[error(
        "{SERIES_MAX} series are wanted by all together, and no more are fetched: use one of those, or take one off a list"
    )]
    TooManyOfAll,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is kept of the part that is asked for.
///
/// # Errors
/// Where the store cannot be read.
pub async fn look<D: ReadCandles>(deps: &D, wanted: &Wanted, now: Timestamp) -> Result<Seen, StoreError> {
    let seen = look_at(deps, wanted, now).await?;
    if wanted.since.is_none() && seen.candles.is_empty() {
        return newest(deps, wanted, seen, now).await;
    }
    let Some(next) = seen.next.filter(|_| seen.candles.is_empty() && seen.before.is_empty()) else { return Ok(seen) };
    // Whoever asks for a time before all that is kept is not sent through empty pages: the first one begins where there is something.
    match deps.oldest_candle(&wanted.series).await?.filter(|begins| next < *begins) {
        Some(begins) => look_at(deps, &Wanted { since: Some(begins), ..wanted.clone() }, now).await,
        None => Ok(seen),
    }
}

/// The newest that are kept, of a series that nobody wanted for long: it may be fetched again any moment.
async fn newest<D: ReadCandles>(deps: &D, wanted: &Wanted, none: Seen, now: Timestamp) -> Result<Seen, StoreError> {
    let ended = deps.newest_candles(&wanted.series).await?.last().map(|newest| newest.candle.bar.closes_at);
    match ended.filter(|ended| wanted.until.is_none_or(|until| *ended < until)) {
        Some(ended) => {
            let seen = look_at(deps, &Wanted { until: Some(ended), ..wanted.clone() }, now).await?;
            Ok(Seen { may_change: true, ..seen })
        }
        None => Ok(none),
    }
}

async fn look_at<D: ReadCandles>(deps: &D, wanted: &Wanted, now: Timestamp) -> Result<Seen, StoreError> {
    let interval = wanted.series.interval;
    let (page, next) = wanted.page(now);
    let first = page.first().minus(interval.times(wanted.warm_up)).max(Timestamp::from_millis(0));
    let span = CandleSpan::between(interval, first, page.end());
    let kept = deps.read_candles(&wanted.series, &span).await?;
    // Indicators change with what they are reckoned over.
    let is_whole = u32::try_from(kept.len()).is_ok_and(|there| there >= span.count());
    let (before, candles): (Vec<_>, Vec<_>) = kept.into_iter().partition(|kept| kept.opens_at() < page.first());
    let may_change = !is_whole || now.since(page.end()) < SILENT_AFTER;
    Ok(Seen { before, candles, next, may_change })
}

impl Wanted {
    /// The time that is looked at, and where the next one begins.
    fn page(&self, now: Timestamp) -> (CandleSpan, Option<Timestamp>) {
        let interval = self.series.interval;
        let told_to = interval.told_to(now);
        let end = self.until.map_or(told_to, |until| until.min(told_to));
        let since = self.since.unwrap_or_else(|| interval.opening(end).minus(interval.times(self.limit)));
        let all = CandleSpan::between(interval, since.max(Timestamp::from_millis(0)), end);
        let page = all.pages(self.limit).next().unwrap_or(all);
        (page, (page.end() < all.end()).then_some(page.end()))
    }
}

impl Seen {
    /// For how long it need not be read again: until a candle may be told that belongs to it, else for long.
    pub fn good_for(&self, now: Timestamp) -> Millis {
        if !self.may_change {
            return GROWN_KEPT;
        }
        let minute = Interval::OneMinute;
        let next = minute.told_to(now).plus(minute.length()).plus(CANDLE_TOLD_AFTER).since(now);
        next.min(CANDLES_KEPT_MAX).max(Millis::ZERO)
    }
}

/// Has a series fetched for the next hour, since this person has looked at it; whether it is fetched. It is not where their charts, or
/// everybody's, want too many others and nobody wants it otherwise, nor where as many others are wanted as a deployment fetches.
///
/// # Errors
/// `UnknownMarket`, or where the store cannot be asked.
pub async fn note_chart<D: Engine>(
    deps: &D,
    user: &UserId,
    series: &Series,
    now: Timestamp,
) -> Result<bool, SeriesError> {
    known(deps, series).await?;
    let mut wishes = Market(deps).list_wishes().await?;
    wishes.retain(|wish| wish.holds(now));
    let place = Place::of(series, &wishes, now);
    let others = || wishes.iter().filter(|wish| matches!(wish.by, Wanting::Chart(_)) && wish.series != *series);
    let own = others().filter(|wish| wish.by.user() == user).count();
    let all: BTreeSet<_> = others().map(|wish| &wish.series).collect();
    if own >= CHARTS_PER_USER_MAX || all.len() >= CHARTS_MAX || place == Place::Full {
        return Ok(place == Place::Taken);
    }
    let (by, until) = (Wanting::Chart(user.clone()), Some(now.plus(CHART_WANTS_FOR)));
    // Whoever looks once more keeps their place before those who came later.
    let since = wishes.iter().find(|wish| wish.series == *series && wish.by == by).map_or(now, |wish| wish.since);
    Market(deps).keep_wish(&Wish { series: series.clone(), by, since, until }).await?;
    Ok(true)
}

/// What stands on a person's list, in the order of their series. Whoever looks at it goes on wanting it.
///
/// # Errors
/// Where the store cannot be asked.
pub async fn list<D: Engine>(deps: &D, user: &UserId, now: Timestamp) -> Result<Vec<Wish>, SeriesError> {
    let mut own = of_list(Market(deps).list_wishes().await?, user, now);
    for wish in &mut own {
        let until = now.plus(LIST_WANTS_FOR);
        if wish.until.is_some_and(|before| until.since(before) > Millis::DAY) {
            wish.until = Some(until);
            Market(deps).keep_wish(wish).await?;
        }
    }
    Ok(own)
}

/// Puts a series on a person's list.
///
/// # Errors
/// `UnknownMarket`, `TooMany`, `TooManyOfAll`, or where the store cannot be asked.
pub async fn put_on_list<D: Engine>(
    deps: &D,
    user: &UserId,
    series: &Series,
    now: Timestamp,
) -> Result<Wish, SeriesError> {
    known(deps, series).await?;
    let wishes = Market(deps).list_wishes().await?;
    let place = Place::of(series, &wishes, now);
    let own = of_list(wishes, user, now);
    let since = own.iter().find(|wish| wish.series == *series).map(|wish| wish.since);
    if since.is_none() && own.len() >= SERIES_PER_USER_MAX {
        return Err(SeriesError::TooMany);
    }
    if since.is_none() && place == Place::Full {
        return Err(SeriesError::TooManyOfAll);
    }
    let (by, until) = (Wanting::List(user.clone()), Some(now.plus(LIST_WANTS_FOR)));
    let wish = Wish { series: series.clone(), by, since: since.unwrap_or(now), until };
    Market(deps).keep_wish(&wish).await?;
    Ok(wish)
}

/// Takes it off. What does not stand there is success.
///
/// # Errors
/// Where the store cannot be asked.
pub async fn take_off_list<D: Engine>(deps: &D, user: &UserId, series: &Series) -> Result<(), SeriesError> {
    Ok(Market(deps).drop_wish(series, &Wanting::List(user.clone())).await?)
}

fn of_list(wishes: Vec<Wish>, user: &UserId, now: Timestamp) -> Vec<Wish> {
    let by = Wanting::List(user.clone());
    wishes.into_iter().filter(|wish| wish.by == by && wish.holds(now)).collect()
}

/// No name that somebody made up leaves this deployment.
async fn known<D: Engine>(deps: &D, series: &Series) -> Result<(), SeriesError> {
    let market = Market(deps).load_market(&series.market).await?;
    market.map(drop).ok_or_else(|| SeriesError::UnknownMarket(series.market.clone()))
}
