//! Entries as they are written: where safety orders stand and how large all orders are, for a ladder that is planned and
//! for a trade alike.

use crate::alert::BadAlert;
use crate::alert::fields::Fields;
use domain::ladder::{Dialect, Size, Spacing, Total};
use domain::money::{Amount, MoneyError, Percent, Quantity};

type Read<T> = Result<T, BadAlert>;

pub(crate) const SIZES: [&str; 3] = ["quote", "quantity", "balance_percent"];
const SPACING: [&str; 5] = ["count", "deviation_percent", "step_scale", "volume_scale", "dialect"];
const DIALECTS: [(&str, Dialect); 2] = [("additive", Dialect::Additive), ("compounding", Dialect::Compounding)];
const WHOLE: &str = "must be a whole number such as 5";

/// How large safety orders are.
pub(crate) enum Legs {
    Scaled { first: Size, scale: Quantity },
    Each(Vec<Size>),
}

pub(crate) fn spacing(orders: &Fields<'_>, custom: Option<&[Fields<'_>]>) -> Read<Spacing> {
    let Some(custom) = custom else {
        return Ok(Spacing::Scaled {
            count: whole(orders, "count")?.ok_or_else(|| orders.required("count"))?,
            deviation: orders.needed("deviation_percent")?,
            scale: scale(orders, "step_scale")?,
            dialect: orders.word("dialect", &DIALECTS)?.unwrap_or(Dialect::Additive),
        });
    };
    without(orders, &SPACING, "custom")?;
    let deviation = |order: &Fields<'_>| order.needed::<Percent>("deviation_percent");
    custom.iter().map(deviation).collect::<Read<_>>().map(Spacing::Custom)
}

pub(crate) fn legs(orders: &Fields<'_>, custom: Option<&[Fields<'_>]>) -> Read<Legs> {
    let Some(custom) = custom else {
        return Ok(Legs::Scaled { first: size(orders)?, scale: scale(orders, "volume_scale")? });
    };
    without(orders, &SIZES, "custom")?;
    custom.iter().map(size).collect::<Read<_>>().map(Legs::Each)
}

/// Safety orders whose sizes something else says.
pub(crate) fn without_sizes(orders: &Fields<'_>, custom: Option<&[Fields<'_>]>, given: &str) -> Read<()> {
    without(orders, &["volume_scale"], given)?;
    without(orders, &SIZES, given)?;
    custom.iter().copied().flatten().try_for_each(|order| without(order, &SIZES, given))
}

/// One total in place of every size, and its weights.
pub(crate) fn split(total: &Fields<'_>) -> Read<(Total, Vec<Quantity>)> {
    let weights = total.find_values::<Quantity>("weights")?.ok_or_else(|| total.required("weights"))?;
    let total = match (total.parsed::<Amount>("quote")?, total.parsed::<Amount>("risk")?) {
        (Some(quote), None) => Total::Quote(quote),
        (None, Some(risk)) => Total::Risk(risk),
        (Some(_), Some(_)) => return Err(total.wrong("risk", "must be left out where quote is given")),
        (None, None) => return Err(total.wrong("quote", "or risk is required")),
    };
    Ok((total, weights))
}

pub(crate) fn size(order: &Fields<'_>) -> Read<Size> {
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

pub(crate) fn without(fields: &Fields<'_>, names: &[&str], given: &str) -> Read<()> {
    match names.iter().find(|name| fields.has(name)) {
        Some(name) => Err(fields.wrong(name, format!("must be left out where {given} is given"))),
        None => Ok(()),
    }
}

fn scale(orders: &Fields<'_>, name: &str) -> Read<Quantity> {
    let one = || "1".parse().map_err(|why: MoneyError| orders.wrong(name, why));
    orders.parsed(name)?.map_or_else(one, Ok)
}

pub(crate) fn whole(fields: &Fields<'_>, name: &str) -> Read<Option<u32>> {
    let parse = |text: &str| text.parse().map_err(|_| fields.wrong(name, WHOLE));
    fields.text(name)?.map(parse).transpose()
}
