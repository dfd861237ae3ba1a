//! What a market asks of orders.

use crate::asked::{Asked, Refused, said};
use backtest::MarketTerms;
use domain::market::{Filters, Maxima};
use domain::money::{Price, Quantity};
use std::fmt::Display;
use std::str::FromStr;

/// The smallest price that a market has where nothing is said.
const PRICE_TICK: &str = "0.00000001";

/// What is said of a market, each by its name.
fn all(asked: &Asked) -> [(&'static str, &Option<String>); 9] {
    [
        ("fee_rate", &asked.fee_rate),
        ("quantity_step", &asked.quantity_step),
        ("price_tick", &asked.price_tick),
        ("notional_min", &asked.notional_min),
        ("quantity_min", &asked.quantity_min),
        ("quantity_max", &asked.quantity_max),
        ("market_quantity_max", &asked.market_quantity_max),
        ("notional_max", &asked.notional_max),
        ("orders_max", &asked.orders_max),
    ]
}

/// A ladder says itself what is else said of its market.
pub(crate) fn is_said_beside_a_ladder(asked: &Asked) -> Option<&'static str> {
    all(asked).into_iter().find(|(_, given)| given.is_some()).map(|(name, _)| name)
}

/// With the tick that is said, if one is.
pub(crate) fn market(asked: &Asked) -> Result<(MarketTerms, Option<Price>), Refused> {
    let tick = option::<Price>(asked.price_tick.as_ref(), "price_tick")?;
    let finest = || read(PRICE_TICK, "price_tick");
    let most = Maxima::told(
        option(asked.quantity_max.as_ref(), "quantity_max")?,
        option(asked.market_quantity_max.as_ref(), "market_quantity_max")?,
        option(asked.notional_max.as_ref(), "notional_max")?,
    );
    let filters = Filters {
        price_tick: tick.map_or_else(finest, Ok)?,
        quantity_step: read(said(asked.quantity_step.as_ref(), "0.00000001"), "quantity_step")?,
        quantity_min: option(asked.quantity_min.as_ref(), "quantity_min")?.unwrap_or(Quantity::ZERO),
        notional_min: option(asked.notional_min.as_ref(), "notional_min")?.unwrap_or(Quantity::ZERO),
        most,
    };
    let fee = read(said(asked.fee_rate.as_ref(), "0.001"), "fee_rate")?;
    let orders_max = asked.orders_max.as_deref().map(orders_max).transpose()?;
    Ok((MarketTerms { filters, orders_max, fee }, tick))
}

fn orders_max(text: &str) -> Result<u32, Refused> {
    let wrong = || Refused::rule("orders_max", "must be a whole number from 1");
    text.parse().ok().filter(|most| *most > 0).ok_or_else(wrong)
}

pub(crate) fn option<T: FromStr<Err: Display>>(
    text: Option<&String>,
    name: &'static str,
) -> Result<Option<T>, Refused> {
    text.map(|text| read(text, name)).transpose()
}

fn read<T: FromStr<Err: Display>>(text: &str, name: &'static str) -> Result<T, Refused> {
    text.parse().map_err(|wrong| Refused::why(name, &wrong))
}
