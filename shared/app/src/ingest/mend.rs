//! Looking for holes, and asking for them again.

use super::fetched::Fetched;
use super::{FetchCandles, Hand, Unfetched};
use crate::ports::{ListCandles, SeriesMark};
use domain::clock::{Millis, Timestamp};
use domain::limits::{CANDLES_PER_PAGE, HOLES_LOOKED_FOR_IN, PAGES_PER_RUN, SETTLED_EVERY};
use domain::market::CandleSpan;
use domain::series::{Heard, Hole, KeptCandle, answered_within, holes};

impl<D: FetchCandles, V: ListCandles> Hand<'_, D, V> {
    /// Asks once more for what is missing between the candles that are kept, and remembers up to where all is known.
    pub(super) async fn mend(
        &self,
        mark: &SeriesMark,
        heard: Heard,
        has_time: &impl Fn(Millis) -> bool,
        fetched: &mut Fetched,
    ) -> Result<(), Unfetched> {
        let Some((span, kept)) = self.unsettled(mark, heard).await? else { return Ok(()) };
        let opens = |kept: &[KeptCandle]| kept.iter().map(KeptCandle::opens_at).collect::<Vec<_>>();
        let missing = holes(&span, opens(&kept));
        let mut there = opens(&kept);
        let mut answered_to = span.end();
        for page in span.pages(CANDLES_PER_PAGE).filter_map(|page| torn(&page, &missing)).take(PAGES_PER_RUN) {
            if !has_time(answered_within(&page)) {
                answered_to = answered_to.min(page.first());
                break;
            }
            let answered = self.part(&page, &kept, span.first()).await?;
            fetched.count_mended(answered.told);
            there.extend(opens(&answered.kept));
            if answered.to < page.end() {
                answered_to = answered_to.min(answered.to);
            }
        }
        there.sort_unstable();
        let answered = CandleSpan::between(span.interval(), span.first(), answered_to);
        let next = self.looked(mark, heard, &answered, &holes(&answered, there));
        let is_far = next.settled_to >= Some(span.first().plus(span.interval().times(SETTLED_EVERY)));
        if next != *mark && (is_far || !missing.is_empty()) {
            self.deps.keep_series_mark(self.series, &next).await?;
        }
        Ok(())
    }

    /// What is remembered once these holes were left out again: they are believed after some looks. What was not answered was not looked at.
    fn looked(&self, mark: &SeriesMark, heard: Heard, answered: &CandleSpan, left: &[Hole]) -> SeriesMark {
        let asked_to = mark.asked_to.max(heard.asked_to);
        if answered.count() == 0 {
            return SeriesMark { asked_to, ..*mark };
        }
        let (settled_to, looks) = mark.looks.after(answered, left, self.deps.now());
        SeriesMark { asked_to, settled_to: Some(settled_to), looks }
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
        let kept = self.deps.read_candles(self.series, &span).await?;
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
