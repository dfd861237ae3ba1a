//! What anybody may ask: time, markets, prices. All of it without a key.

use super::Coinbase;
use super::ask::{read_time, unreadable};
use super::order::product;
use super::read::number;
use crate::native::Site;
use app::ports::VenueError;
use domain::clock::{Millis, Timestamp};
use domain::market::{
    Asset, BadCandles, Book, Candle, CandleSpan, Exchange, Filters, Interval, Level, Market, MarketKey, MarketKind,
    Maxima, Stops, Symbol, Told as ToldOne, ToldCandle,
};
use domain::money::{Price, Quantity, Rate};
use serde::Deserialize;

/// What is charged to whoever trades least, as published.
const TAKER_FEE: &str = "0.012";
const EXCHANGE: &str = "COINBASE";
/// Candles in one answer: of 350 none are told.
const CANDLES_A_QUESTION: u32 = 300;
/// Markets that are asked for by name; more of them are looked for among all.
const NAMED_MAX: usize = 50;

#[derive(Deserialize)]
struct Time {
    #[serde(rename = "epochMillis")]
    millis: Whole,
}

/// A whole number, as a text or as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Whole {
    Number(i64),
    Text(String),
}

#[derive(Deserialize)]
struct Products {
    products: Vec<Product>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Product {
    base_currency_id: String,
    quote_currency_id: String,
    product_type: String,
    status: String,
    price_increment: String,
    quote_increment: String,
    base_increment: String,
    base_min_size: String,
    quote_min_size: String,
    base_max_size: String,
    quote_max_size: String,
    is_disabled: bool,
    trading_disabled: bool,
    cancel_only: bool,
    limit_only: bool,
    post_only: bool,
    auction_mode: bool,
    view_only: bool,
}

#[derive(Deserialize)]
struct Ticker {
    trades: Vec<Last>,
}

#[derive(Deserialize)]
struct Last {
    price: String,
    time: String,
}

#[derive(Deserialize)]
struct Shown {
    pricebook: Pricebook,
}

#[derive(Deserialize)]
struct Pricebook {
    bids: Vec<Offer>,
    asks: Vec<Offer>,
}

#[derive(Deserialize)]
struct Offer {
    price: String,
    size: String,
}

#[derive(Deserialize)]
struct Told {
    /// The newest first.
    candles: Vec<Candlestick>,
}

#[derive(Deserialize)]
struct Candlestick {
    start: String,
    low: String,
    high: String,
    open: String,
    close: String,
    volume: String,
}

impl Coinbase {
    pub(super) async fn server_time(&self, site: &Site) -> Result<Timestamp, VenueError> {
        let time: Time = self.understood(site, &self.ask(site, "/time", &[]).await?)?;
        let millis = match time.millis {
            Whole::Number(millis) => Some(millis),
            Whole::Text(text) => text.parse().ok(),
        };
        millis.map(Timestamp::from_millis).ok_or_else(unreadable)
    }

