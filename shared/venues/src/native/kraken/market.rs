//! What everybody may know: time, markets, prices.

use super::account::percent;
use super::read::Written;
use super::wire::{Why, seconds};
use super::{Kraken, names};
use crate::native::Site;
use app::ports::{CandlesError, VenueError};
use domain::clock::{Millis, Timestamp};
use domain::market::{
    Book, Candle, CandleSpan, Filters, Interval, Level, Market, MarketKey, MarketKind, Maxima, Stops, Symbol, Told,
    ToldCandle,
};
use domain::money::{Decimal, Price, Quantity};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// Candles of one length that are told, with the one that goes on.
const CANDLES_TOLD: u32 = 720;
/// Minutes of those that it tells.
const MINUTES_TOLD: [i64; 7] = [1, 5, 15, 30, 60, 240, 1_440];
/// The exchange tells whole seconds that have begun: the middle of one is half a second wrong at the most.
const HALF_A_SECOND: Millis = Millis::new(500);
/// Of an account of the lowest tier, in one pair.
const ORDERS_MAX: u32 = 60;
const DEPTH_MAX: u32 = 500;

/// In which candles it tells such as these.
pub(super) fn told_in(interval: Interval) -> Interval {
    interval.longest_of(|one| MINUTES_TOLD.contains(&one.minutes())).unwrap_or(interval)
}

#[derive(Deserialize)]
struct Time {
    unixtime: i64,
}

#[derive(Deserialize)]
struct Pair {
    altname: String,
    wsname: Option<String>,
    pair_decimals: u32,
    lot_decimals: u32,
    tick_size: Option<String>,
    ordermin: Option<String>,
    costmin: Option<String>,
    status: Option<String>,
    /// Volume and percent, lowest volume first.
    fees: Vec<Vec<Written>>,
}

#[derive(Deserialize)]
struct Depth {
    asks: Vec<Vec<Written>>,
    bids: Vec<Vec<Written>>,
}

/// Values of one line of a list, in their places.
type Row = Vec<Written>;

impl Kraken {
    pub(super) async fn their_time(&self, site: &Site) -> Result<Timestamp, VenueError> {
        let told: Time = self.public(site, "Time", &[]).await?;
        Ok(Timestamp::from_millis(told.unixtime.saturating_mul(1_000)).plus(HALF_A_SECOND))
    }

