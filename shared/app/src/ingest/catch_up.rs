//! Asking for what has closed.

use super::fetched::Fetched;
use super::looked::Looked;
use super::{Hand, Unfetched};
use crate::ports::{ListCandles, SeriesMark};
use domain::clock::{Millis, Timestamp};
use domain::limits::{CANDLES_PER_PAGE, PAGES_PER_RUN};
use domain::series::{Heard, KeptCandle, Looks, answered_within};
use store::Engine;
use store::market::Market;

impl<D: Engine, V: ListCandles> Hand<'_, D, V> {
    /// Asks for what has closed page by page, and keeps what is told of each before the next is asked for. Says how late the newest one
    /// `came`.
    pub(super) async fn catch_up(
        &self,
        looked: &Looked,
        has_time: &impl Fn(Millis) -> bool,
        fetched: &mut Fetched,
        came: &mut Option<Millis>,
    ) -> Result<Heard, Unfetched> {
        let (interval, mut heard) = (self.series.interval, looked.heard);
        let begun = looked.newest.first().map(KeptCandle::opens_at);
        let Some(span) = &looked.span else { return Ok(heard) };
        let mut answered_to = span.first();
        for page in span.pages(CANDLES_PER_PAGE).take(PAGES_PER_RUN) {
            if !has_time(answered_within(&page)) {
                return Ok(heard);
            }
            let answered = self.page(&page, &looked.newest, begun).await?;
            fetched.count(answered.told);
            answered_to = answered.to;
            if let Some(newest) = answered.told.newest {
                heard.newest = heard.newest.max(Some(newest.opens_at()));
                *came = Some(newest.age());
            }
            if let Some(silent_to) = heard.silent_to(interval, answered.to, 0) {
                heard.asked_to = Some(silent_to);
                let mark = SeriesMark { asked_to: heard.asked_to, ..looked.mark.clone() };
                Market(self.deps).keep_series_mark(self.series, &mark, mark.version).await?;
            }
        }
        let has_nothing = heard == Heard::default() && answered_to == span.end();
        if has_nothing { self.nothing_yet(answered_to, &looked.mark).await } else { Ok(heard) }
    }

    /// Of a series that has not begun nothing was told, up to then.
    async fn nothing_yet(&self, answered_to: Timestamp, mark: &SeriesMark) -> Result<Heard, Unfetched> {
        let count = mark.looks.count.saturating_add(1);
        let asked_to = Heard::default().silent_to(self.series.interval, answered_to, count);
        let looks = if asked_to.is_none() { Looks { count, to: None } } else { Looks::default() };
        Market(self.deps)
            .keep_series_mark(self.series, &SeriesMark { asked_to, looks, ..mark.clone() }, mark.version)
            .await?;
        Ok(Heard { asked_to, newest: None })
    }
}
