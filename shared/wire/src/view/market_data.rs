//! Candles as they are kept, with indicators.

use super::time;
use super::words::{BackfillState, Time};
use crate::text::Text;
use domain::clock::Millis;
use domain::series::{self, Freshness, KeptCandle};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Stored candles of one series, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MarketData {
    /// The exchange of the series, such as `BINANCE`.
    pub exchange: String,
    /// The market of the series, such as `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual.
    pub symbol: String,
    /// The candle length of the series, such as `1h`.
    pub timeframe: String,
    /// Whether it is fetched as it closes. It is not where charts want too many series: put it on your list, where there is room.
    pub fetched: bool,
    /// The candles. A period without trades has none, so fewer than `limit` does not mean the end. A series that was never fetched has
    /// none.
    pub items: Vec<MarketCandle>,
    /// `cursor` of the next page; null at the end.
    pub next_cursor: Option<String>,
    /// The limit that was used, if a larger one was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limit: Option<u32>,
}

/// Stored candles of one series as rows without member names, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MarketRows {
    /// The exchange of the series, such as `BINANCE`.
    pub exchange: String,
    /// The market of the series, such as `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual.
    pub symbol: String,
    /// The candle length of the series, such as `1h`.
    pub timeframe: String,
    /// Whether it is fetched as it closes. It is not where charts want too many series: put it on your list, where there is room.
    pub fetched: bool,
    /// What stands in each place of a row: of the candle, then of the indicators that are asked for, such as `MACD.macd_line`.
    pub columns: Vec<String>,
    /// Of each candle its time, its prices and its volume as texts, then numbers: null before an indicator's first value.
    pub rows: Vec<Vec<MarketCell>>,
    /// `cursor` of the next page; null at the end.
    pub next_cursor: Option<String>,
    /// The limit that was used, if a larger one was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum MarketCell {
    Text(String),
    Number(Option<f64>),
}

/// Candles in the shape that `format` asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum MarketPage {
    Items(MarketData),
    Rows(MarketRows),
}

/// The newest stored candle of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LatestCandle {
    /// The exchange of the series, such as `BINANCE`.
    pub exchange: String,
    /// The market of the series, such as `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual.
    pub symbol: String,
    /// The candle length of the series, such as `1h`.
    pub timeframe: String,
    /// Whether it is fetched as it closes. It is not where charts want too many series: put it on your list, where there is room.
    pub fetched: bool,
    #[serde(flatten)]
    pub candle: MarketCandle,
}

/// Indicators at the newest stored candle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LatestIndicators {
    /// The exchange of the series, such as `BINANCE`.
    pub exchange: String,
    /// The market of the series, such as `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual.
    pub symbol: String,
    /// The candle length of the series, such as `1h`.
    pub timeframe: String,
    /// Whether it is fetched as it closes. It is not where charts want too many series: put it on your list, where there is room.
    pub fetched: bool,
    /// When that candle opened.
    pub timestamp: Time,
    /// The requested indicators at the newest stored candle.
    pub indicators: IndicatorValues,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MarketCandle {
    /// When it opens.
    pub timestamp: Time,
    /// First price of the candle, in quote currency.
    pub open: String,
    /// Highest price of the candle, in quote currency.
    pub high: String,
    /// Lowest price of the candle, in quote currency.
    pub low: String,
    /// Last price of the candle, in quote currency.
    pub close: String,
    /// Traded volume, in base units; `0` at the paper exchange.
    pub volume: String,
    /// Always true: what goes on is not kept.
    pub closed: bool,
    /// The requested indicators at this candle.
    pub indicators: IndicatorValues,
}

