//! The stable words with which an order is refused, whichever exchange has said so. The paper venue has the same.

use domain::order::Refusal;

/// Our clock or nonce is off: the offset is read anew, and the group decides again.
pub const CLOCK: &str = "clock";
/// The exchange does not take the key: unknown, wrongly signed, not from here, or without the right to trade.
pub const KEY_REFUSED: &str = "key_refused";
pub const INSUFFICIENT_BALANCE: &str = "insufficient_balance";
/// Too many requests or orders for now: nothing is wrong with the order.
pub const RATE_LIMITED: &str = "rate_limited";
/// As many orders rest there as the exchange allows.
pub const TOO_MANY_ORDERS: &str = "too_many_orders";
/// As many stops rest there as may, or none may: what goes without one may be placed.
pub const STOP_NOT_TAKEN: &str = "stop_not_taken";
/// Halted, in auction, cancel only, post only, or in maintenance.
pub const MARKET_CLOSED: &str = "market_closed";
pub const UNKNOWN_MARKET: &str = "unknown_market";
pub const WOULD_TRIGGER_IMMEDIATELY: &str = "would_trigger_immediately";
pub const OCO_PRICES: &str = "oco_prices";
pub const BELOW_QUANTITY_MIN: &str = "below_quantity_min";
pub const BELOW_NOTIONAL_MIN: &str = "below_notional_min";
/// More than one order may be: less of it may be sold.
pub const ABOVE_QUANTITY_MAX: &str = "above_quantity_max";
/// Worth more than one order may be, in quote: less of it may be sold.
pub const ABOVE_NOTIONAL_MAX: &str = "above_notional_max";
pub const OFF_PRICE_TICK: &str = "off_price_tick";
pub const OFF_QUANTITY_STEP: &str = "off_quantity_step";
/// Too much, too many, or too far from the market for its rules.
pub const OUT_OF_BOUNDS: &str = "out_of_bounds";
pub const PRECISION: &str = "precision";
/// The account keeps both sides of a market at once, and cannot be set to one.
pub const POSITION_MODE: &str = "position_mode";
/// The account's positions share a margin, and cannot be set to have their own.
pub const MARGIN_MODE: &str = "margin_mode";
/// More than is lent in this market, or another one cannot be set now.
pub const LEVERAGE: &str = "leverage";
/// Nothing is left that an order may only reduce.
pub const REDUCE_ONLY: &str = "reduce_only";
/// Any other no, in the exchange's own words.
pub const REFUSED_BY_VENUE: &str = "refused_by_venue";

/// A refusal with the exchange's own words, cut to what is worth keeping.
pub fn refusal(code: &str, detail: impl Into<String>) -> Refusal {
    const DETAIL_CHARS_MAX: usize = 200;
    let detail = detail.into().chars().filter(|c| !c.is_control()).take(DETAIL_CHARS_MAX).collect();
    Refusal { code: code.to_owned(), detail }
}
