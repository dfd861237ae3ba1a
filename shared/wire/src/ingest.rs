//! What wakes `ingest`: its schedule, and itself for what is to be fetched.

use crate::text::Text;
use domain::ids::BackfillId;
use domain::market::{Exchange, Interval, MarketKey, Symbol};
use domain::series;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ingest {
    v: u32,
    #[serde(flatten)]
    todo: Todo,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub trace: String,
}

/// What it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Todo {
    /// Looks which series are due, and has them fetched.
    Plan,
    /// Fetches these. Those of one exchange are one worker's.
    Fetch {
        series: Vec<Series>,
        /// Whether it looks for holes as well.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        holes: bool,
    },
    /// Goes on with what somebody asked for.
    Backfill { id: Text<BackfillId> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub timeframe: Text<Interval>,
    /// Whether its new candles are told on the bus.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub announced: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is of v {0}, and v {VERSION} is known here")]
pub struct UnknownIngest(pub u32);

impl Ingest {
    pub fn new(todo: Todo, trace: String) -> Self {
        Self { v: VERSION, todo, trace }
    }

    /// What is to be done, once it is known here.
    ///
    /// # Errors
    /// Where it is a newer caller's.
    pub fn known(self) -> Result<Todo, UnknownIngest> {
        if self.v <= VERSION { Ok(self.todo) } else { Err(UnknownIngest(self.v)) }
    }
}

impl Series {
    pub fn new(series: &series::Series, announced: bool) -> Self {
        let series::Series { market: MarketKey { exchange, symbol }, interval } = series.clone();
        Self { exchange: Text(exchange), symbol: Text(symbol), timeframe: Text(interval), announced }
    }
}

impl From<&series::Series> for Series {
    fn from(series: &series::Series) -> Self {
        Self::new(series, false)
    }
}

impl From<Series> for series::Series {
    fn from(told: Series) -> Self {
        let market = MarketKey { exchange: told.exchange.0, symbol: told.symbol.0 };
        Self { market, interval: told.timeframe.0 }
    }
}
