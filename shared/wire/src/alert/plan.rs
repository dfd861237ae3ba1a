//! What is bought and where it is sold: the preset, and what the alert puts in place of it.

use super::BadAlert;
use super::fields::Fields;
use domain::money::{Amount, Percent, Price, Quantity};
use domain::preset::{OrderKind, OrderSize, Preset, TradePlan};

/// Words of a ladder, which this version does not plan.
const LADDER: [&str; 2] = ["ladder", "safety_orders"];
/// What the one step of a take-profit sells.
const WHOLE: &str = "100";

pub(super) fn read(body: &Fields<'_>) -> Result<TradePlan, BadAlert> {
    if let Some(name) = LADDER.into_iter().find(|name| body.has(name)) {
        let wrong = body.wrong(name, "is not available yet: leave it out, and one base order is placed");
        return Err(BadAlert { code: BadAlert::NO_LADDER, ..wrong });
    }
    if body.text("preset")?.is_some_and(|name| name != Preset::DEFAULT_NAME) {
        return Err(body.wrong("preset", format!("must be {}", Preset::DEFAULT_NAME)));
    }
    let preset = Preset::built_in().map_err(|why| body.wrong("preset", why))?.plan;
    let (size, kind) = match body.find_object("base_order")? {
        Some(order) => (size(&order)?, kind(&order)?),
        None => (preset.size, preset.kind),
    };
    let take_profit = body.find_object("take_profit")?.map(|profit| take_profit(&profit)).transpose()?;
    let stop_loss = stop_loss(body)?.or(preset.stop_loss);
    Ok(TradePlan { size, kind, take_profit: take_profit.unwrap_or(preset.take_profit), stop_loss })
}

fn size(order: &Fields<'_>) -> Result<OrderSize, BadAlert> {
    match (order.parsed::<Amount>("quote")?, order.parsed::<Quantity>("quantity")?) {
        (Some(quote), None) if quote > Amount::ZERO => Ok(OrderSize::Quote(quote)),
        (Some(_), None) => Err(order.wrong("quote", "must be an amount above 0")),
        (None, Some(quantity)) if !quantity.is_zero() => Ok(OrderSize::Base(quantity)),
        (None, Some(_)) => Err(order.wrong("quantity", "must be a quantity above 0")),
        (Some(_), Some(_)) => Err(order.wrong("quantity", "must be left out where quote is given")),
        (None, None) => Err(order.wrong("quote", "or quantity is required")),
    }
}

fn kind(order: &Fields<'_>) -> Result<OrderKind, BadAlert> {
    let limited = order.word("type", &[("market", false), ("limit", true)])?.unwrap_or(false);
    match (limited, order.parsed::<Price>("limit_price")?) {
        (true, Some(price)) => Ok(OrderKind::Limit(price)),
        (true, None) => Err(order.required("limit_price")),
        (false, None) => Ok(OrderKind::Market),
        (false, Some(_)) => Err(order.wrong("limit_price", "needs type limit")),
    }
}

fn take_profit(profit: &Fields<'_>) -> Result<Percent, BadAlert> {
    profit.word("basis", &[("average", ())])?;
    let step = profit.only_item("steps")?;
    let whole = WHOLE.parse::<Percent>().map_err(|why| step.wrong("amount_percent", why))?;
    if step.needed::<Percent>("amount_percent")? != whole {
        return Err(step.wrong("amount_percent", format!("must be {WHOLE}: one step sells all")));
    }
    step.needed("profit_percent")
}

fn stop_loss(body: &Fields<'_>) -> Result<Option<Percent>, BadAlert> {
    const NAME: &str = "stop_loss_percent";
    let stop = body.parsed::<Percent>(NAME)?;
    let fits = |percent: &Percent| {
        let value = percent.get();
        !value.is_zero() && value < rust_decimal::Decimal::ONE_HUNDRED
    };
    if stop.as_ref().is_some_and(|percent| !fits(percent)) {
        return Err(body.wrong(NAME, "must be above 0 and below 100"));
    }
    Ok(stop)
}
