//! Backtests that somebody asks for over the API, and workers that play them: use cases over the ports of `app`, for those functions
//! alone that know strategies.
//!
//! Where to begin: [`submit`], then [`Worker::work`], which plays what was kept; [`look`] says how far it is.
//!
//! 1. What cannot be played is refused before anything is kept, by the name of the option.
//! 2. How many go on at once is held by one row of their user's, which changes with each that is begun.
//! 3. Whatever a worker does, it may do twice: a part comes to the same again, and is kept under its own name.
//! 4. All parts are played on the same candles, or it fails.
//! 5. A worker that nothing was heard of is begun again by whoever looks; what goes on for too long is ended by whoever sees it, its workers among them.

mod bars;
mod job;
mod look;
mod submit;
mod work;

pub use job::Wrong;
pub use look::{Whole, asked, cancel, compare, find, list, look, result};
pub use submit::{Submitted, submit};
pub use work::{WorkError, Worker};

use app::ports::StoreError;
use domain::backtests::NoMore;
use domain::ids::BacktestId;
use domain::limits::{
    BACKTEST_CANDLES_MAX, BACKTEST_PACKED_BYTES_MAX, BACKTEST_TOLD_BYTES_MAX, BACKTESTS_COMPARED_MAX,
};
use domain::market::{Exchange, MarketKey};

/// Of one that has gone on for too long.
const GIVEN_UP: &str = "it has not ended in time: ask for less";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BacktestError {
    #[error("there is no such backtest")]
    NoBacktest,
    #[error("{0} is not known: markets are listed where somebody has an account, or as the deployment says")]
    UnknownMarket(MarketKey),
    #[error("must be later than since, with a candle that closes between them")]
    Empty,
    #[error("a backtest has at most {BACKTEST_CANDLES_MAX} candles: ask for a shorter time, or longer candles")]
    TooLong,
    #[error("no candle of this series is kept: {}", advice(.0))]
    NoCandles(Exchange),
    #[error(transparent)]
    Wrong(#[from] Wrong),
    #[error(transparent)]
    NoMore(#[from] NoMore),
    #[error("{0} is not done")]
    NotDone(BacktestId),
    #[error("what came of it is kept no more")]
    Gone,
    #[error(
        "what came of it has more than {BACKTEST_TOLD_BYTES_MAX} bytes: take it packed, with `Accept-Encoding: gzip`"
    )]
    TooLarge,
    #[error(
        "what came of it has more than {BACKTEST_PACKED_BYTES_MAX} bytes packed: ask for a shorter time, or longer candles"
    )]
    TooLargePacked,
    #[error("must be 2 to {BACKTESTS_COMPARED_MAX} ids of backtests, each once, with commas between")]
    Compared,
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How candles come that are missing.
fn advice(exchange: &Exchange) -> &'static str {
    if exchange.is_paper() {
        "the paper venue has prices since its replay began and none before, which are kept once the series is on a list \
         (PUT /api/v1/market-data/symbols); of older times name the market of an exchange"
    } else {
        "have them fetched by POST /api/v1/market-data/backfill"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backfill_is_advised_where_one_brings_candles() {
        let said = |exchange: &str| BacktestError::NoCandles(exchange.parse().unwrap()).to_string();
        assert!(said("BINANCE").ends_with("POST /api/v1/market-data/backfill"));
        assert!(!said("PAPER").contains("backfill") && said("PAPER").contains("PUT /api/v1/market-data/symbols"));
    }
}
