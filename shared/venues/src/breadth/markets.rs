//! Markets as the library lists them, and what of them is kept for whoever trades there.

use super::lots::Lot;
use super::most::{self, Kept};
use super::told::Exact;
use super::ways::Contracts;
use ccxt_base::ExchangeError;
use domain::market::{Exchange, Filters, Leverage, Market, MarketKey, MarketKind, Stops, Symbol};
use domain::money::{Amount, Decimal, Price, Quantity, Rate};
use serde::Deserialize;
use serde_json::{Value, json};

/// The fee that is reckoned with where the exchange publishes none.
const FEE: &str = "0.002";
/// What contracts are paid in, and pay, where they are traded here.
pub(super) const SETTLED_IN: &str = "USDT";
/// The library's word for steps that are told as such, and for steps told as digits behind the point.
const TICK_SIZE: i64 = 4;
const DECIMAL_PLACES: i64 = 2;
/// What the library needs for no order: it would be kept by the kilobyte.
const DROPPED: [&str; 7] = ["info", "limits", "created", "marginModes", "percentage", "tierBased", "feeSide"];
/// Where exchanges of Binance's make say what orders they take: the library looks there before it builds one.
const KINDS: &str = "/info/orderTypes";

#[derive(Debug, Deserialize)]
struct Listing {
    base: String,
    quote: String,
    settle: Option<String>,
    #[serde(default)]
    spot: bool,
    #[serde(default)]
    swap: bool,
    linear: Option<bool>,
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
    #[serde(default)]
    leverage: Most,
}

#[derive(Debug, Default, Deserialize)]
struct Most {
    max: Option<Exact<Amount>>,
}

#[derive(Debug, Default, Deserialize)]
struct Bound {
    min: Option<Exact<Quantity>>,
    /// One that cannot be kept is none: a market is traded without it.
    #[serde(default)]
    max: Value,
}

/// How the library tells the steps of an exchange.
///
/// # Errors
/// Where it tells as many digits as a number may have, whatever its size (Bitfinex): that is no step.
pub(super) fn mode(told: &ccxt_base::Value) -> Result<i64, ExchangeError> {
    match told {
        ccxt_base::Value::Int(mode) if !matches!(*mode, TICK_SIZE | DECIMAL_PLACES) => {
            Err(ExchangeError::new("NotSupported", "how prices and quantities are stepped there cannot be written"))
        }
        ccxt_base::Value::Int(mode) => Ok(*mode),
        _ => Ok(TICK_SIZE),
    }
}

/// None where it is no market that is traded now, of coins or of perpetual contracts as these are; or where its rules cannot
/// be written.
///
/// `mode` is how the library tells steps.
pub(super) fn market(exchange: &Exchange, mode: i64, listed: &Value, contracts: Option<&Contracts>) -> Option<Market> {
    let listing = Listing::deserialize(listed).ok().filter(|listing| listing.active != Some(false))?;
    let symbol = listing.symbol(contracts.is_some())?;
    let lot = Lot::of(listed)?;
    let or_none = |bound: &Bound| bound.min.as_ref().map_or(Quantity::ZERO, |Exact(min)| *min);
    let largest = |bound: &Bound| most::exactly(&bound.max);
    let Limits { amount, cost, .. } = &listing.limits;
    let kept_most = Kept { amount: largest(amount), cost: largest(cost) };
    let filters = Filters {
        price_tick: Price::new(step(mode, listing.precision.price.0)?).ok()?,
        quantity_step: lot.base(Quantity::new(step(mode, listing.precision.amount.0)?).ok()?)?,
        quantity_min: lot.base(or_none(amount))?,
        notional_min: or_none(cost),
        most: most::most(listed, &kept_most, lot, contracts.is_some()),
    };
    let kind = contracts.map_or(MarketKind::Spot, |contracts| linear(contracts, &listing.limits.leverage));
    Some(Market {
        key: MarketKey { exchange: exchange.clone(), symbol },
        filters,
        fee: listing.taker.map_or_else(|| FEE.parse().ok(), |Exact(fee)| Some(fee))?,
        kind,
        can_short: kind.is_linear(),
        stops: Stops::Polled,
        orders_max: None,
        at_venue: Some(kept(listed).to_string()),
    })
}

impl Listing {
    /// None where it is not what is looked for: spot, or a perpetual contract that is quoted and paid in the same asset.
    fn symbol(&self, of_contracts: bool) -> Option<Symbol> {
        let settle = if of_contracts {
            let is_linear = self.swap && self.linear == Some(true);
            let settle =
                self.settle.as_ref().filter(|settle| is_linear && **settle == SETTLED_IN && **settle == self.quote);
            Some(settle?.parse().ok()?)
        } else {
            self.spot.then_some(None::<domain::market::Asset>)?
        };
        Some(Symbol { base: self.base.parse().ok()?, quote: self.quote.parse().ok()?, settle })
    }
}

/// The name of a perpetual contract that is traded here, now or at other times.
pub(super) fn symbol_of_contract(listed: &Value) -> Option<Symbol> {
    Listing::deserialize(listed).ok()?.symbol(true)
}

/// What is lent: whole times, and none where the list does not tell, or the exchange keeps none for the market.
fn linear(contracts: &Contracts, told: &Most) -> MarketKind {
    let told = told.max.filter(|_| contracts.keep_leverage());
    let whole = told.and_then(|Exact(most)| u32::try_from(most.get().trunc().min(Leverage::MAX.into())).ok());
    MarketKind::Linear { leverage_max: whole.and_then(|times| Leverage::new(times).ok()).unwrap_or(Leverage::ONE) }
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
pub(super) fn kept(listed: &Value) -> Value {
    let fields = listed.as_object().into_iter().flatten();
    let kept = fields
        .filter(|(name, value)| !value.is_null() && !DROPPED.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()));
    let kinds = listed.pointer(KINDS).map(|kinds| ("info".to_owned(), json!({"orderTypes": kinds})));
    kept.chain(kinds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_cannot_be_written_are_an_error_and_no_empty_list() {
        let mode = |told: i64| mode(&ccxt_base::Value::Int(told)).ok();
        assert_eq!([2, 3, 4].map(mode), [Some(2), None, Some(4)]);
    }

    #[test]
    fn of_what_the_exchange_has_said_only_kinds_of_orders_are_kept() {
        let told = |info: Value| kept(&json!({"id": "X", "type": null, "info": info}));
        assert_eq!(told(json!({"a": 1})), json!({"id": "X"}));
        let kinds = json!({"orderTypes": ["LIMIT"]});
        assert_eq!(told(json!({"a": 1, "orderTypes": ["LIMIT"]})), json!({"id": "X", "info": kinds}));
    }
}
