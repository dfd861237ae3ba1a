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
use domain::market::{Candle, CandleSpan, Interval, MarketKey, ToldCandle};
use domain::money::{Price, Quantity};
use serde_json::json;

/// When it opens, open, high, low, close, volume.
type Row = (i64, Exact<Price>, Exact<Price>, Exact<Price>, Exact<Price>, About);

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
            let told: Option<Vec<ToldCandle>> = rows.iter().map(|row| told(row, counted_in)).collect();
            let unkept = || "what was traded cannot be written in base".to_owned();
            until = said_at.map_or(now, |at| at.min(now));
            let read = told.ok_or_else(unkept).and_then(|told| page.read(told, until).map_err(|bad| bad.to_string()));
            all.extend(read.map_err(|why| {
                self.traffic.failed(site);
                VenueError::Unavailable(why)
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

/// None where what was traded is no base that can be written.
fn told(row: &Row, counted_in: Lot) -> Option<ToldCandle> {
    let (at, open, high, low, close, About(traded)) = row;
    let volume = counted_in.base(Quantity::new(traded.get()).ok()?)?;
    Some(ToldCandle { opens_at: Timestamp::from_millis(*at), prices: [open.0, high.0, low.0, close.0], volume })
}
