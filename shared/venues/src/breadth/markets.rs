//! Markets as the library lists them, and what of them is kept for whoever trades there.

use super::told::Exact;
use domain::market::{Exchange, Filters, Market, MarketKey, MarketKind, Stops, Symbol};
use domain::money::{Amount, Decimal, Price, Quantity, Rate};
use serde::Deserialize;
use serde_json::Value;

/// The fee that is reckoned with where the exchange publishes none.
const FEE: &str = "0.002";
/// The library's word for steps that are told as such, and for steps told as digits behind the point.
pub(super) const TICK_SIZE: i64 = 4;
const DECIMAL_PLACES: i64 = 2;
/// What the library needs for no order: it would be kept by the kilobyte.
const DROPPED: [&str; 7] = ["info", "limits", "created", "marginModes", "percentage", "tierBased", "feeSide"];

#[derive(Debug, Deserialize)]
struct Listing {
    base: String,
    quote: String,
    #[serde(default)]
    spot: bool,
    active: Option<bool>,
    taker: Option<Exact<Rate>>,
    precision: Steps,
    #[serde(default)]
    limits: Limits,
}

#[derive(Debug, Deserialize)]
struct Steps {
    amount: Exact<Amount>,
    price: Exact<Amount>,
}

#[derive(Debug, Default, Deserialize)]
struct Limits {
    #[serde(default)]
    amount: Bound,
    #[serde(default)]
    cost: Bound,
}

#[derive(Debug, Default, Deserialize)]
struct Bound {
    min: Option<Exact<Quantity>>,
}

/// None where it is no spot market that is traded now, or where its rules cannot be written.
///
/// `mode` is how the library tells steps.
pub(super) fn market(exchange: &Exchange, mode: i64, listed: &Value) -> Option<Market> {
    let listing = Listing::deserialize(listed).ok().filter(|listing| listing.spot && listing.active != Some(false))?;
    let symbol = Symbol { base: listing.base.parse().ok()?, quote: listing.quote.parse().ok()?, settle: None };
    let or_none = |bound: Bound| bound.min.map_or(Quantity::ZERO, |Exact(min)| min);
    let filters = Filters {
        price_tick: Price::new(step(mode, listing.precision.price.0)?).ok()?,
        quantity_step: Quantity::new(step(mode, listing.precision.amount.0)?).ok()?,
        quantity_min: or_none(listing.limits.amount),
        notional_min: or_none(listing.limits.cost),
    };
    Some(Market {
        key: MarketKey { exchange: exchange.clone(), symbol },
        filters,
        fee: listing.taker.map_or_else(|| FEE.parse().ok(), |Exact(fee)| Some(fee))?,
        kind: MarketKind::Spot,
        can_short: false,
        stops: Stops::Polled,
        orders_max: None,
        at_venue: Some(kept(listed).to_string()),
    })
}

fn step(mode: i64, told: Amount) -> Option<Decimal> {
    let step = match mode {
        TICK_SIZE => told.get(),
        DECIMAL_PLACES => Decimal::try_from_i128_with_scale(1, u32::try_from(told.get()).ok()?).ok()?,
        _ => return None,
    };
    (step > Decimal::ZERO).then_some(step)
}

/// What the library wants back before it builds an order there.
fn kept(listed: &Value) -> Value {
    let fields = listed.as_object().into_iter().flatten();
    fields
        .filter(|(name, value)| !value.is_null() && !DROPPED.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