    /// One unknown name fails the whole question: then all markets are read.
    pub(super) async fn pairs(&self, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, VenueError> {
        let named: Vec<String> = symbols.iter().map(names::pair).collect();
        let some = self.pairs_of(site, &named).await;
        let told = match some {
            Err(why) if why.says("EQuery:") && !named.is_empty() => self.pairs_of(site, &[]).await,
            told => told,
        }?;
        let known = told.values().filter_map(Pair::market);
        Ok(known.filter(|market| symbols.is_empty() || symbols.contains(&market.key.symbol)).collect())
    }

    async fn pairs_of(&self, site: &Site, named: &[String]) -> Result<BTreeMap<String, Pair>, Why> {
        let list = named.join(",");
        let query: &[(&str, &str)] = if named.is_empty() { &[] } else { &[("pair", &list)] };
        self.public(site, "AssetPairs", query).await
    }

    /// The last trade.
    pub(super) async fn last(&self, site: &Site, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError> {
        let rows: Vec<Row> = self.of_pair(site, "Trades", market, &[("count", "1")]).await?;
        let trade = |row: &Row| Some((value(row, 0)?, row.get(2)?.moment()?));
        let trades: Option<Vec<(Price, Timestamp)>> = rows.iter().map(trade).collect();
        Ok(trades.ok_or_else(unreadable)?.into_iter().max_by_key(|(_, at)| *at))
    }

    pub(super) async fn depth(&self, site: &Site, market: &MarketKey, depth: u32) -> Result<Book, VenueError> {
        let count = depth.clamp(1, DEPTH_MAX).to_string();
        let told: Depth = self.of_pair(site, "Depth", market, &[("count", &count)]).await?;
        let side = |rows: &[Row]| rows.iter().map(level).collect::<Option<Vec<Level>>>();
        let both = side(&told.bids).zip(side(&told.asks));
        both.map(|(bids, asks)| Book { bids, asks }).ok_or_else(unreadable)
    }

    /// It tells the last 720 alone, whatever is asked for; the last one goes on.
    pub(super) async fn candles_of(
        &self,
        site: &Site,
        market: &MarketKey,
        span: &CandleSpan,
        now: Timestamp,
    ) -> Result<Vec<Candle>, CandlesError> {
        let interval = told_in(span.interval());
        let asked = span.in_shorter(interval);
        let oldest = interval.opening(now).minus(interval.times(CANDLES_TOLD.saturating_sub(1)));
        if span.count() == 0 {
            return Ok(Vec::new());
        }
        if span.first() < oldest {
            let why = format!("KRAKEN tells the last {CANDLES_TOLD} candles of {interval} and none before them");
            return Err(CandlesError::NotTold(why));
        }
        // Those that open later than what is asked for are told.
        let since = seconds(asked.first().minus(interval.length())).to_string();
        let query = [("interval", interval.minutes().to_string()), ("since", since)];
        let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
        let rows: Vec<Row> = self.of_pair(site, "OHLC", market, &query).await?;
        let opens_at: Option<Vec<Timestamp>> = rows.iter().map(|row| row.first()?.moment()).collect();
        let candles = opens_at.ok_or_else(unreadable).and_then(|opens_at| {
            let goes_on = opens_at.last().map(|last| last.plus(interval.length()).minus(Millis::new(1)));
            let until = goes_on.map_or(now, |before_its_end| before_its_end.min(now));
            let told = rows.iter().zip(opens_at).map(|(row, at)| candle(row, at).map_or(Told::None(at), Told::Candle));
            let made = asked.read(told, until).and_then(|told| span.of_shorter(told, until));
            made.map_err(|bad| VenueError::Unavailable(bad.to_string()))
        });
        Ok(candles.inspect_err(|_| self.traffic.failed(site))?)
    }

    /// The one list of an answer that names its pair in its own way, beside the mark where it ends.
    async fn of_pair<T: DeserializeOwned>(
        &self,
        site: &Site,
        method: &str,
        market: &MarketKey,
        more: &[(&str, &str)],
    ) -> Result<T, VenueError> {
        let pair = names::pair(&market.symbol);
        let query: Vec<(&str, &str)> = [("pair", pair.as_str())].into_iter().chain(more.iter().copied()).collect();
        let mut told: BTreeMap<String, Value> = self.public(site, method, &query).await?;
        told.remove("last");
        told.retain(|name, _| names::is_pair(&market.symbol, name));
        let only = told.into_values().next().ok_or_else(unreadable)?;
        serde_json::from_value(only).map_err(|_| unreadable())
    }
}

impl Pair {
    /// None where it cannot be traded, or not by its name.
    fn market(&self) -> Option<Market> {
        let symbol = names::symbol(self.wsname.as_deref()?)?;
        if self.status.as_deref() != Some("online") || self.altname != names::pair(&symbol) {
            return None;
        }
        Some(Market {
            key: MarketKey { exchange: "KRAKEN".parse().ok()?, symbol },
            filters: self.filters()?,
            fee: percent(self.fees.first()?.get(1)?)?,
            kind: MarketKind::Spot,
            can_short: false,
            stops: Stops::Alone,
            orders_max: Some(ORDERS_MAX),
            at_venue: None,
        })
    }

    fn filters(&self) -> Option<Filters> {
        let tick = self.tick_size.as_ref().map_or_else(|| digit(self.pair_decimals), |tick| tick.parse().ok());
        let least = |told: &Option<String>| told.as_ref().map_or(Some(Quantity::ZERO), |least| least.parse().ok());
        Some(Filters {
            price_tick: Price::new(tick?).ok()?,
            quantity_step: Quantity::new(digit(self.lot_decimals)?).ok()?,
            quantity_min: least(&self.ordermin)?,
            notional_min: least(&self.costmin)?,
            // Its list has none.
            most: Maxima::default(),
        })
    }
}

/// One in the last of so many digits after the point.
fn digit(decimals: u32) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(1, decimals).ok()
}

fn value<T: std::str::FromStr>(row: &Row, place: usize) -> Option<T> {
    row.get(place)?.value()
}

fn level(row: &Row) -> Option<Level> {
    Some(Level { price: value(row, 0)?, quantity: value(row, 1)? })
}

/// When it opens, open, high, low, close, average, volume, trades.
fn candle(row: &Row, opens_at: Timestamp) -> Option<ToldCandle> {
    let price = |place: usize| value(row, place);
    let prices = [price(1)?, price(2)?, price(3)?, price(4)?];
    Some(ToldCandle { opens_at, prices, volume: value(row, 6)? })
}

fn unreadable() -> VenueError {
    VenueError::Unavailable("the exchange tells a market in a way that cannot be read".to_owned())
}
