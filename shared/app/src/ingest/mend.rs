//! Looking for holes, and asking for them again.

use super::fetched::Fetched;
use super::{Hand, Unfetched};
use crate::ports::{ListCandles, Older, SeriesMark};
use domain::clock::{Millis, Timestamp};
use domain::limits::{CANDLES_PER_PAGE, HOLES_LOOKED_FOR_IN, PAGES_PER_RUN, SETTLED_EVERY};
use domain::market::CandleSpan;
use domain::series::{Heard, Hole, KeptCandle, Looks, answered_within, holes};
use store::Engine;
use store::market::Market;

/// What a look at a part has come to.
struct Looked {
    settled_to: Timestamp,
    looks: Looks,
    /// Else what is not kept is soon found again.
    is_to_be_kept: bool,
}

impl<D: Engine, V: ListCandles> Hand<'_, D, V> {
    /// Asks once more for what is missing between the candles that are kept, and remembers up to where all is known: of what is new, and of
    /// what a backfill has brought.
    pub(super) async fn mend(
        &self,
        mark: &SeriesMark,
        heard: Heard,
        has_time: &impl Fn(Millis) -> bool,
        fetched: &mut Fetched,
    ) -> Result<(), Unfetched> {
        let asked_to = mark.asked_to.max(heard.asked_to);
        let mut next = SeriesMark { asked_to, ..mark.clone() };
        let mut is_to_be_kept = false;
        if let Some((span, kept)) = self.unsettled(mark, heard).await?
            && let Some(looked) = self.look_again(&span, &kept, mark.looks, has_time, fetched).await?
        {
            (next.settled_to, next.looks) = (Some(looked.settled_to), looked.looks);
            is_to_be_kept = looked.is_to_be_kept;
        }
        if let Some(older) = &mark.older {
            next.older = self.mend_older(older, has_time, fetched).await?;
            is_to_be_kept |= next.older != mark.older;
        }
        if next != *mark && is_to_be_kept {
            // What a backfill has brought meanwhile is settled by the next look, which settles this anew.
            Market(self.deps).keep_series_mark(self.series, &next.changed(), mark.version).await?;
        }
        Ok(())
    }

    /// What is left of it to be settled.
    async fn mend_older(
        &self,
        older: &Older,
        has_time: &impl Fn(Millis) -> bool,
        fetched: &mut Fetched,
    ) -> Result<Option<Older>, Unfetched> {
        let interval = self.series.interval;
        let from = older.settled_to.max(interval.kept_since(self.deps.now()));
        let to = older.to.min(from.plus(interval.times(HOLES_LOOKED_FOR_IN)));
        let span = CandleSpan::between(interval, from, to);
        if span.count() == 0 {
            return Ok(None);
        }
        let kept = Market(self.deps).read_candles(self.series, &span).await?;
        let looked = self.look_again(&span, &kept, older.looks, has_time, fetched).await?;
        let left =
            looked.map_or(*older, |looked| Older { settled_to: looked.settled_to, looks: looked.looks, ..*older });
        Ok(Some(left).filter(|left| left.settled_to < left.to))
    }

    /// Asks for the holes of a part; none where nothing of it was answered.
    async fn look_again(
        &self,
        span: &CandleSpan,
        kept: &[KeptCandle],
        looks: Looks,
        has_time: &impl Fn(Millis) -> bool,
        fetched: &mut Fetched,
    ) -> Result<Option<Looked>, Unfetched> {
        let opens = |kept: &[KeptCandle]| kept.iter().map(KeptCandle::opens_at).collect::<Vec<_>>();
        let missing = holes(span, opens(kept));
        let mut there = opens(kept);
        let mut answered_to = span.end();
        for page in span.pages(CANDLES_PER_PAGE).filter_map(|page| torn(&page, &missing)).take(PAGES_PER_RUN) {
            if !has_time(answered_within(&page)) {
                answered_to = answered_to.min(page.first());
                break;
            }
            let answered = self.part(&page, kept, span.first()).await?;
            fetched.count_mended(answered.told);
            there.extend(opens(&answered.kept));
            if answered.to < page.end() {
                answered_to = answered_to.min(answered.to);
            }
        }
        there.sort_unstable();
        let answered = CandleSpan::between(span.interval(), span.first(), answered_to);
        if answered.count() == 0 {
            return Ok(None);
        }
        let (settled_to, looks) = looks.after(&answered, &holes(&answered, there), self.deps.now());
        let is_far = settled_to >= span.first().plus(span.interval().times(SETTLED_EVERY));
        Ok(Some(Looked { settled_to, looks, is_to_be_kept: is_far || !missing.is_empty() }))
    }

    /// The time of which it is not known yet whether anything is missing, up to the newest candle, with those that are there.
    async fn unsettled(
        &self,
        mark: &SeriesMark,
        heard: Heard,
    ) -> Result<Option<(CandleSpan, Vec<KeptCandle>)>, Unfetched> {
        let interval = self.series.interval;
        let Some(newest) = heard.newest else { return Ok(None) };
        let end = newest.plus(interval.length());
        let oldest = end.minus(interval.times(HOLES_LOOKED_FOR_IN));
        let from: Timestamp = mark.settled_to.unwrap_or(oldest).max(interval.kept_since(self.deps.now()));
        let to = end.min(from.plus(interval.times(HOLES_LOOKED_FOR_IN)));
        let span = CandleSpan::between(interval, from, to);
        let kept = Market(self.deps).read_candles(self.series, &span).await?;
        // A series begins with its first candle.
        let first = match (mark.settled_to, kept.first()) {
            (None, Some(first)) => first.opens_at(),
            (None, None) => return Ok(None),
            (Some(settled), _) => settled.max(from),
        };
        let span = CandleSpan::between(interval, first, to);
        Ok((span.count() > 0).then_some((span, kept)))
    }
}

/// The part of a page from its first hole to the end of its last one.
fn torn(page: &CandleSpan, missing: &[Hole]) -> Option<CandleSpan> {
    let mut here = missing.iter().filter(|hole| hole.first < page.end() && page.first() < hole.end);
    let first = here.next()?;
    let last = here.next_back().unwrap_or(first);
    Some(CandleSpan::between(page.interval(), first.first.max(page.first()), last.end.min(page.end())))
}