/// The requested indicators, each from its first value on, with ten digits.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct IndicatorValues {
    /// Relative strength index of closes over 14 candles (Wilder), from 0 to 100; missing if not requested or not yet defined.
    #[serde(rename = "RSI_14", default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rsi_14: Option<f64>,
    /// Moving average convergence divergence of closes; missing if not requested or not yet defined.
    #[serde(rename = "MACD", default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub macd: Option<MacdLines>,
    /// Exponential moving average of closes over 50 candles, in quote currency; missing if not requested or not yet defined.
    #[serde(rename = "EMA_50", default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ema_50: Option<f64>,
    /// Exponential moving average of closes over 200 candles, in quote currency; missing if not requested or not yet defined.
    #[serde(rename = "EMA_200", default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ema_200: Option<f64>,
    /// Simple moving average of the last 20 closes, in quote currency; missing if not requested or not yet defined.
    #[serde(rename = "SMA_20", default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sma_20: Option<f64>,
    /// Bollinger bands of the last 20 closes; missing if not requested or not yet defined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bollinger_bands: Option<BollingerBands>,
    /// Simple moving average of the last 20 volumes, in base units; missing if not requested or not yet defined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub volume_sma_20: Option<f64>,
    /// Average true range over 14 candles (Wilder), in quote currency; missing if not requested or not yet defined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub atr_14: Option<f64>,
}

/// Of 12, 26 and 9 closes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MacdLines {
    /// 12-candle minus 26-candle exponential moving average of closes, in quote currency.
    pub macd_line: f64,
    /// 9-candle exponential moving average of the MACD line.
    pub signal_line: f64,
    /// MACD line minus signal line.
    pub histogram: f64,
}

/// Of 20 closes, two deviations wide.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BollingerBands {
    /// Middle band plus two standard deviations, in quote currency.
    pub upper: f64,
    /// Simple moving average of the last 20 closes, in quote currency.
    pub middle: f64,
    /// Middle band minus two standard deviations, in quote currency.
    pub lower: f64,
}

/// What is missing of a part of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeriesGaps {
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// The market, `BASE/QUOTE`.
    pub symbol: String,
    /// The length of a candle, such as `1h`.
    pub timeframe: String,
    /// Whether the series is fetched: it is requested, and is among the series for which the deployment has room.
    pub fetched: bool,
    /// Oldest first.
    pub items: Vec<SeriesGap>,
    /// `cursor` of the next page; null at the end.
    pub next_cursor: Option<String>,
    /// The limit that was used, if a larger one was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limit: Option<u32>,
}

/// A time without candles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeriesGap {
    /// When the first one opens that is missing.
    pub start_time: Time,
    /// When the last one closes.
    pub end_time: Time,
    /// How many candles are missing.
    pub candles: u32,
    /// Why the candles are missing.
    pub kind: SeriesGapKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeriesGapKind {
    /// Before the first candle that is kept: never fetched, or gone by now.
    Before,
    /// The exchange was asked again and again and has left them out: nobody traded.
    Silent,
    /// They are asked for again as long as the series is fetched.
    Open,
}

/// How whole a part of a series is, and how late its candles came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeriesStats {
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// The market, `BASE/QUOTE`.
    pub symbol: String,
    /// The length of a candle, such as `1h`.
    pub timeframe: String,
    /// Whether the series is fetched: it is requested, and is among the series for which the deployment has room.
    pub fetched: bool,
    /// When the oldest candle opens, of the whole series.
    pub oldest: Option<Time>,
    /// When the newest candle opens, of the whole series.
    pub newest: Option<Time>,
    /// From when on what is counted is counted.
    pub start_time: Time,
    /// Up to when what is counted is counted.
    pub end_time: Time,
    /// Candles that this time is long: the sum of `candles`, `silent`, `missing` and `before`.
    pub expected: u32,
    /// Stored candles.
    pub candles: u32,
    /// Candles in which there was no trade.
    pub silent: u32,
    /// Number of candles that will be requested again.
    pub missing: u32,
    /// Candles before the first stored one.
    pub before: u32,
    /// Of those that were fetched within fifteen minutes of their end.
    pub freshness: Option<SeriesFreshness>,
    /// Candles that were stored later than that: after an outage if `fetched`, or since a user requested older ones.
    pub caught_up: u32,
    /// Where it is fetched and its exchange tells nothing of it: once it does, null within five minutes.
    pub failing: Option<SeriesFailing>,
    /// `cursor` of the next page; null at the end.
    pub next_cursor: Option<String>,
    /// The limit that was used, if a larger one was requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limit: Option<u32>,
}

