//! Bringing series up to date.

use super::{FetchCandles, Hand, Told, Unfetched};
use crate::ports::{ListCandles, SeriesMark};
use domain::clock::Millis;
use domain::limits::{
    CANDLES_ASKED_AGAIN, CANDLES_LOOKED_AT_AGAIN, CANDLES_PER_PAGE, LIST_TIMEOUT, PAGES_PER_RUN,
    SERIES_BEGIN_WITH_LEAST, VENUE_FAILURES_MAX,
};
use domain::market::{Candle, CandleSpan, Interval};
use domain::series::{Heard, KeptCandle, Series, aggregate};

/// What a run has done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Series that are up to date.
    pub series: u32,
    /// Candles that were kept, holes that were mended with them, and candles that said something else than before.
    pub candles: u32,
    pub mended: u32,
    pub corrected: u32,
    /// How long after its end the newest candle of a series was kept, at the longest.
    pub age_max: Millis,
    pub failed: Vec<(Series, Unfetched)>,
    /// Series for which there was no time, or whose venue had failed again and again.
    pub left: u32,
}

/// Fetches what has closed of these series, one after another, as long as this says that there is time for a call that takes so long.
pub async fn fetch<D: FetchCandles, V: ListCandles>(
    deps: &D,
    venue: &V,
    series: &[Series],
    holes: bool,
    has_time: impl Fn(Millis) -> bool,
) -> Fetched {
    let (mut fetched, mut in_a_row) = (Fetched::default(), 0_u32);
    for one in series {
        if in_a_row >= VENUE_FAILURES_MAX || !has_time(LIST_TIMEOUT) {
            fetched.left = fetched.left.saturating_add(1);
            continue;
        }
        match fetch_one(deps, venue, one, holes, &has_time, &mut fetched).await {
            Ok(()) => (fetched.series, in_a_row) = (fetched.series.saturating_add(1), 0),
            Err(error) => {
                in_a_row = if matches!(error, Unfetched::Venue(_)) { in_a_row.saturating_add(1) } else { 0 };
                fetched.failed.push((one.clone(), error));
            }
        }
    }
    fetched
}

async fn fetch_one<D: FetchCandles, V: ListCandles>(
    deps: &D,
    venue: &V,
    series: &Series,
    holes: bool,
    has_time: &impl Fn(Millis) -> bool,
    fetched: &mut Fetched,
) -> Result<(), Unfetched> {
    let (newest, now) = (deps.newest_candles(series).await?, deps.now());
    let mut heard = Heard { newest: newest.last().map(KeptCandle::opens_at), asked_to: None };
    let again = if holes { CANDLES_LOOKED_AT_AGAIN } else { CANDLES_ASKED_AGAIN };
    let next = heard.next(series.interval, again, now);
    // What is remembered of a series matters where more than one candle is missing.
    let is_behind = next.is_some_and(|span| span.count() > again.saturating_add(1));
    if next.is_none() && !holes {
        return Ok(());
    }
    let mark = if is_behind || holes { deps.series_mark(series).await? } else { SeriesMark::default() };
    let market = deps.load_market(&series.market).await?.ok_or(Unfetched::UnknownMarket)?;
    let hand = Hand { deps, venue, market: &market, series };
    heard.asked_to = mark.asked_to;
    if let Some(span) = heard.next(series.interval, again, now) {
        // Nothing before a series' beginning: it would be no part of it.
        let first = newest.first().map_or(span.first(), |first| first.opens_at().max(span.first()));
        let span = CandleSpan::between(series.interval, first, span.end());
        heard = hand.catch_up(heard, &span, &newest, &mark, has_time, fetched).await?;
    }
    if holes { hand.mend(&mark, heard, has_time, fetched).await } else { Ok(()) }
}

impl<D: FetchCandles, V: ListCandles> Hand<'_, D, V> {
    /// Asks for a span page by page, and keeps what is told of each before the next is asked for.
    async fn catch_up(
        &self,
        mut heard: Heard,
        span: &CandleSpan,
        known: &[KeptCandle],
        mark: &SeriesMark,
        has_time: &impl Fn(Millis) -> bool,
        fetched: &mut Fetched,
    ) -> Result<Heard, Unfetched> {
        let interval = self.series.interval;
        for page in span.pages(CANDLES_PER_PAGE).take(PAGES_PER_RUN) {
            if !has_time(LIST_TIMEOUT) {
                break;
            }
            let (told, kept) = self.page(&page, known).await?;
            fetched.count(told);
            if let Some(last) = kept.last() {
                heard.newest = heard.newest.max(Some(last.opens_at()));
                fetched.age_max = fetched.age_max.max(last.age());
            }
            if let Some(silent_to) = heard.silent_to(interval, page.end()) {
                heard.asked_to = Some(silent_to);
                self.deps.keep_series_mark(self.series, &SeriesMark { asked_to: heard.asked_to, ..*mark }).await?;
            }
        }
        Ok(heard)
    }

    /// What is told of a page; where such candles are not told, the last of them, and what shorter ones make of it.
    async fn page(&self, page: &CandleSpan, known: &[KeptCandle]) -> Result<(Told, Vec<KeptCandle>), Unfetched> {
        let not_told = match self.ask(page, known).await {
            Err(Unfetched::NotTold(why)) => why,
            other => return other,
        };
        let interval = self.series.interval;
        let newest = interval.told_to(self.deps.now()).minus(interval.times(SERIES_BEGIN_WITH_LEAST));
        if page.end() <= newest {
            return Ok((Told::default(), Vec::new()));
        }
        if page.first() < newest {
            match self.ask(&CandleSpan::between(interval, newest, page.end()), known).await {
                Err(Unfetched::NotTold(_)) => {}
                other => return other,
            }
        }
        let made = self.made_of_shorter(page).await?;
        if made.is_empty() { Err(Unfetched::NotTold(not_told)) } else { Ok(self.keep(&made, known).await?) }
    }

    async fn made_of_shorter(&self, page: &CandleSpan) -> Result<Vec<Candle>, Unfetched> {
        let shorter = Interval::ALL.into_iter().rev().filter(|shorter| *shorter < self.series.interval);
        for interval in shorter {
            let series = Series { market: self.series.market.clone(), interval };
            let kept = self.deps.read_candles(&series, &page.in_shorter(interval)).await?;
            if !kept.is_empty() {
                let parts: Vec<_> = kept.iter().map(|kept| kept.candle).collect();
                let settled_to = self.deps.series_mark(&series).await?.settled_to;
                return Ok(aggregate(page, interval, &parts, settled_to)?);
            }
        }
        Ok(Vec::new())
    }
}

impl Fetched {
    fn count(&mut self, told: Told) {
        self.candles = self.candles.saturating_add(told.new);
        self.corrected = self.corrected.saturating_add(told.corrected);
    }
}