    pub(super) async fn products(&self, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, VenueError> {
        let names: Vec<String> = symbols.iter().map(product).collect();
        let mut query = vec![("product_type", "SPOT")];
        if names.len() <= NAMED_MAX {
            query.extend(names.iter().map(|name| ("product_ids", name.as_str())));
        }
        let all: Products = self.understood(site, &self.ask(site, "/market/products", &query).await?)?;
        let wanted = |market: &Market| symbols.is_empty() || symbols.contains(&market.key.symbol);
        Ok(all.products.iter().filter(|one| one.trades()).filter_map(Product::market).filter(wanted).collect())
    }

    pub(super) async fn last_trade(
        &self,
        site: &Site,
        market: &MarketKey,
    ) -> Result<Option<(Price, Timestamp)>, VenueError> {
        let path = format!("/market/products/{}/ticker", product(&market.symbol));
        let answer = self.ask(site, &path, &[("limit", "1")]).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let ticker: Ticker = self.understood(site, &answer)?;
        let Some(last) = ticker.trades.first() else { return Ok(None) };
        let told = number(&last.price).zip(read_time(&last.time));
        told.map(Some).ok_or_else(unreadable)
    }

    pub(super) async fn offers(&self, site: &Site, market: &MarketKey, depth: u32) -> Result<Book, VenueError> {
        let (product, limit) = (product(&market.symbol), depth.to_string());
        let query = [("product_id", product.as_str()), ("limit", limit.as_str())];
        let answer = self.ask(site, "/market/product_book", &query).await?;
        let Shown { pricebook } = self.understood(site, &answer)?;
        let at_most = usize::try_from(depth).unwrap_or(usize::MAX);
        let side = |offers: &[Offer]| offers.iter().take(at_most).map(Offer::level).collect::<Option<Vec<Level>>>();
        let book = side(&pricebook.bids).zip(side(&pricebook.asks));
        book.map(|(bids, asks)| Book { bids, asks }).ok_or_else(unreadable)
    }

    /// Those without a trade are not told.
    pub(super) async fn candles_of(
        &self,
        site: &Site,
        market: &MarketKey,
        span: &CandleSpan,
        now: Timestamp,
    ) -> Result<Vec<Candle>, VenueError> {
        let path = format!("/market/products/{}/candles", product(&market.symbol));
        let (interval, granularity) = told_in(span.interval());
        let (mut all, mut until) = (Vec::new(), now);
        for page in span.in_shorter(interval).pages(CANDLES_A_QUESTION) {
            let (first, last) = (seconds(page.first()), seconds(page.end().minus(Millis::seconds(1))));
            let query = [("start", first.as_str()), ("end", last.as_str()), ("granularity", granularity)];
            let answer = self.ask(site, &path, &query).await?;
            let told: Told = self.understood(site, &answer)?;
            until = answer.date().map_or(now, |at| at.min(now));
            let candles: Option<Vec<ToldOne>> = told.candles.iter().rev().map(Candlestick::told).collect();
            let candles = candles.ok_or_else(unreadable).and_then(|told| page.read(told, until).map_err(bad));
            all.extend(candles.inspect_err(|_| self.traffic.failed(site))?);
        }
        span.of_shorter(all, until).map_err(bad)
    }
}

/// In which candles it tells such as these, and what it calls them.
pub(super) fn told_in(interval: Interval) -> (Interval, &'static str) {
    let told = interval.longest_of(|one| granularity(one).is_some());
    told.and_then(|told| Some((told, granularity(told)?))).unwrap_or((Interval::OneMinute, "ONE_MINUTE"))
}

/// None of those that it has none of.
fn granularity(interval: Interval) -> Option<&'static str> {
    match interval {
        Interval::OneMinute => Some("ONE_MINUTE"),
        Interval::FiveMinutes => Some("FIVE_MINUTE"),
        Interval::FifteenMinutes => Some("FIFTEEN_MINUTE"),
        Interval::ThirtyMinutes => Some("THIRTY_MINUTE"),
        Interval::OneHour => Some("ONE_HOUR"),
        Interval::TwoHours => Some("TWO_HOUR"),
        Interval::SixHours => Some("SIX_HOUR"),
        Interval::OneDay => Some("ONE_DAY"),
        Interval::TwoMinutes
        | Interval::ThreeMinutes
        | Interval::TenMinutes
        | Interval::TwentyMinutes
        | Interval::FortyFiveMinutes
        | Interval::ThreeHours
        | Interval::FourHours
        | Interval::EightHours
        | Interval::TwelveHours => None,
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn bad(candles: BadCandles) -> VenueError {
    VenueError::Unavailable(candles.to_string())
}

impl Product {
    fn trades(&self) -> bool {
        let is_shut = [
            self.is_disabled,
            self.trading_disabled,
            self.cancel_only,
            self.limit_only,
            self.post_only,
            self.auction_mode,
            self.view_only,
        ];
        self.product_type == "SPOT" && matches!(self.status.as_str(), "" | "online") && !is_shut.contains(&true)
    }

    /// None where a step or a name is none that we can trade by.
    fn market(&self) -> Option<Market> {
        let tick = if self.price_increment.is_empty() { &self.quote_increment } else { &self.price_increment };
        let asset = |name: &str| name.parse::<Asset>().ok();
        let symbol =
            Symbol { base: asset(&self.base_currency_id)?, quote: asset(&self.quote_currency_id)?, settle: None };
        let filters = Filters {
            price_tick: number(tick)?,
            quantity_step: number(&self.base_increment).filter(|step: &Quantity| !step.is_zero())?,
            quantity_min: number(&self.base_min_size)?,
            notional_min: number(&self.quote_min_size)?,
            most: Maxima::told(number(&self.base_max_size), None, number(&self.quote_max_size)),
        };
        Some(Market {
            key: MarketKey { exchange: EXCHANGE.parse::<Exchange>().ok()?, symbol },
            filters,
            fee: TAKER_FEE.parse::<Rate>().ok()?,
            kind: MarketKind::Spot,
            can_short: false,
            stops: Stops::Polled,
            orders_max: None,
            at_venue: None,
        })
    }
}

impl Offer {
    fn level(&self) -> Option<Level> {
        Some(Level { price: number(&self.price)?, quantity: number(&self.size)? })
    }
}

impl Candlestick {
    /// None where nobody knows when it opens.
    fn told(&self) -> Option<ToldOne> {
        let opens_at = Timestamp::from_millis(self.start.parse::<i64>().ok()?.checked_mul(1_000)?);
        Some(self.candle(opens_at).map_or(ToldOne::None(opens_at), ToldOne::Candle))
    }

    fn candle(&self, opens_at: Timestamp) -> Option<ToldCandle> {
        let prices = [number(&self.open)?, number(&self.high)?, number(&self.low)?, number(&self.close)?];
        Some(ToldCandle { opens_at, prices, volume: number(&self.volume)? })
    }
}

fn seconds(at: Timestamp) -> String {
    at.millis().div_euclid(1_000).to_string()
}
