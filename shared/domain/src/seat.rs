//! Seats: where at most one group of an account is live.

use crate::market::{BadSymbol, Exchange, Market, MarketKey, Symbol, Timeframe};
use std::fmt;
use std::str::FromStr;

/// A symbol with a timeframe, or with none: alerts without one have a seat of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seat {
    pub symbol: Symbol,
    pub timeframe: Option<Timeframe>,
}

const NO_TIMEFRAME: &str = "-";

impl Seat {
    /// Where a group of this market and timeframe sits. Contracts of one market are one position at their venue, and so
    /// have one seat, whatever the timeframe is.
    pub fn on(market: &Market, timeframe: Option<Timeframe>) -> Self {
        let timeframe = timeframe.filter(|_| !market.kind.is_linear());
        Self { symbol: market.key.symbol.clone(), timeframe }
    }

    /// The seat itself, and that of its whole market.
    pub fn and_whole_market(&self) -> impl Iterator<Item = Self> {
        let whole = self.timeframe.is_some().then(|| Self { symbol: self.symbol.clone(), timeframe: None });
        [self.clone()].into_iter().chain(whole)
    }

    /// The market of a seat of an account at this exchange.
    pub fn market(&self, exchange: &Exchange) -> MarketKey {
        MarketKey { exchange: exchange.clone(), symbol: self.symbol.clone() }
    }
}

impl fmt::Display for Seat {
    /// `BTC/USDT#60`, without a timeframe `BTC/USDT#-`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timeframe = self.timeframe.as_ref().map_or(NO_TIMEFRAME, |timeframe| timeframe.as_str());
        write!(f, "{}#{timeframe}", self.symbol)
    }
}

impl FromStr for Seat {
    type Err = BadSymbol;

    fn from_str(text: &str) -> Result<Self, BadSymbol> {
        let (symbol, timeframe) = text.rsplit_once('#').ok_or(BadSymbol("a seat such as BTC/USDT#60"))?;
        let timeframe = (timeframe != NO_TIMEFRAME).then(|| timeframe.parse()).transpose()?;
        Ok(Self { symbol: symbol.parse()?, timeframe })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_read_as_it_is_written() {
        for text in ["BTC/USDT#60", "BTC/USDT#-", "BTC/USDT:USDT#1D"] {
            assert_eq!(text.parse::<Seat>().unwrap().to_string(), text);
        }
        for text in ["", "BTC/USDT", "#60", "BTC/USDT#"] {
            assert!(text.parse::<Seat>().is_err(), "{text}");
        }
    }
}
