//! What Binance's USDⓈ-M futures have of their own, by `/fapi`: leverage, positions, orders that only reduce.
//!
//! 1. An account holds one position a market, with a margin of its own, before its first order (`prepare`).
//! 2. Stops are another list there, with other ids and other ends (`/fapi/v1/algoOrder`): none is sent, they are kept by
//!    polling.
//! 3. The answer to an order tells no trades: they are read behind it, with their fees.

mod account;
mod ask;
mod markets;
mod outcome;
mod positions;
mod prepare;

pub(super) use account::{balances, fee, probe};
pub(super) use ask::order;
pub(super) use markets::{markets, ticker};
pub(super) use outcome::meaning;
pub(super) use positions::positions;
pub(super) use prepare::prepare;

use crate::native::words::{self, refusal};
use app::ports::Outcome;

/// What is no order there.
pub(super) fn no_stops<T>() -> Outcome<T> {
    Outcome::Rejected(refusal(words::STOP_NOT_TAKEN, "stops of contracts are not sent: they are kept by polling"))
}
