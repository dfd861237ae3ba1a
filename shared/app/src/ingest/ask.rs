//! What a venue tells, or shorter candles make, and keeping it.

use super::{Hand, Unfetched};
use crate::ports::{ListCandles, StoreError};
use domain::clock::Timestamp;
use domain::limits::{CANDLES_PER_ROW, SERIES_BEGIN_WITH_LEAST};
use domain::market::{Candle, CandleSpan, Interval};
use domain::series::{KeptCandle, Series, aggregate, known_to};
use store::Engine;
use store::market::Market;

/// How many candles were new, the newest of them, and how many said something else than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Told {
    pub(super) new: u32,
    pub(super) newest: Option<KeptCandle>,
    pub(super) corrected: u32,
}

/// What is known of a span once it was asked for.
pub(super) struct Answered {
    pub(super) told: Told,
    /// What was kept of it.
    pub(super) kept: Vec<KeptCandle>,
    /// Up to when it is answered.
    pub(super) to: Timestamp,
}

impl Answered {
    fn and(mut self, later: Self) -> Self {
        self.told.new = self.told.new.saturating_add(later.told.new);
        self.told.corrected = self.told.corrected.saturating_add(later.told.corrected);
        self.told.newest = later.told.newest.or(self.told.newest);
        self.kept.extend(later.kept);
        Self { to: later.to, ..self }
    }

    fn nothing(to: Timestamp) -> Self {
        Self { told: Told::default(), kept: Vec::new(), to }
    }
}

