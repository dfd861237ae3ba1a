//! Exchanges that are spoken to in their own words.
//!
//! Each is a room of its own, with the same corners: what is asked (`ask`), how it is signed (`sign`), what an answer
//! means (`read`), and one table of what becomes of an order (`outcome`).
//!
//! 1. A request leaves once: no redirect, no retry, no proxy of the environment ([`Transport`]).
//! 2. What leaves is the exact decimal, signed with the persisted time of the order ([`Login::signed_at`]).
//! 3. An answer that is not understood whole is no answer: after a submit the order is Unknown.
//! 4. No secret stands in what is told: not in an error, not in a transcript.

mod asking;
mod binance;
mod breaker;
mod coinbase;
mod kraken;
mod site;
mod traffic;
mod transport;
pub mod words;

pub use asking::Asking;
pub use binance::Binance;
pub use breaker::Breaker;
pub use coinbase::Coinbase;
pub use kraken::Kraken;
pub use site::{Doubt, Login, Refusals, Site};
pub use traffic::{Counting, Pause, Traffic};
pub use transport::{Answer, Call, Heard, Method, Sent, Transport};

use app::ports::{
    Address, Balance, Cancelled, CandlesError, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome, ProbeError,
    Request, Terms, Unprepared, VenueError, VenueOrder,
};
use domain::clock::{Millis, Timestamp};
use domain::ids::ClientOrderId;
use domain::market::{Asset, Book, Candle, CandleSpan, Interval, Leverage, Market, MarketKey, Symbol};
use domain::money::{Price, Rate};
use domain::order::Fact;
use domain::vault::KeyFacts;
use std::collections::BTreeMap;
use std::time::Duration;

/// The longest that an exchange is left alone because it says so, exits and all: what it says may be wrong, and asking once more
/// after this is what finds that out. A ban that is documented as longer is the exception (`binance::outcome`).
pub(crate) const TOLD_PAUSE_MAX: Millis = domain::limits::VENUE_PAUSE_MAX;

/// For how long one look goes on asking for the trades of one order: a call of a venue has an end, and what was read by then is not
/// to be lost with it.
pub const TRADES_FOR: Duration = Duration::from_secs(3);

/// One exchange's wire. As [`app::ports::Venue`], told where and as whom.
pub trait Native {
    /// How it treats client order ids and time.
    fn terms(&self) -> Terms;

    /// The exchange's own time.
    async fn time(&self, site: &Site) -> Result<Timestamp, VenueError>;

    /// As [`app::ports::Venue::prepare`]. On spot there is nothing to be told.
    async fn prepare(&self, _: &Login, _: &Market, _: Leverage) -> Result<(), Unprepared> {
        Ok(())
    }

    /// As [`app::ports::Venue::positions`]. On spot there are none.
    async fn positions(&self, _: &Login) -> Result<Vec<OpenPosition>, VenueError> {
        Ok(Vec::new())
    }

    async fn submit(&self, login: &Login, request: &Request) -> Outcome;

    async fn submit_oco(&self, login: &Login, request: &OcoRequest) -> Outcome<OcoFacts>;

    async fn cancel(&self, login: &Login, address: &Address) -> Cancelled;

    /// With its trades and their fees, open or not; `None` only where neither orders nor trades know the id.
    async fn find_order(&self, login: &Login, address: &Address) -> Result<Option<Fact>, VenueError>;

    /// As [`app::ports::Venue::find_many`].
    async fn find_many(&self, _: &Login, _: &[Address]) -> Result<BTreeMap<ClientOrderId, Fact>, VenueError> {
        Ok(BTreeMap::new())
    }

    /// Of one market, those whose client ids begin with the prefix, oldest first, each with its trades.
    async fn list_orders(
        &self,
        login: &Login,
        market: &Market,
        prefix: &str,
        which: Listed,
    ) -> Result<Vec<VenueOrder>, VenueError>;

    /// As [`app::ports::Venue::list_many`].
    async fn list_many(
        &self,
        _: &Login,
        _: &[Market],
        _: &str,
        _: Listed,
    ) -> Result<BTreeMap<MarketKey, Vec<VenueOrder>>, VenueError> {
        Ok(BTreeMap::new())
    }

    async fn balances(&self, login: &Login) -> Result<BTreeMap<Asset, Balance>, VenueError>;

    /// What a market order costs this account there.
    async fn fee(&self, login: &Login, market: &MarketKey) -> Result<Rate, VenueError>;

    /// What the exchange tells of the key.
    async fn probe(&self, login: &Login) -> Result<KeyFacts, ProbeError>;

    /// Markets that may be traded now, with the fee that the exchange publishes; all of them where none is named.
    async fn markets(&self, site: &Site, symbols: &[Symbol]) -> Result<Vec<Market>, VenueError>;

    /// The last price and its time.
    async fn ticker(&self, site: &Site, market: &MarketKey) -> Result<Option<(Price, Timestamp)>, VenueError>;

    /// Bids from the highest down and asks from the lowest up, at most `depth` each.
    async fn book(&self, site: &Site, market: &MarketKey, depth: u32) -> Result<Book, VenueError>;

    /// As [`app::ports::ListCandles::told_in`].
    fn told_in(&self, interval: Interval) -> Interval {
        interval
    }

    /// As [`app::ports::ListCandles`]; `now` is our time. One has closed by our time and by the exchange's, where it tells that
    /// with its answer.
    async fn candles(
        &self,
        site: &Site,
        market: &MarketKey,
        span: &CandleSpan,
        now: Timestamp,
    ) -> Result<Vec<Candle>, CandlesError>;
}
