//! Candles of a market.

use super::time;
use super::words::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Candles of a market, oldest first, as its exchange reports them now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Candles {
    /// The exchange; for a perpetual, its name with `USDM` at the end, such as `BINANCEUSDM`.
    pub exchange: String,
    /// The market of the candles, such as `BTC/USDT`, or `BTC/USDT:USDT` for a perpetual.
    pub symbol: String,
    /// The candle length of the series, such as `1h`.
    pub timeframe: String,
    /// The candles. A period without trades may have none, so fewer than `limit` does not mean the end.
    pub items: Vec<Candle>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Candle {
    /// When the candle opens.
    pub opens_at: Time,
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
    /// False of the one that goes on: it will say something else later.
    pub closed: bool,
}

impl From<&domain::market::Candle> for Candle {
    fn from(candle: &domain::market::Candle) -> Self {
        let bar = candle.bar;
        let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|price| price.to_string());
        let (volume, closed) = (candle.volume.to_string(), candle.is_closed);
        Self { opens_at: time(bar.opens_at), open, high, low, close, volume, closed }
    }
}
