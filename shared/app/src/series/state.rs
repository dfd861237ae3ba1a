//! What is missing of a series, and how late its candles come.

use super::{SeriesError, Wanted, known};
use crate::ingest::Place;
use crate::ports::{Failing, ReadCandles, SeriesMark};
use domain::clock::Timestamp;
use domain::market::CandleSpan;
use domain::series::{Freshness, Hole, KeptCandle, caught_up, freshness, holes};
use store::Engine;
use store::market::Market;

/// Of one part of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// When the oldest candle opens that is kept, and the newest one; of the whole series.
    pub oldest: Option<Timestamp>,
    pub newest: Option<Timestamp>,
    /// Whether somebody wants it, and it is among the series that a deployment has room for.
    pub is_fetched: bool,
    /// The part that is looked at, and how many candles of it are kept.
    pub page: CandleSpan,
    pub kept: u32,
    pub gaps: Vec<Gap>,
    pub freshness: Option<Freshness>,
    /// Candles that are none of those.
    pub caught_up: u32,
    /// That it is fetched, and asked for in vain.
    pub failing: Option<Failing>,
    /// Where the next part begins.
    pub next: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub hole: Hole,
    pub kind: GapKind,
}

/// Why candles are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapKind {
    /// Before the first one that is kept: never fetched, or gone by now.
    Before,
    /// The exchange, asked again and again, has left them out: nobody traded.
    Silent,
    /// They are asked for again as long as the series is fetched.
    Open,
}

impl State {
    /// How many candles are in gaps of this kind.
    pub fn missing(&self, kind: GapKind) -> u32 {
        let of = self.gaps.iter().filter(|gap| gap.kind == kind);
        of.map(|gap| gap.hole.span(self.page.interval()).count()).fold(0, u32::saturating_add)
    }
}

/// How it stands about the part that is asked for. Nobody wants a series because of this.
///
/// # Errors
/// `UnknownMarket` where nothing is kept of it either, or where the store cannot be read.
pub async fn state<D: Engine>(deps: &D, wanted: &Wanted, now: Timestamp) -> Result<State, SeriesError> {
    let series = &wanted.series;
    let (page, next) = wanted.page(now);
    let oldest = deps.oldest_candle(series).await?;
    if oldest.is_none() {
        // What was kept of a market stays to be seen once it is listed no more.
        known(deps, series).await?;
    }
    let newest = deps.newest_candles(series).await?.last().map(KeptCandle::opens_at);
    let kept = deps.read_candles(series, &page).await?;
    let mark = Market(deps).series_mark(series).await?;
    let is_fetched = Place::of(series, &Market(deps).list_wishes().await?, now) == Place::Taken;
    Ok(State {
        oldest,
        newest,
        is_fetched,
        page,
        kept: u32::try_from(kept.len()).unwrap_or(u32::MAX),
        gaps: gaps(&page, &kept, oldest, &mark),
        freshness: freshness(&kept),
        caught_up: caught_up(&kept),
        failing: mark.failing.filter(|_| is_fetched),
        next,
    })
}

fn gaps(page: &CandleSpan, kept: &[KeptCandle], oldest: Option<Timestamp>, mark: &SeriesMark) -> Vec<Gap> {
    let begins = oldest.unwrap_or(page.end()).clamp(page.first(), page.end());
    let before = CandleSpan::between(page.interval(), page.first(), begins);
    let since = CandleSpan::between(page.interval(), begins, page.end());
    let is_open = |hole: &Hole| mark.settled().open_in(hole).is_some();
    let kind = |hole: &Hole| if is_open(hole) { GapKind::Open } else { GapKind::Silent };
    let of_before = holes(&before, []).into_iter().map(|hole| Gap { hole, kind: GapKind::Before });
    let later = holes(&since, kept.iter().map(KeptCandle::opens_at)).into_iter();
    of_before.chain(later.map(|hole| Gap { kind: kind(&hole), hole })).collect()
}
