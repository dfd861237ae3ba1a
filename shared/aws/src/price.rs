//! Prices replayed from a recorded series.
//!
//! The series loops for ever on the wall clock: at `t` stands bar `(t − started_at) ÷ bar_ms`, modulo their number.
//! Before `started_at` there is none.

use crate::client::Aws;
use app::ports::{PricePath, ReadPrice, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, Candle, CandleSpan, MarketKey};
use domain::money::Price;
use store::item::to_item;
use store::{Key, Table, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

/// A recorded series and its speed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// When its first bar begins.
    pub started_at: Timestamp,
    /// How long one bar takes.
    pub bar: Millis,
    /// Open, high, low and close of each.
    pub bars: Vec<[Price; 4]>,
}

/// More rounds of a series than these show no price that was not seen already.
const ROUNDS_MAX: i64 = 2;

impl PricePath for Aws {
    async fn bars(&self, market: &MarketKey, from: Timestamp, to: Timestamp) -> Result<Vec<Bar>, StoreError> {
        let replay = self.replay(market).await?;
        Ok(replay.map(|replay| replay.between(from, to)).unwrap_or_default())
    }

    async fn candles(
        &self,
        market: &MarketKey,
        span: &CandleSpan,
        until: Timestamp,
    ) -> Result<Vec<Candle>, StoreError> {
        let replay = self.replay(market).await?;
        Ok(replay.map(|replay| replay.candles(span, until)).unwrap_or_default())
    }
}

impl ReadPrice for Aws {
    async fn read_price(&self, market: &MarketKey, now: Timestamp) -> Result<Option<(Price, Timestamp)>, StoreError> {
        let bar = self.replay(market).await?.and_then(|replay| replay.bar(replay.number_at(now)?));
        let passed = bar.map(|bar| bar.path().into_iter().filter(|(at, _)| *at <= now));
        Ok(passed.and_then(Iterator::last).map(|(at, price)| (price, at)))
    }
}

impl Aws {
    /// Puts a series in the place of whichever was there.
    ///
    /// # Errors
    /// Where the table of markets cannot be written.
    pub async fn write_replay(&self, market: &MarketKey, replay: &Replay) -> Result<(), StoreError> {
        let write = Write::replace(replay_key(market), to_item(&replay.row(market))?);
        self.rows().send(write).await.map(drop)
    }

    async fn replay(&self, market: &MarketKey) -> Result<Option<Replay>, StoreError> {
        let row: Option<stored::Replay> = self.rows().load_settled(&replay_key(market)).await?;
        Ok(row.map(Replay::from))
    }
}

impl Replay {
    /// The bars that overlap the time after `from` up to `to`.
    fn between(&self, from: Timestamp, to: Timestamp) -> Vec<Bar> {
        let Some(last) = self.number_at(to).filter(|_| from < to) else { return Vec::new() };
        let rounds = i64::try_from(self.bars.len()).unwrap_or(i64::MAX).saturating_mul(ROUNDS_MAX);
        let first = self.number_at(from.plus(Millis::new(1))).unwrap_or(0).max(last.saturating_sub(rounds));
        (first..=last).filter_map(|number| self.bar(number)).collect()
    }

    /// Of a candle in which the series is over more often than it shows anything new, its beginning and its last rounds are looked
    /// at: they have its first price, its last one and all between.
    fn candles(&self, span: &CandleSpan, until: Timestamp) -> Vec<Candle> {
        let one = |opens_at: Timestamp| {
            let last = opens_at.plus(span.interval().length()).minus(Millis::new(1)).min(until);
            let first = self.number_at(opens_at).and_then(|number| self.bar(number));
            let begun = first.map_or(opens_at, |first| first.opens_at);
            let rest = self.between(opens_at, last).into_iter().filter(|bar| bar.opens_at > begun);
            let path = first.into_iter().chain(rest).flat_map(|bar| bar.path());
            Candle::of_path(span.interval(), opens_at, path, until)
        };
        span.opens().filter_map(one).collect()
    }

    /// Which bar it is at `at`, counted from the first; none before it.
    fn number_at(&self, at: Timestamp) -> Option<i64> {
        at.since(self.started_at).get().checked_div_euclid(self.bar.get()).filter(|number| *number >= 0)
    }

    fn bar(&self, number: i64) -> Option<Bar> {
        let recorded = number.checked_rem_euclid(i64::try_from(self.bars.len()).ok()?)?;
        let [open, high, low, close] = *self.bars.get(usize::try_from(recorded).ok()?)?;
        let opens_at = self.started_at.plus(Millis::new(number.saturating_mul(self.bar.get())));
        Some(Bar { opens_at, closes_at: opens_at.plus(self.bar), open, high, low, close })
    }

