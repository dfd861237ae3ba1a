//! Going on with candles that somebody asked for.

use super::ask::Told;
use super::{Hand, Unfetched};
use crate::conflict::retry_on_conflict;
use crate::ports::{ListCandles, Older, SeriesMark, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::ids::BackfillId;
use domain::limits::BACKFILL_SILENT_FOR;
use domain::market::CandleSpan;
use domain::series::{Backfill, BackfillState, Looks, Series, answered_within};
use store::Engine;
use store::market::Market;

/// What a worker has done of one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Backfilled {
    pub pages: u32,
    pub candles: u32,
    /// Why it stands still, where it does.
    pub failed: Option<Unfetched>,
}

/// Goes on with a backfill as long as this says that there is time for a call that takes so long. It may end anywhere, and two of them do
/// the same twice: what was asked for is kept with its candles behind it. Of what has ended it does nothing.
///
/// # Errors
/// Where the store cannot be asked. What a venue has refused is kept with the backfill.
pub async fn backfill<D: Engine, V: ListCandles>(
    deps: &D,
    venue: &V,
    id: &BackfillId,
    has_time: impl Fn(Millis) -> bool,
) -> Result<Backfilled, StoreError> {
    let mut done = Backfilled::default();
    while let Some(running) = Market(deps).load_backfill(id).await? {
        let Some(page) = running.next() else { break };
        if !has_time(answered_within(&page)) {
            break;
        }
        let seen = running.version;
        let (after, candles) = match ask(deps, venue, &running, &page).await {
            Ok((candles, corrected)) => (running.having_asked(&page, candles, corrected, deps.now()), candles),
            Err(Unfetched::NotTold(why)) => (running.ended(BackfillState::Done, Some(why), deps.now()), 0),
            Err(Unfetched::Store(error)) => return Err(error),
            Err(error) => {
                done.failed = Some(error.clone());
                (running.having_failed(error.to_string(), deps.now()), 0)
            }
        };
        // Where somebody has called it off, or another worker was first, it is looked at anew.
        if Market(deps).keep_backfill(&after, seen).await? {
            done.pages = done.pages.saturating_add(1);
            done.candles = done.candles.saturating_add(candles);
        }
        if done.failed.is_some() {
            break;
        }
    }
    Ok(done)
}

/// How many candles of a part were new, and how many said something else than before. What its venue never tells brings what it is made
/// of with it, as far as such are kept.
async fn ask<D: Engine, V: ListCandles>(
    deps: &D,
    venue: &V,
    running: &Backfill,
    page: &CandleSpan,
) -> Result<(u32, u32), Unfetched> {
    let series = &running.series;
    let market = Market(deps).load_market(&series.market).await?.ok_or(Unfetched::UnknownMarket)?;
    let hand = Hand { deps, venue, market: &market, series };
    if let Some(shorter) = hand.made_of() {
        let oldest = shorter.interval.kept_since(deps.now());
        let span = CandleSpan::between(shorter.interval, page.first().max(oldest), page.end());
        if span.count() == 0 {
            let why = format!("they are made of candles of {}, which are not kept for so long", shorter.interval);
            return Err(Unfetched::NotTold(why));
        }
        part(&Hand { series: &shorter, ..hand }, &span, running.until).await?;
    }
    let told = part(&hand, page, running.until).await?;
    Ok((told.new, told.corrected))
}

async fn part<D: Engine, V: ListCandles>(
    hand: &Hand<'_, D, V>,
    span: &CandleSpan,
    until: Timestamp,
) -> Result<Told, Unfetched> {
    let known = Market(hand.deps).read_candles(hand.series, span).await?;
    let told = hand.ask_back(span, &known).await?;
    unsettle(hand.deps, hand.series, span.first(), until).await?;
    Ok(told)
}

/// What was left out of a page is looked for again, as any hole of a series that is fetched. What was settled before stays so: candles that are
/// made of it now would wait for the whole past.
async fn unsettle<D: Engine>(deps: &D, series: &Series, from: Timestamp, until: Timestamp) -> Result<(), StoreError> {
    retry_on_conflict(StoreError::Unavailable(format!("what is remembered of {series} is contended")), || async {
        let mark = Market(deps).series_mark(series).await?;
        // How far back it is looked for already.
        let since = mark.older.map_or(mark.settled_to, |older| Some(older.settled_to));
        if since.is_some_and(|since| since <= from) {
            return Ok(Some(()));
        }
        let (looks, seen) = (Looks::default(), mark.version);
        let to = mark.older.map_or(until, |older| older.to.max(until));
        let next = match mark.settled_to {
            None => SeriesMark { settled_to: Some(from), looks, ..mark },
            Some(_) => SeriesMark { older: Some(Older { settled_to: from, to, looks }), ..mark },
        };
        // Where a fetch has looked for holes meanwhile, what it has settled is read anew.
        Ok(Market(deps).keep_series_mark(series, &next.changed(), seen).await?.then_some(()))
    })
    .await
}

/// Whether nobody goes on with it at the moment: its worker has ended, or there was none yet.
pub(super) fn is_left(backfill: &Backfill, now: Timestamp) -> bool {
    let is_new = backfill.version == 1;
    backfill.is_running() && (is_new || now.since(backfill.updated_at) >= BACKFILL_SILENT_FOR)
}
