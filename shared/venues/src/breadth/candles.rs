//! Candles as the library asks for them and reads them: prices exactly, of what was traded the digits that a double keeps.

use super::asked::Wish;
use super::line::symbol;
use super::lots::Lot;
use super::told::{About, Exact};
use super::{Spoken, cores};
use crate::native::Site;
use app::ports::{CandlesError, VenueError};
use ccxt_base::Value;
use domain::clock::{Millis, Timestamp};
use domain::limits::CANDLES_PER_ANSWER;
use domain::market::{Candle, CandleSpan, Interval, MarketKey, Told, ToldCandle};
use domain::money::{Price, Quantity};
use serde::Deserialize;
use serde_json::json;

/// When it opens, open, high, low, close, volume.
type Row = (i64, Number, Number, Number, Number, Number);
type Number = serde_json::Value;

impl Spoken {
    pub(super) async fn candles_of(
        &self,
        site: &Site,
        market: &MarketKey,
        span: &CandleSpan,
        now: Timestamp,
    ) -> Result<Vec<Candle>, CandlesError> {
        let interval = self.candles_told_in(span.interval());
        if !self.tells_candles_of(interval) {
            return Err(CandlesError::NotTold(self.what_is_told(span.interval())));
        }
        let counted_in = if self.counts_contracts() { self.lot(market).map_err(VenueError::from)? } else { Lot::COINS };
        let (mut all, mut until) = (Vec::new(), now);
        for page in span.in_shorter(interval).pages(CANDLES_PER_ANSWER) {
            let wish = Wish::read("fetch_ohlcv", self.asked_for(market, &page));
            let answer = self.open_at::<Vec<Row>>(site, market, &wish).await;
            let (rows, said_at) = answer.map_err(VenueError::from)?;
            until = said_at.map_or(now, |at| at.min(now));
            let read = page.read(rows.iter().map(|row| told(row, counted_in)), until);
            all.extend(read.map_err(|bad| {
                self.traffic.failed(site);
                VenueError::Unavailable(bad.to_string())
            })?);
        }
        Ok(span.of_shorter(all, until).map_err(|bad| VenueError::Unavailable(bad.to_string()))?)
    }

    /// By its own words where an exchange goes on beyond what the library has it asked for.
    fn asked_for(&self, market: &MarketKey, page: &CandleSpan) -> Vec<Value> {
        let last = page.end().minus(Millis::new(1)).millis();
        let until = self.ways.candles_until.map_or_else(|| json!({}), |word| json!({ word: last }));
        let (since, count) = (Value::Int(page.first().millis()), Value::Int(page.count().into()));
        vec![symbol(market), Value::from(page.interval().as_str()), since, count, Value::from(until)]
    }

    /// Whether what is traded is told in contracts.
    fn counts_contracts(&self) -> bool {
        self.ways.contracts.as_ref().is_some_and(|contracts| contracts.in_candles)
    }

    /// Of the longest that it tells, where it has none of such an interval.
    pub(super) fn candles_told_in(&self, interval: Interval) -> Interval {
        interval.longest_of(|one| self.tells_candles_of(one)).unwrap_or(interval)
    }

    fn tells_candles_of(&self, interval: Interval) -> bool {
        let core = cores::make(self.id, &Value::from(json!({})));
        core.is_some_and(|mut core| {
            core.library().timeframes.as_map().is_some_and(|told| told.contains_key(interval.as_str()))
        })
    }

    fn what_is_told(&self, missing: Interval) -> String {
        let told = Interval::ALL.into_iter().filter(|interval| self.tells_candles_of(*interval));
        let told: Vec<&str> = told.map(Interval::as_str).collect();
        format!("{} tells no candles of {missing}: of ours it has {}", self.exchange, told.join(", "))
    }
}

fn told(row: &Row, counted_in: Lot) -> Told {
    let opens_at = Timestamp::from_millis(row.0);
    candle(row, opens_at, counted_in).map_or(Told::None(opens_at), Told::Candle)
}

/// None where a price may be another than was told, or what was traded is no base that can be written.
fn candle((_, open, high, low, close, traded): &Row, opens_at: Timestamp, counted_in: Lot) -> Option<ToldCandle> {
    let price = |told: &Number| Some(Exact::<Price>::deserialize(told).ok()?.0);
    let About(traded) = About::deserialize(traded).ok()?;
    let volume = counted_in.base(Quantity::new(traded.get()).ok()?)?;
    Some(ToldCandle { opens_at, prices: [price(open)?, price(high)?, price(low)?, price(close)?], volume })
}