    pub(crate) fn row(&self, market: &MarketKey) -> stored::Replay {
        stored::Replay {
            v: Schema,
            exchange: Text(market.exchange.clone()),
            symbol: Text(market.symbol.clone()),
            started_at: self.started_at.millis(),
            bar_ms: self.bar.get(),
            bars: self.bars.iter().map(|prices| prices.map(Text)).collect(),
        }
    }
}

impl From<stored::Replay> for Replay {
    fn from(row: stored::Replay) -> Self {
        Self {
            started_at: Timestamp::from_millis(row.started_at),
            bar: Millis::new(row.bar_ms),
            bars: row.bars.into_iter().map(|prices| prices.map(|Text(price)| price)).collect(),
        }
    }
}

/// Where the replayed series of a market stands.
pub(crate) fn replay_key(market: &MarketKey) -> Key {
    Key::new(Table::Market, format!("RPL#{}", market.exchange), market.symbol.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::market::Interval;

    /// Two bars of 100 ms from 1,000 on.
    fn replay() -> Replay {
        let bar = |prices: [&str; 4]| prices.map(|price| price.parse().unwrap());
        let bars = vec![bar(["1", "4", "1", "2"]), bar(["2", "5", "2", "3"])];
        Replay { started_at: Timestamp::from_millis(1_000), bar: Millis::new(100), bars }
    }

    fn check(from: i64, to: i64, expected: &[i64]) {
        let bars = replay().between(Timestamp::from_millis(from), Timestamp::from_millis(to));
        let opens: Vec<_> = bars.iter().map(|bar| bar.opens_at.millis()).collect();
        assert_eq!(opens, expected, "{from} to {to}");
        assert!(bars.iter().all(|bar| bar.closes_at.since(bar.opens_at) == Millis::new(100)));
    }

    #[test]
    fn the_bars_of_a_span_are_those_that_overlap_it() {
        check(0, 999, &[]);
        check(0, 1_000, &[1_000]);
        check(1_000, 1_050, &[1_000]);
        check(1_098, 1_099, &[1_000]);
        check(1_099, 1_100, &[1_100]);
        check(1_050, 1_150, &[1_000, 1_100]);
        check(1_050, 1_050, &[]);
    }

    #[test]
    fn the_series_begins_again_when_it_is_over() {
        let bars = replay().between(Timestamp::from_millis(1_250), Timestamp::from_millis(1_350));
        let opens: Vec<_> = bars.iter().map(|bar| bar.open.to_string()).collect();
        assert_eq!(opens, ["1", "2"]);
    }

    /// A series of half a minute, whose bars take a quarter of one: 1, 4, 1, 2 and then 2, 5, 2, 3.
    #[test]
    fn candles_are_made_of_the_prices_of_their_time_however_often_the_series_is_over() {
        let replay = Replay { started_at: Timestamp::from_millis(0), bar: Millis::seconds(15), ..replay() };
        let check = |interval: Interval, now: i64, expected: &[(&str, bool)]| {
            let now = Timestamp::from_millis(now);
            let span = CandleSpan::asked(interval, None, 3, now);
            let candles = replay.candles(&span, now);
            let shown: Vec<_> = candles
                .iter()
                .map(|Candle { bar, is_closed, .. }| {
                    ([bar.open, bar.high, bar.low, bar.close].map(|price| price.to_string()).join(" "), *is_closed)
                })
                .collect();
            let expected: Vec<_> = expected.iter().map(|(prices, closed)| ((*prices).to_owned(), *closed)).collect();
            assert_eq!(shown, expected, "{interval} {now:?}");
        };
        check(Interval::OneMinute, 120_000, &[("1 5 1 3", true), ("1 5 1 3", true), ("1 1 1 1", false)]);
        check(Interval::OneMinute, 131_000, &[("1 5 1 3", true), ("1 5 1 3", true), ("1 4 1 4", false)]);
        check(Interval::OneDay, 86_400_000 * 2, &[("1 5 1 3", true), ("1 5 1 3", true), ("1 1 1 1", false)]);
        check(Interval::OneHour, 10_000, &[("1 4 1 4", false)]);
    }

    #[test]
    fn after_a_long_time_the_last_rounds_are_enough() {
        check(1_000, 1_000_050, &[999_600, 999_700, 999_800, 999_900, 1_000_000]);
    }
}