impl<D: Engine, V: ListCandles> Hand<'_, D, V> {
    /// What is told of a page; where no venue tells so far back, of the last of it; of what is never told, what shorter ones make of it.
    pub(super) async fn page(
        &self,
        page: &CandleSpan,
        known: &[KeptCandle],
        begun: Option<Timestamp>,
    ) -> Result<Answered, Unfetched> {
        let not_told = match self.ask(page, known).await {
            Err(Unfetched::NotTold(why)) => why,
            other => return other,
        };
        let told_from = self.told_from();
        if self.is_made() {
            let made = self.make(page, known, begun).await?;
            return Ok(made.unwrap_or_else(|| Answered::nothing(page.first())));
        }
        if page.end() <= told_from {
            return Ok(Answered::nothing(page.end()));
        }
        if page.first() < told_from && told_from < page.end() {
            match self.ask(&CandleSpan::between(page.interval(), told_from, page.end()), known).await {
                Err(Unfetched::NotTold(_)) => {}
                other => return other,
            }
        }
        self.make(page, known, begun).await?.ok_or(Unfetched::NotTold(not_told))
    }

    /// What is told of a part once more; of what is told no more, or never was, what shorter ones make of it.
    pub(super) async fn part(
        &self,
        part: &CandleSpan,
        known: &[KeptCandle],
        begun: Timestamp,
    ) -> Result<Answered, Unfetched> {
        match self.ask(part, known).await {
            Err(Unfetched::NotTold(_)) => {}
            other => return other,
        }
        let between = |first, end| CandleSpan::between(part.interval(), first, end);
        let told_from = self.told_from().max(part.first()).min(part.end());
        let made = async |span: &CandleSpan| -> Result<Answered, Unfetched> {
            let made = self.make(span, known, Some(begun)).await?;
            Ok(made.unwrap_or_else(|| Answered::nothing(span.end())))
        };
        if self.is_made() || told_from == part.first() {
            return made(part).await;
        }
        let (old, told) = (made(&between(part.first(), told_from)).await?, between(told_from, part.end()));
        match self.ask(&told, known).await {
            Err(Unfetched::NotTold(_)) => Ok(old.and(made(&told).await?)),
            other => Ok(old.and(other?)),
        }
    }

    /// Asks for a part of the past, and keeps what is told of it from the newest back: wherever this ends, nothing is missing between what
    /// was kept and what is younger. What its venue never tells is made of shorter ones, as far as they are kept.
    pub(super) async fn ask_back(&self, part: &CandleSpan, known: &[KeptCandle]) -> Result<Told, Unfetched> {
        if self.is_made() {
            let made = self.make(part, known, Some(part.first())).await?;
            return Ok(made.map(|made| made.told).unwrap_or_default());
        }
        let candles = self.venue.list_candles(self.market, part).await?;
        let (size, mut all) = (usize::try_from(CANDLES_PER_ROW).unwrap_or(1), Told::default());
        for some in candles.rchunks(size) {
            let (told, _) = self.keep(some, known).await?;
            all.new = all.new.saturating_add(told.new);
            all.corrected = all.corrected.saturating_add(told.corrected);
        }
        Ok(all)
    }

    /// In which candles its venue tells such.
    fn told_in(&self) -> Interval {
        self.venue.told_in(&self.series.market.exchange, self.series.interval)
    }

    /// The series of which it is made, where it is never told.
    pub(super) fn made_of(&self) -> Option<Series> {
        let interval = self.told_in();
        self.is_made().then(|| Series { market: self.series.market.clone(), interval })
    }

    /// Whether its candles are made of shorter ones, and never told.
    fn is_made(&self) -> bool {
        self.told_in() != self.series.interval
    }

    /// Since when every venue tells candles that tells such at all.
    fn told_from(&self) -> Timestamp {
        let interval = self.series.interval;
        interval.told_to(self.deps.now()).minus(interval.times(SERIES_BEGIN_WITH_LEAST))
    }

    /// Asks for a span and keeps what has closed of it and is not `known` as it is told.
    async fn ask(&self, span: &CandleSpan, known: &[KeptCandle]) -> Result<Answered, Unfetched> {
        if self.is_made() {
            return Err(Unfetched::NotTold(format!("of {} they are made", self.told_in())));
        }
        if span.count() == 0 {
            return Ok(Answered::nothing(span.end()));
        }
        let candles = self.venue.list_candles(self.market, span).await?;
        let (told, kept) = self.keep(&candles, known).await?;
        Ok(Answered { told, kept, to: span.end() })
    }

    /// What shorter ones make of a span; none where none are kept of what is told as a rule. Those of a series that is never told are answered as far as it is known
    /// which shorter ones there are: what is behind may still come.
    async fn make(
        &self,
        span: &CandleSpan,
        known: &[KeptCandle],
        begun: Option<Timestamp>,
    ) -> Result<Option<Answered>, Unfetched> {
        let own = self.series.interval;
        let (is_made, told_in) = (self.is_made(), self.told_in());
        // What was told may be older than any that it could be made of.
        let begun = begun.filter(|_| is_made);
        let shorter = |shorter: &Interval| own.is_made_of(*shorter) && (!is_made || *shorter == told_in);
        for interval in Interval::ALL.into_iter().rev().filter(shorter) {
            let series = Series { market: self.series.market.clone(), interval };
            let kept = Market(self.deps).read_candles(&series, &span.in_shorter(interval)).await?;
            if kept.is_empty() && !is_made {
                continue;
            }
            let parts: Vec<_> = kept.iter().map(|kept| kept.candle).collect();
            let settled = Market(self.deps).series_mark(&series).await?.settled();
            let made = aggregate(span, interval, &parts, settled, begun)?;
            let (told, kept) = self.keep(&made, known).await?;
            let known_to = own.opening(known_to(span.first(), span.end(), interval, &parts, settled));
            let to = if is_made { known_to } else { span.end() };
            return Ok(Some(Answered { told, kept, to }));
        }
        Ok(None)
    }

    async fn keep(&self, candles: &[Candle], known: &[KeptCandle]) -> Result<(Told, Vec<KeptCandle>), StoreError> {
        let (mut told, mut other) = (Told::default(), Vec::new());
        let kept_at = self.deps.now();
        let since = self.series.interval.written_since(kept_at);
        for candle in candles.iter().filter(|candle| candle.is_closed && since <= candle.bar.opens_at) {
            let mut kept = KeptCandle { candle: *candle, kept_at };
            match known.iter().find(|known| known.opens_at() == kept.opens_at()) {
                Some(known) if known.candle == *candle => continue,
                Some(known) => {
                    told.corrected = told.corrected.saturating_add(1);
                    // It came when it came first: one that is corrected was not late.
                    kept.kept_at = known.kept_at;
                }
                None => (told.new, told.newest) = (told.new.saturating_add(1), Some(kept)),
            }
            other.push(kept);
        }
        if !other.is_empty() {
            if self.may_be_new(&other, known) {
                Market(self.deps).note_series(self.series).await?;
            }
            Market(self.deps).keep_candles(self.series, &other).await?;
        }
        Ok((told, other))
    }

    /// Whether it is to be said of a series that is packed one day that there are candles of it: before the first of them is kept, and with
    /// each row once more.
    fn may_be_new(&self, candles: &[KeptCandle], known: &[KeptCandle]) -> bool {
        let interval = self.series.interval;
        let row = interval.times(CANDLES_PER_ROW).get();
        let begins_a_row = |kept: &KeptCandle| kept.opens_at().millis().checked_rem_euclid(row) == Some(0);
        interval.is_packed() && (known.is_empty() || candles.len() > 1 || candles.iter().any(begins_a_row))
    }
}
