//! Candles of a market, as its venue tells them now.
//!
//! 1. A venue is asked for markets that are known alone: no name that somebody made up leaves this deployment.
//! 2. Whoever serves people speaks to no venue: `key-check` does, and is asked ([`ask`]).

use crate::ports::{AskKeyCheck, CandlesError, ListCandles, StoreError};
use domain::clock::Timestamp;
use domain::market::{Candle, CandleSpan, Interval, MarketKey};
use store::{Engine, market};
use wire::key_check::{Asked, AskedCandles, KeyCheck, KeyChecked, Refused};
use wire::text::Text;
use wire::view;

/// What somebody wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedCandles {
    pub market: MarketKey,
    pub interval: Interval,
    /// From the first candle that opens then or later; without it the newest.
    pub since: Option<Timestamp>,
    /// How many candles the time that is told of is long.
    pub limit: u32,
}

/// Why there is nothing to be seen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Untold {
    #[error("{0} is not known: markets are listed where somebody has an account, or as the deployment says")]
    UnknownMarket(MarketKey),
    /// Such candles are never told there; said is which are.
    #[error("{0}")]
    NotTold(String),
    #[error("{0}")]
    VenueAway(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Untold {
    const UNKNOWN_MARKET: &str = "unknown_market";
    const NOT_TOLD: &str = "candles_not_told";
    const VENUE_AWAY: &str = "venue_unavailable";

    /// A stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownMarket(_) => Self::UNKNOWN_MARKET,
            Self::NotTold(_) => Self::NOT_TOLD,
            Self::VenueAway(_) => Self::VENUE_AWAY,
            Self::Store(_) => "unavailable",
        }
    }

    fn of(Refused { code, detail }: Refused, market: &MarketKey) -> Self {
        match code.as_str() {
            Self::UNKNOWN_MARKET => Self::UnknownMarket(market.clone()),
            Self::NOT_TOLD => Self::NotTold(detail),
            Self::VENUE_AWAY => Self::VenueAway(detail),
            _ => StoreError::Unavailable(detail).into(),
        }
    }
}

impl From<CandlesError> for Untold {
    fn from(error: CandlesError) -> Self {
        match error {
            CandlesError::NotTold(why) => Self::NotTold(why),
            CandlesError::Venue(error) => Self::VenueAway(error.to_string()),
        }
    }
}

/// As its venue tells them.
///
/// # Errors
/// [`Untold`].
pub async fn list<D: Engine, V: ListCandles>(
    deps: &D,
    venue: &V,
    wanted: &WantedCandles,
    now: Timestamp,
) -> Result<Vec<Candle>, Untold> {
    let market = market::Market(deps).load_market(&wanted.market).await?;
    let market = market.ok_or_else(|| Untold::UnknownMarket(wanted.market.clone()))?;
    let span = CandleSpan::asked(wanted.interval, wanted.since, wanted.limit, now);
    Ok(venue.list_candles(&market, &span).await?)
}

/// As `key-check` tells them.
///
/// # Errors
/// [`Untold`].
pub async fn ask<K: AskKeyCheck>(
    checks: &K,
    wanted: &WantedCandles,
    trace: &str,
    now: Timestamp,
) -> Result<view::Candles, Untold> {
    let WantedCandles { market, interval, since, limit } = wanted;
    let asked = AskedCandles {
        exchange: Text(market.exchange.clone()),
        symbol: Text(market.symbol.clone()),
        timeframe: Text(*interval),
        since: since.map(Timestamp::millis),
        limit: *limit,
    };
    let question = KeyCheck::new(trace.to_owned(), Asked::Candles(asked));
    match checks.ask_key_check(&question, now).await? {
        KeyChecked::Candles(candles) => Ok(candles),
        KeyChecked::Refused(refused) => Err(Untold::of(refused, market)),
        _ => Err(StoreError::Unavailable("key-check answers something else".to_owned()).into()),
    }
}

/// As they are shown.
pub fn shown(wanted: &WantedCandles, candles: &[Candle]) -> view::Candles {
    view::Candles {
        exchange: wanted.market.exchange.to_string(),
        symbol: wanted.market.symbol.to_string(),
        timeframe: wanted.interval.to_string(),
        items: candles.iter().map(view::Candle::from).collect(),
    }
}

impl From<AskedCandles> for WantedCandles {
    fn from(asked: AskedCandles) -> Self {
        Self {
            market: MarketKey { exchange: asked.exchange.0, symbol: asked.symbol.0 },
            interval: asked.timeframe.0,
            since: asked.since.map(Timestamp::from_millis),
            limit: asked.limit,
        }
    }
}
