//! Candles of a time long past, fetched because somebody asked for them.
//!
//! They are asked for from the newest back, and kept so: wherever it ends, nothing is missing between what it has kept and what was there
//! before.

use super::Series;
use crate::clock::Timestamp;
use crate::ids::{BackfillId, UserId};
use crate::limits::{BACKFILL_FAILURES_MAX, CANDLES_PER_PAGE};
use crate::market::CandleSpan;
use crate::words::words;

/// One of them. It begins as `Running`, with `reached` at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfill {
    pub id: BackfillId,
    pub by: UserId,
    pub version: u64,
    pub series: Series,
    pub since: Timestamp,
    pub until: Timestamp,
    /// All from here to its end was asked for.
    pub reached: Timestamp,
    /// Candles that were new, and those that said something else than before.
    pub candles: u32,
    pub corrected: u32,
    pub state: BackfillState,
    /// Failures since it last went on.
    pub failures: u32,
    /// What the last failure was, or why it ended before its beginning.
    pub detail: Option<String>,
    pub created_at: Timestamp,
    /// When it last went on, or failed.
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackfillState {
    Running,
    /// Down to its beginning, or as far back as its venue tells.
    Done,
    Cancelled,
    /// Its venue failed again and again.
    Failed,
}

impl Backfill {
    pub fn is_running(&self) -> bool {
        self.state == BackfillState::Running
    }

    /// The time that it asks for.
    pub fn span(&self) -> CandleSpan {
        CandleSpan::between(self.series.interval, self.since, self.until)
    }

    /// The part that is asked for next; none where all was.
    pub fn next(&self) -> Option<CandleSpan> {
        let interval = self.series.interval;
        let left = CandleSpan::between(interval, self.since, self.reached);
        let first = left.end().minus(interval.times(CANDLES_PER_PAGE)).max(left.first());
        let page = CandleSpan::between(interval, first, left.end());
        (self.is_running() && page.count() > 0).then_some(page)
    }

    /// Parts of a hundred that were asked for; a hundred only once all was.
    pub fn percent(&self) -> u32 {
        let all = u64::from(self.span().count());
        let left = u64::from(CandleSpan::between(self.series.interval, self.since, self.reached).count());
        let asked = all.saturating_sub(left).saturating_mul(100).checked_div(all).unwrap_or(100);
        u32::try_from(asked).unwrap_or(100)
    }

    /// With a part that was asked for, of which so many candles were new and so many corrected.
    #[must_use]
    pub fn having_asked(self, page: &CandleSpan, candles: u32, corrected: u32, now: Timestamp) -> Self {
        let next = Self {
            reached: page.first(),
            candles: self.candles.saturating_add(candles),
            corrected: self.corrected.saturating_add(corrected),
            failures: 0,
            detail: None,
            ..self
        };
        let state = if next.next().is_some() { BackfillState::Running } else { BackfillState::Done };
        next.ended(state, None, now)
    }

    /// Once more in vain.
    #[must_use]
    pub fn having_failed(self, why: String, now: Timestamp) -> Self {
        let failures = self.failures.saturating_add(1);
        let state = if failures < BACKFILL_FAILURES_MAX { BackfillState::Running } else { BackfillState::Failed };
        Self { failures, ..self }.ended(state, Some(why), now)
    }

    /// In another state, and in its next version.
    #[must_use]
    pub fn ended(self, state: BackfillState, detail: Option<String>, now: Timestamp) -> Self {
        let version = self.version.saturating_add(1);
        Self { state, detail, version, updated_at: now, ..self }
    }
}

words! {
    BackfillState { Running = "running", Done = "done", Cancelled = "cancelled", Failed = "failed" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{Interval, MarketKey};

    const FIRST: i64 = 1_699_999_800_000;

    fn minute(number: i64) -> Timestamp {
        Timestamp::from_millis(FIRST + number * 60_000)
    }

    fn backfill(minutes: i64) -> Backfill {
        let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: "BTC/USDT".parse().unwrap() };
        Backfill {
            id: BackfillId::at(minute(0), &["b"]),
            by: UserId::of(&["ann"]),
            version: 1,
            series: Series { market, interval: Interval::OneMinute },
            since: minute(0),
            until: minute(minutes),
            reached: minute(minutes),
            candles: 0,
            corrected: 0,
            state: BackfillState::Running,
            failures: 0,
            detail: None,
            created_at: minute(minutes),
            updated_at: minute(minutes),
        }
    }

    #[test]
    fn it_is_asked_for_from_its_end_back_to_its_beginning() {
        let (mut run, mut asked) = (backfill(2_500), Vec::new());
        while let Some(page) = run.next() {
            asked.push((page.first(), page.count(), run.percent()));
            run = run.having_asked(&page, 7, 1, minute(3_000));
        }
        assert_eq!(asked, [(minute(1_500), 1_000, 0), (minute(500), 1_000, 40), (minute(0), 500, 80)]);
        assert_eq!((run.state, run.percent(), run.candles, run.corrected), (BackfillState::Done, 100, 21, 3));
        assert_eq!((run.version, run.updated_at), (4, minute(3_000)));
    }

    #[test]
    fn it_is_given_up_after_an_hour_of_failures_and_not_before() {
        let failed =
            |times: u32| (0..times).fold(backfill(10), |run, _| run.having_failed("away".to_owned(), minute(20)));
        let last = failed(BACKFILL_FAILURES_MAX - 1);
        assert!(last.is_running() && last.next().is_some() && last.detail.as_deref() == Some("away"));
        let page = last.next().unwrap();
        assert_eq!(last.having_asked(&page, 1, 0, minute(21)).failures, 0);
        let over = failed(BACKFILL_FAILURES_MAX);
        assert_eq!((over.state, over.next()), (BackfillState::Failed, None));
    }
}
