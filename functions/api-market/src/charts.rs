//! What a process knows of series that were looked at a while ago: pages that it read, and whether they are fetched.

use crate::Api;
use app::series::{self, AllCandles, Seen, SeriesError, Wanted};
use domain::clock::{Millis, Timestamp};
use domain::ids::UserId;
use domain::limits::CHART_NOTED_FOR;
use domain::series::Series;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Of the longest with what comes before them these are five megabytes.
const PAGES_MAX: usize = 16;
const NOTED_MAX: usize = 1_000;
/// Who is not fetched for asks in vain for so long.
const REFUSED_FOR: Millis = Millis::seconds(60);

/// Clones know the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Charts(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    pages: BTreeMap<Wanted, Until<Arc<Seen>>>,
    /// Whether it is fetched that this person has looked at.
    noted: BTreeMap<(UserId, Series), Until<bool>>,
}

#[derive(Debug, Clone)]
struct Until<T> {
    what: T,
    until: Timestamp,
}

impl Charts {
    /// Where it was read a while ago, and cannot be another yet.
    pub(crate) fn page(&self, wanted: &Wanted, now: Timestamp) -> Option<Arc<Seen>> {
        good(&self.known().pages, wanted, now)
    }

    /// A page on which nothing stands yet is not kept: whoever has it fetched waits for it.
    pub(crate) fn keep_page(&self, wanted: &Wanted, seen: &Arc<Seen>, now: Timestamp) {
        if seen.candles.is_empty() {
            return;
        }
        keep(&mut self.known().pages, wanted.clone(), seen.clone(), now.plus(seen.good_for(now)), PAGES_MAX);
    }

    /// Whether it is fetched, where that was found out a while ago.
    pub(crate) fn noted(&self, user: &UserId, series: &Series, now: Timestamp) -> Option<bool> {
        good(&self.known().noted, &(user.clone(), series.clone()), now)
    }

    pub(crate) fn note(&self, user: &UserId, series: &Series, is_fetched: bool, now: Timestamp) {
        let until = now.plus(if is_fetched { CHART_NOTED_FOR } else { REFUSED_FOR });
        keep(&mut self.known().noted, (user.clone(), series.clone()), is_fetched, until, NOTED_MAX);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Api {
    /// What is kept, and whether it is fetched: whoever looks has it fetched for a while.
    pub(crate) async fn look(
        &self,
        user: &UserId,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<(Arc<Seen>, bool), SeriesError> {
        let seen = self.seen(wanted, now).await?;
        if let Some(is_fetched) = self.charts.noted(user, &wanted.series, now) {
            return Ok((seen, is_fetched));
        }
        match series::note_chart(&self.store, user, &wanted.series, now).await {
            Ok(is_fetched) => {
                self.charts.note(user, &wanted.series, is_fetched, now);
                Ok((seen, is_fetched))
            }
            Err(error) if seen.candles.is_empty() => Err(error),
            Err(error) => {
                tracing::warn!(series = %wanted.series, %error, "nobody was told that a series is looked at");
                Ok((seen, false))
            }
        }
    }

    async fn seen(&self, wanted: &Wanted, now: Timestamp) -> Result<Arc<Seen>, SeriesError> {
        if let Some(seen) = self.charts.page(wanted, now) {
            return Ok(seen);
        }
        let all = AllCandles { deps: &self.store, bucket: &self.objects, now };
        let seen = Arc::new(series::look(&all, wanted, now).await?);
        self.charts.keep_page(wanted, &seen, now);
        Ok(seen)
    }
}

fn good<K: Ord, T: Clone>(kept: &BTreeMap<K, Until<T>>, key: &K, now: Timestamp) -> Option<T> {
    kept.get(key).filter(|kept| now < kept.until).map(|kept| kept.what.clone())
}

/// In the place of whichever is good for the shortest time, where there are too many.
fn keep<K: Ord + Clone, T>(kept: &mut BTreeMap<K, Until<T>>, key: K, what: T, until: Timestamp, most: usize) {
    kept.insert(key, Until { what, until });
    while kept.len() > most {
        let Some(first) = kept.iter().min_by_key(|(_, kept)| kept.until).map(|(key, _)| key.clone()) else { return };
        kept.remove(&first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::market::{Bar, Candle, Interval, MarketKey};
    use domain::series::KeptCandle;

    fn series(symbol: &str) -> Series {
        let market = MarketKey { exchange: "BINANCE".parse().unwrap(), symbol: symbol.parse().unwrap() };
        Series { market, interval: Interval::OneMinute }
    }

    fn wanted(limit: u32) -> Wanted {
        Wanted { series: series("BTC/USDT"), since: None, until: None, limit, warm_up: 0 }
    }

    fn candle() -> KeptCandle {
        let price = "1".parse().unwrap();
        let bar = Bar { opens_at: at(-60), closes_at: at(0), open: price, high: price, low: price, close: price };
        let candle = Candle { bar, volume: "1".parse().unwrap(), is_closed: true };
        KeptCandle { candle, kept_at: at(7) }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_699_999_800_000).plus(Millis::seconds(seconds))
    }

    #[test]
    fn a_page_is_read_again_once_a_candle_may_belong_to_it_and_one_that_stays_after_an_hour() {
        let page = |may_change| Arc::new(Seen { before: Vec::new(), candles: vec![candle()], next: None, may_change });
        let charts = Charts::default();
        charts.keep_page(&wanted(1), &page(true), at(20));
        charts.keep_page(&wanted(2), &page(false), at(20));
        let known = |limit, seconds| charts.page(&wanted(limit), at(seconds)).is_some();
        assert_eq!([known(1, 64), known(1, 65), known(3, 20)], [true, false, false]);
        assert_eq!([known(2, 65), known(2, 3_619), known(2, 3_620)], [true, true, false]);
        for limit in 3..30 {
            charts.keep_page(&wanted(limit), &page(false), at(21));
        }
        assert_eq!([known(1, 21), known(2, 21), known(29, 21)], [false, false, true], "a few are kept");
        let empty = Seen { before: Vec::new(), candles: Vec::new(), next: None, may_change: true };
        charts.keep_page(&wanted(30), &Arc::new(empty), at(21));
        assert!(!known(30, 21), "whoever waits for the first candle has it at once");
    }

    #[test]
    fn who_has_looked_is_known_for_minutes_and_whoever_is_refused_for_one() {
        let (ann, ben) = (UserId::of(&["ann"]), UserId::of(&["ben"]));
        let (charts, btc, eth) = (Charts::default(), series("BTC/USDT"), series("ETH/USDT"));
        charts.note(&ann, &btc, true, at(0));
        charts.note(&ann, &eth, false, at(0));
        assert_eq!([charts.noted(&ann, &btc, at(1_199)), charts.noted(&ann, &btc, at(1_200))], [Some(true), None]);
        assert_eq!([charts.noted(&ann, &eth, at(59)), charts.noted(&ann, &eth, at(60))], [Some(false), None]);
        assert_eq!(charts.noted(&ben, &btc, at(0)), None);
    }
}