/// Since when requests for a series fail, and the last error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeriesFailing {
    /// Since when requests for the series have failed.
    pub since: Time,
    /// The last error, in plain words.
    pub detail: String,
}

/// How long after their end candles were kept, in whole seconds. Percentiles are of nearest rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeriesFreshness {
    /// How many candles the figures cover.
    pub candles: u32,
    /// Half of the candles were stored within so many seconds after their end.
    pub p50_seconds: i64,
    /// 95 % of the candles were stored within so many seconds after their end.
    pub p95_seconds: i64,
    /// How many seconds after its end the latest of them was stored.
    pub max_seconds: i64,
}

/// A request for older candles, and its progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Backfill {
    /// The backfill, `bfl_…`.
    pub id: String,
    /// The exchange of the series, such as `BINANCE`.
    pub exchange: String,
    /// The market of the series, such as `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual.
    pub symbol: String,
    /// The candle length of the series, such as `1h`.
    pub timeframe: String,
    /// How far the backfill is.
    pub state: BackfillState,
    /// Progress in percent.
    pub percent: u32,
    /// The start of the requested period; candles are fetched backwards down to it.
    pub start_date: Time,
    /// The end of the backfill; it may differ from the request so that it joins the stored candles.
    pub end_date: Time,
    /// Everything from here to `end_date` has been requested from the exchange.
    pub reached: Time,
    /// Candles that were new.
    pub candles: u32,
    /// Candles that said something else than what was kept.
    pub corrected: u32,
    /// What the last failure was, or why it ended before its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub detail: Option<String>,
    /// When the backfill was requested.
    pub created_at: Time,
    /// When the backfill last progressed, failed or ended.
    pub updated_at: Time,
}

impl Backfill {
    pub fn of(backfill: &series::Backfill) -> Self {
        let series::Series { market, interval } = &backfill.series;
        Self {
            id: backfill.id.to_string(),
            exchange: market.exchange.to_string(),
            symbol: market.symbol.to_string(),
            timeframe: interval.to_string(),
            state: Text(backfill.state),
            percent: backfill.percent(),
            start_date: time(backfill.since),
            end_date: time(backfill.until),
            reached: time(backfill.reached),
            candles: backfill.candles,
            corrected: backfill.corrected,
            detail: backfill.detail.clone(),
            created_at: time(backfill.created_at),
            updated_at: time(backfill.updated_at),
        }
    }
}

/// A series on one's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedSeries {
    /// The exchange of the series, such as `BINANCE`.
    pub exchange: String,
    /// The market of the series, such as `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual.
    pub symbol: String,
    /// The candle length of the series, such as `1h`.
    pub timeframe: String,
    /// When the series was put on the list.
    pub since: Time,
    /// It is fetched until then, or until three months after the list was last read.
    pub until: Option<Time>,
}

impl SeriesFreshness {
    pub fn of(freshness: &Freshness) -> Self {
        let seconds = |age: Millis| age.get().div_euclid(1_000);
        let Freshness { candles, median, p95, max } = *freshness;
        Self { candles, p50_seconds: seconds(median), p95_seconds: seconds(p95), max_seconds: seconds(max) }
    }
}

impl MarketCandle {
    pub fn of(kept: &KeptCandle, indicators: IndicatorValues) -> Self {
        let bar = kept.candle.bar;
        let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|price| price.to_string());
        let (volume, closed) = (kept.candle.volume.to_string(), kept.candle.is_closed);
        Self { timestamp: time(bar.opens_at), open, high, low, close, volume, closed, indicators }
    }
}
