//! What is asked for, field by field.

use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use crate::alert::json::Node;
use crate::alert::plan::{self, Mode};
use domain::alert::Side;
use domain::ladder::{Dialect, LadderPlan, Size, Sizes, Spacing, Total};
use domain::market::Filters;
use domain::money::{Amount, MoneyError, Percent, Quantity};
use domain::profit::{Basis, ProfitStep, TakeProfit};

type Read<T> = Result<T, BadAlert>;

const BODY: [&str; 14] = [
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
    "break_even_after_step",
    "balance",
];
const TAKE_PROFIT: [&str; 5] = ["mode", "basis", "steps", "all_profit_percent", "trailing_percent"];
pub(super) const MARKET: [&str; 5] = ["price_tick", "quantity_step", "quantity_min", "notional_min", "orders_max"];
const SIZES: [&str; 3] = ["quote", "quantity", "balance_percent"];
const SPACING: [&str; 5] = ["count", "deviation_percent", "step_scale", "volume_scale", "dialect"];
const SAFETY_ORDERS: [&str; 10] = [
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
];
const CUSTOM: [&str; 4] = ["deviation_percent", "quote", "quantity", "balance_percent"];
const DIALECTS: [(&str, Dialect); 2] = [("additive", Dialect::Additive), ("compounding", Dialect::Compounding)];
pub(super) const SIDES: [(&str, Side); 2] = [("long", Side::Long), ("short", Side::Short)];
const BASES: [(&str, Basis); 2] = [("average", Basis::Average), ("base", Basis::Base)];
const WHOLE: &str = "must be a whole number such as 5";

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
    let spacing = spacing(&orders, custom.as_deref())?;
    Ok(LadderPlan {
        filters,
        orders_max,
        fee,
        side,
        entry_price,
        sizes,
        spacing,
        active: whole(&orders, "active")?,
        take_profit: take_profit(&object(&body, "take_profit", &TAKE_PROFIT)?)?,
        stop_loss: plan::stop_loss(&body)?,
        balance: body.parsed("balance")?,
    })
}

pub(super) fn filters(market: &Fields<'_>) -> Read<Filters> {
    Ok(Filters {
        price_tick: market.needed("price_tick")?,
        quantity_step: market.needed("quantity_step")?,
        quantity_min: market.needed("quantity_min")?,
        notional_min: market.needed("notional_min")?,
    })
}

fn spacing(orders: &Fields<'_>, custom: Option<&[Fields<'_>]>) -> Read<Spacing> {
    let Some(custom) = custom else {
        return Ok(Spacing::Scaled {
            count: whole(orders, "count")?.ok_or_else(|| orders.required("count"))?,
            deviation: orders.needed("deviation_percent")?,
            scale: scale(orders, "step_scale")?,
            dialect: orders.word("dialect", &DIALECTS)?.unwrap_or(Dialect::Additive),
        });
    };
    without(orders, &SPACING, "custom")?;
    let deviation =
        |order: &Fields<'_>| order.only(&CUSTOM).and_then(|()| order.needed::<Percent>("deviation_percent"));
    custom.iter().map(deviation).collect::<Read<_>>().map(Spacing::Custom)
}

fn sizes(body: &Fields<'_>, orders: &Fields<'_>, custom: Option<&[Fields<'_>]>) -> Read<Sizes> {
    if body.has("total") {
        return split(body, orders, custom.unwrap_or_default());
    }
    let base = size(&object(body, "base_order", &SIZES)?)?;
    let Some(custom) = custom else {
        return Ok(Sizes::Scaled { base, first: size(orders)?, scale: scale(orders, "volume_scale")? });
    };
    without(orders, &SIZES, "custom")?;
    Ok(Sizes::Custom { base, each: custom.iter().map(size).collect::<Read<_>>()? })
}

/// One total in place of every size.
fn split(body: &Fields<'_>, orders: &Fields<'_>, custom: &[Fields<'_>]) -> Read<Sizes> {
    without(body, &["base_order"], "total")?;
    without(orders, &["volume_scale"], "total")?;
    without(orders, &SIZES, "total")?;
    custom.iter().try_for_each(|order| without(order, &SIZES, "total"))?;
    let total = object(body, "total", &["quote", "risk", "weights"])?;
    let weights = total.find_values::<Quantity>("weights")?.ok_or_else(|| total.required("weights"))?;
    let total = match (total.parsed::<Amount>("quote")?, total.parsed::<Amount>("risk")?) {
        (Some(quote), None) => Total::Quote(quote),
        (None, Some(risk)) => Total::Risk(risk),
        (Some(_), Some(_)) => return Err(total.wrong("risk", "must be left out where quote is given")),
        (None, None) => return Err(total.wrong("quote", "or risk is required")),
    };
    Ok(Sizes::Split { total, weights })
}

fn size(order: &Fields<'_>) -> Read<Size> {
    let quote = order.parsed::<Amount>("quote")?.map(Size::Quote);
    let quantity = order.parsed::<Quantity>("quantity")?.map(Size::Base);
    let percent = order.parsed::<Percent>("balance_percent")?.map(Size::Percent);
    match (quote, quantity, percent) {
        (Some(size), None, None) | (None, Some(size), None) | (None, None, Some(size)) => Ok(size),
        (None, None, None) => Err(order.wrong("quote", "or quantity or balance_percent is required")),
        (Some(_), Some(_), _) => Err(order.wrong("quantity", "must be left out where quote is given")),
        _ => Err(order.wrong("balance_percent", "must be left out where quote or quantity is given")),
    }
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

fn without(fields: &Fields<'_>, names: &[&str], given: &str) -> Read<()> {
    match names.iter().find(|name| fields.has(name)) {
        Some(name) => Err(fields.wrong(name, format!("must be left out where {given} is given"))),
        None => Ok(()),
    }
}

fn scale(orders: &Fields<'_>, name: &str) -> Read<Quantity> {
    let one = || "1".parse().map_err(|why: MoneyError| orders.wrong(name, why));
    orders.parsed(name)?.map_or_else(one, Ok)
}

pub(super) fn whole(fields: &Fields<'_>, name: &str) -> Read<Option<u32>> {
    let parse = |text: &str| text.parse().map_err(|_| fields.wrong(name, WHOLE));
    fields.text(name)?.map(parse).transpose()
}

fn word<T: Copy>(fields: &Fields<'_>, name: &str, words: &[(&str, T)]) -> Read<T> {
    fields.word(name, words)?.ok_or_else(|| fields.required(name))
}
