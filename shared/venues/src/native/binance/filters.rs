//! The rules of a market, as both wires list them.

use domain::market::{Filters, Maxima};
use domain::money::{Amount, Decimal, Price, Quantity};
use serde::Deserialize;
use wire::text::{AsText, Text};

/// The rules that we keep; a number of zero is no rule.
#[derive(Debug, Deserialize)]
#[serde(tag = "filterType", rename_all_fields = "camelCase")]
pub(super) enum Filter {
    #[serde(rename = "PRICE_FILTER")]
    Price { tick_size: Text<Amount> },
    #[serde(rename = "LOT_SIZE")]
    Lot(Lot),
    #[serde(rename = "MARKET_LOT_SIZE")]
    MarketLot(Lot),
    #[serde(rename = "NOTIONAL", alias = "MIN_NOTIONAL")]
    Notional {
        #[serde(alias = "notional")]
        min_notional: Text<Quantity>,
        #[serde(default)]
        max_notional: Most,
    },
    #[serde(rename = "MAX_NUM_ORDERS")]
    Orders {
        #[serde(alias = "limit")]
        max_num_orders: u32,
    },
    #[serde(other)]
    Another,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Lot {
    min_qty: Text<Quantity>,
    #[serde(default)]
    max_qty: Most,
    step_size: Text<Quantity>,
}

/// More than can be kept is no maximum: a market is traded without it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Most(String);

impl Most {
    fn quantity(&self) -> Option<Quantity> {
        Quantity::of_text(&self.0).ok()
    }
}

/// Of two rules about the same the stricter. A step is a multiple of any finer one; where there is none, the digits of a price
/// and of a quantity are.
pub(super) fn rules(filters: &[Filter], price_digits: u32, quantity_digits: u32) -> Option<Filters> {
    let (mut tick, mut step) = (Decimal::ZERO, Decimal::ZERO);
    let (mut quantity_min, mut notional_min) = (Quantity::ZERO, Quantity::ZERO);
    let (mut limit, mut market, mut notional) = (None, None, None);
    for filter in filters {
        match filter {
            Filter::Price { tick_size } => tick = tick.max(tick_size.0.get()),
            Filter::Lot(lot) | Filter::MarketLot(lot) => {
                step = step.max(lot.step_size.0.get());
                quantity_min = quantity_min.max(lot.min_qty.0);
                let most = if matches!(filter, Filter::Lot(_)) { &mut limit } else { &mut market };
                *most = lot.max_qty.quantity();
            }
            Filter::Notional { min_notional, max_notional } => {
                notional_min = notional_min.max(min_notional.0);
                notional = max_notional.quantity().or(notional);
            }
            Filter::Orders { .. } | Filter::Another => {}
        }
    }
    let or_finest = |rule: Decimal, digits: u32| if rule.is_zero() { finest(digits) } else { Some(rule) };
    Some(Filters {
        price_tick: Price::new(or_finest(tick, price_digits)?).ok()?,
        quantity_step: Quantity::new(or_finest(step, quantity_digits)?).ok()?,
        quantity_min,
        notional_min,
        most: Maxima::told(limit, market, notional),
    })
}

/// How many orders may rest.
pub(super) fn orders_max(filters: &[Filter]) -> Option<u32> {
    filters.iter().find_map(|filter| match filter {
        Filter::Orders { max_num_orders } => Some(*max_num_orders),
        _ => None,
    })
}

fn finest(digits: u32) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(1, digits).ok()
}
