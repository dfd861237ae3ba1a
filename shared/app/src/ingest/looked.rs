//! How far a series is kept, before anything is asked.

use crate::ports::{ListCandles, SeriesMark, StoreError, Wish};
use domain::clock::{Millis, Timestamp};
use domain::limits::{CANDLES_ASKED_AGAIN, CANDLES_LOOKED_AT_AGAIN, CANDLES_PER_PAGE, SUBMIT_TIMEOUT};
use domain::market::CandleSpan;
use domain::series::{Heard, KeptCandle, Series, answered_within};
use store::Engine;
use store::market::Market;

/// A series that its venue tells, and those that are made of it since their own are not told.
pub(super) struct Together {
    pub(super) told: Series,
    pub(super) made: Vec<Series>,
}

impl Together {
    /// Each series with those that are made of it, in their order. What somebody wants brings what it is made of with it.
    pub(super) fn of<V: ListCandles>(venue: &V, series: &[Series]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for one in series {
            let interval = venue.told_in(&one.market.exchange, one.interval);
            let told = Series { market: one.market.clone(), interval };
            let made = (told != *one).then(|| one.clone());
            match all.iter_mut().find(|together| together.told == told) {
                Some(together) => together.made.extend(made),
                None => all.push(Self { told, made: made.into_iter().collect() }),
            }
        }
        all
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Series> {
        [&self.told].into_iter().chain(&self.made)
    }
}

/// How far a series is kept, and what is asked for.
pub(super) struct Looked {
    pub(super) series: Series,
    /// Candles of the last rows.
    pub(super) newest: Vec<KeptCandle>,
    /// What matters of it where more than one candle is missing, or holes are looked for; else nothing.
    pub(super) mark: SeriesMark,
    pub(super) heard: Heard,
    /// None where nothing has closed that is not kept, and nothing is asked for once more.
    pub(super) span: Option<CandleSpan>,
    /// Whether a candle has closed that is not kept.
    is_due: bool,
}

impl Looked {
    pub(super) async fn at<D: Engine>(deps: &D, series: &Series, holes: bool) -> Result<Self, StoreError> {
        let (newest, now) = (Market(deps).newest_candles(series).await?, deps.now());
        let again = if holes { CANDLES_LOOKED_AT_AGAIN } else { CANDLES_ASKED_AGAIN };
        let next = |heard: &Heard| heard.next(series.interval, again, now);
        let mut heard = Heard { newest: newest.last().map(KeptCandle::opens_at), asked_to: None };
        let is_behind = next(&heard).is_some_and(|span| span.count() > again.saturating_add(1));
        let mark = if is_behind || holes { Market(deps).series_mark(series).await? } else { SeriesMark::default() };
        heard.asked_to = mark.asked_to;
        let mark = if is_behind { begun_anew(deps, series, mark, &mut heard).await? } else { mark };
        let due = next(&heard);
        let once_more = || holes.then(|| heard.again(series.interval, CANDLES_ASKED_AGAIN, now)).flatten();
        // Nothing before a series' beginning: it would be no part of it.
        let begins = |span: CandleSpan| newest.first().map_or(span.first(), |first| first.opens_at().max(span.first()));
        let since_it_begins = |span: CandleSpan| CandleSpan::between(series.interval, begins(span), span.end());
        let span = due.or_else(once_more).map(since_it_begins);
        Ok(Self { series: series.clone(), mark, heard, span, is_due: due.is_some(), newest })
    }

    /// How many candles are asked for.
    pub(super) fn work(&self) -> u32 {
        self.span.map_or(0, |span| span.count())
    }

    /// How long its first answer may be waited for.
    pub(super) fn takes(&self) -> Millis {
        self.span.map_or(SUBMIT_TIMEOUT, |span| answered_within(&span))
    }

    /// How late it is, once what has closed was asked for, and this is how late the newest one was that came. It is not late where it
    /// begins or is known to be silent, nor while it catches up with a long time.
    pub(super) fn age(&self, came: Option<Millis>, now: Timestamp) -> Option<Millis> {
        let closed_at = self.newest.last()?.candle.bar.closes_at;
        let is_silent = self.heard.asked_to > Some(closed_at);
        let late = || (!is_silent).then(|| now.since(closed_at));
        let age = came.map_or_else(late, |age| (self.work() <= CANDLES_PER_PAGE).then_some(age));
        age.filter(|_| self.is_due)
    }
}

/// What is to be remembered of a series that was left alone for so long that its newest candles come first. It is remembered before any of
/// them is kept. A run of a bot that began before them hears those between as well, each in its turn: then it catches up from the oldest on.
async fn begun_anew<D: Engine>(
    deps: &D,
    series: &Series,
    mark: SeriesMark,
    heard: &mut Heard,
) -> Result<SeriesMark, StoreError> {
    let now = deps.now();
    let Some((newest, from)) = heard.newest.zip(heard.begins_anew(series.interval, now)) else { return Ok(mark) };
    let hears = |wish: &Wish| wish.by.is_told() && wish.series.market == series.market && wish.since < from;
    if Market(deps).list_wishes().await?.iter().any(|wish| hears(wish) && wish.holds(now)) {
        return Ok(mark);
    }
    let known = heard.asked_to.max(Some(newest.plus(series.interval.length()))).unwrap_or(from);
    let seen = mark.version;
    let mark = mark.anew(known, from);
    if !Market(deps).keep_series_mark(series, &mark, seen).await? {
        return Err(StoreError::Unavailable(format!("what is remembered of {series} is contended")));
    }
    heard.asked_to = mark.asked_to;
    Ok(mark)
}
