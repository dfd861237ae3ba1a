//! What is asked for, field by field.

use super::entries::{self, Legs, SIZES, size, split, whole};
use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::alert::json::Node;
use crate::alert::plan::{self, Mode};
use domain::alert::Side;
use domain::ladder::{LadderPlan, Sizes};
use domain::market::{Filters, Maxima, Stops};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};

type Read<T> = Result<T, BadAlert>;

const BODY: [&str; 15] = [
    "market",
    "fee_rate",
    "side",
    "entry_price",
    "base_order",
    "safety_orders",
    "total",
    "take_profit",
    "stop_loss_percent",
    "stop_loss_basis",
    "stop_loss_trailing",
    "stop_loss_delay_seconds",
    "stop_loss_at_venue",
    "break_even_after_step",
    "balance",
];
const TAKE_PROFIT: [&str; 5] = ["mode", "basis", "steps", "all_profit_percent", "trailing_percent"];
pub(super) const MARKET: [&str; 10] = [
    "price_tick",
    "quantity_step",
    "quantity_min",
    "notional_min",
    "quantity_max",
    "market_quantity_max",
    "notional_max",
    "orders_max",
    "stops",
    "fee_in",
];
const SAFETY_ORDERS: [&str; 11] = [
    "count",
    "deviation_percent",
    "step_scale",
    "volume_scale",
    "dialect",
    "quote",
    "quantity",
    "balance_percent",
    "custom",
    "active",
    "at_market",
];
const CUSTOM: [&str; 4] = ["deviation_percent", "quote", "quantity", "balance_percent"];
pub(super) const SIDES: [(&str, Side); 2] = [("long", Side::Long), ("short", Side::Short)];
const BASES: [(&str, Basis); 2] = [("average", Basis::Average), ("base", Basis::Base)];

pub(super) fn read(node: &Node) -> Read<LadderPlan> {
    let body = Fields::of_body(node)?;
    body.only(&BODY)?;
    let market = object(&body, "market", &MARKET)?;
    let (filters, orders_max) = (filters(&market)?, whole(&market, "orders_max")?);
    let (fee, side) = (body.needed("fee_rate")?, word(&body, "side", &SIDES)?);
    let entry_price = body.needed("entry_price")?;
    let orders = object(&body, "safety_orders", &SAFETY_ORDERS)?;
    let custom = orders.find_items("custom")?;
    let sizes = sizes(&body, &orders, custom.as_deref())?;
    let spacing = entries::spacing(&orders, custom.as_deref())?;
    custom.iter().flatten().try_for_each(|order| order.only(&CUSTOM))?;
    let stop_loss = plan::stop_loss(&body)?;
    Ok(LadderPlan {
        filters,
        orders_max,
        fee,
        fee_in_base: fee_in_base(&market)?,
        side,
        margin: None,
        // How it is bought is not said: most are bought at the market.
        base_at_market: true,
        entry_price,
        sizes,
        spacing,
        active: whole(&orders, "active")?,
        at_market: orders.flag("at_market")?.unwrap_or(false),
        take_profit: take_profit(&object(&body, "take_profit", &TAKE_PROFIT)?)?,
        stop_loss,
        stops: stops(&market, stop_loss)?,
        balance: body.parsed("balance")?,
    })
}

pub(super) fn filters(market: &Fields<'_>) -> Read<Filters> {
    Ok(Filters {
        price_tick: market.needed("price_tick")?,
        quantity_step: market.needed("quantity_step")?,
        quantity_min: market.needed("quantity_min")?,
        notional_min: market.needed("notional_min")?,
        most: Maxima::told(
            market.parsed("quantity_max")?,
            market.parsed("market_quantity_max")?,
            market.parsed("notional_max")?,
        ),
    })
}

/// In what the fee of a purchase is taken; quote where it is not said.
pub(super) fn fee_in_base(market: &Fields<'_>) -> Read<bool> {
    Ok(market.word("fee_in", &[("quote", false), ("base", true)])?.unwrap_or(false))
}

/// Whether this stop rests there.
pub(super) fn stops(market: &Fields<'_>, stop: Option<StopLoss>) -> Read<Stops> {
    let keeps = market.flag("stops")?.unwrap_or(false) && stop.is_some_and(|stop| stop.rests());
    Ok(if keeps { Stops::Paired } else { Stops::Polled })
}

fn sizes(body: &Fields<'_>, orders: &Fields<'_>, custom: Option<&[Fields<'_>]>) -> Read<Sizes> {
    if body.has("total") {
        entries::without(body, &["base_order"], "total")?;
        entries::without_sizes(orders, custom, "total")?;
        let (total, weights) = split(&object(body, "total", &["quote", "risk", "weights"])?)?;
        return Ok(Sizes::Split { total, weights });
    }
    let base = size(&object(body, "base_order", &SIZES)?)?;
    Ok(match entries::legs(orders, custom)? {
        Legs::Scaled { first, scale } => Sizes::Scaled { base, first, scale },
        Legs::Each(each) => Sizes::Custom { base, each },
    })
}

/// Where all is sold together, its steps need not rise, and its basis is said.
fn take_profit(profit: &Fields<'_>) -> Read<TakeProfit> {
    let mode = profit.word("mode", &plan::MODES)?.unwrap_or(Mode::Aggregate);
    if mode != Mode::Aggregate || profit.has("all_profit_percent") {
        return plan::take_profit(profit);
    }
    let (basis, trailing) = (word(profit, "basis", &BASES)?, plan::trailing(profit, mode)?);
    Ok(TakeProfit::Aggregate { basis, steps: steps(profit)?, trailing })
}

fn steps(profit: &Fields<'_>) -> Read<Vec<ProfitStep>> {
    let step = |step: &Fields<'_>| {
        step.only(&["profit_percent", "amount_percent"])?;
        Ok(ProfitStep { profit: step.needed("profit_percent")?, amount: step.needed("amount_percent")? })
    };
    profit.find_items("steps")?.ok_or_else(|| profit.required("steps"))?.iter().map(step).collect()
}

/// The object of this name, with no other members than these.
pub(super) fn object<'a>(fields: &Fields<'a>, name: &str, known: &[&str]) -> Read<Fields<'a>> {
    let object = fields.find_object(name)?.ok_or_else(|| fields.required(name))?;
    object.only(known)?;
    Ok(object)
}

fn word<T: Copy>(fields: &Fields<'_>, name: &str, words: &[(&str, T)]) -> Read<T> {
    fields.word(name, words)?.ok_or_else(|| fields.required(name))
}
