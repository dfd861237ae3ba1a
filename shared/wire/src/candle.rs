//! `candle.closed.v1`: told on the bus once a candle of a series has closed and is kept. Told at least once: whoever hears it twice
//! does nothing twice.

use crate::text::Text;
use domain::clock::Timestamp;
use domain::market::{Exchange, Interval, MarketKey, Symbol};
use domain::series::Series;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// What a rule of the bus selects it by.
pub const CANDLE_CLOSED: &str = "candle.closed.v1";
/// Whose events these are, on a bus that others may write to.
pub const SOURCE: &str = "moniqo";

/// The newest candle of a series has closed. Others before it may have closed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandleClosed {
    v: u32,
    #[serde(rename = "type")]
    kind: Kind,
    pub trace: String,
    pub at: i64,
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub timeframe: Text<Interval>,
    pub opens_at: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    #[serde(rename = "candle.closed")]
    Closed,
}

/// As the bus hands it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub detail: CandleClosed,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is of v {0}, and v {VERSION} is known here")]
pub struct UnknownEvent(pub u32);

impl CandleClosed {
    pub fn new(series: &Series, opens_at: Timestamp, trace: String, at: Timestamp) -> Self {
        let Series { market: MarketKey { exchange, symbol }, interval } = series.clone();
        Self {
            v: VERSION,
            kind: Kind::Closed,
            trace,
            at: at.millis(),
            exchange: Text(exchange),
            symbol: Text(symbol),
            timeframe: Text(interval),
            opens_at: opens_at.millis(),
        }
    }

    /// Whose candle, and when it opens.
    ///
    /// # Errors
    /// Where it is a newer writer's.
    pub fn known(self) -> Result<(Series, Timestamp), UnknownEvent> {
        if self.v > VERSION {
            return Err(UnknownEvent(self.v));
        }
        let market = MarketKey { exchange: self.exchange.0, symbol: self.symbol.0 };
        Ok((Series { market, interval: self.timeframe.0 }, Timestamp::from_millis(self.opens_at)))
    }
}
