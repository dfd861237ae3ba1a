//! The stable words with which an order is refused, whichever exchange has said so. The paper venue has the same.

use domain::order::Refusal;
use domain::reason::Reason;

/// Our clock or nonce is off: the offset is read anew, and the group decides again.
pub const CLOCK: Reason = Reason::Clock;
/// The exchange does not take the key: unknown, wrongly signed, not from here, or without the right to trade.
pub const KEY_REFUSED: Reason = Reason::KeyRefused;
pub const INSUFFICIENT_BALANCE: Reason = Reason::InsufficientBalance;
/// Too many requests or orders for now: nothing is wrong with the order.
pub const RATE_LIMITED: Reason = Reason::RateLimited;
/// As many orders rest there as the exchange allows.
pub const TOO_MANY_ORDERS: Reason = Reason::TooManyOrders;
/// As many stops rest there as may, or none may: what goes without one may be placed.
pub const STOP_NOT_TAKEN: Reason = Reason::StopNotTaken;
/// Halted, in auction, cancel only, post only, or in maintenance.
pub const MARKET_CLOSED: Reason = Reason::MarketClosed;
pub const UNKNOWN_MARKET: Reason = Reason::UnknownMarket;
pub const WOULD_TRIGGER_IMMEDIATELY: Reason = Reason::WouldTriggerImmediately;
pub const OCO_PRICES: Reason = Reason::OcoPrices;
pub const BELOW_QUANTITY_MIN: Reason = Reason::BelowQuantityMin;
pub const BELOW_NOTIONAL_MIN: Reason = Reason::BelowNotionalMin;
/// More than one order may be: less of it may be sold.
pub const ABOVE_QUANTITY_MAX: Reason = Reason::AboveQuantityMax;
/// Worth more than one order may be, in quote: less of it may be sold.
pub const ABOVE_NOTIONAL_MAX: Reason = Reason::AboveNotionalMax;
pub const OFF_PRICE_TICK: Reason = Reason::OffPriceTick;
pub const OFF_QUANTITY_STEP: Reason = Reason::OffQuantityStep;
/// Too much, too many, or too far from the market for its rules.
pub const OUT_OF_BOUNDS: Reason = Reason::OutOfBounds;
pub const PRECISION: Reason = Reason::Precision;
/// The account keeps both sides of a market at once, and cannot be set to one.
pub const POSITION_MODE: Reason = Reason::PositionMode;
/// The account's positions share a margin, and cannot be set to have their own.
pub const MARGIN_MODE: Reason = Reason::MarginMode;
/// More than is lent in this market, or another one cannot be set now.
pub const LEVERAGE: Reason = Reason::Leverage;
/// Nothing is left that an order may only reduce.
pub const REDUCE_ONLY: Reason = Reason::ReduceOnly;
/// Any other no, in the exchange's own words.
pub const REFUSED_BY_VENUE: Reason = Reason::RefusedByVenue;

/// A refusal with the exchange's own words.
pub fn refusal(code: Reason, detail: impl Into<String>) -> Refusal {
    Refusal { code: code.into(), detail: detail_of(detail) }
}

/// An exchange's own words, cut to what is worth keeping.
pub fn detail_of(said: impl Into<String>) -> String {
    const DETAIL_CHARS_MAX: usize = 200;
    said.into().chars().filter(|c| !c.is_control()).take(DETAIL_CHARS_MAX).collect()
}
