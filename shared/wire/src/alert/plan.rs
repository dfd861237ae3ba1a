//! What is bought and where it is sold: the preset, and what the alert puts in place of it.

use super::BadAlert;
use super::fields::Fields;
use domain::money::{Amount, Percent, Price, Quantity};
use domain::preset::{OrderKind, OrderSize, Preset, TradePlan};
use domain::profit::{Basis, ProfitStep, StopLoss, TakeProfit};

/// Words of a ladder, which this version does not plan.
const LADDER: [&str; 2] = ["ladder", "safety_orders"];
const BASES: [(&str, Basis); 2] = [("average", Basis::Average), ("base", Basis::Base)];

/// Which legs a take-profit is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Aggregate,
    PerLeg,
    Hybrid,
}

const MODES: [(&str, Mode); 3] = [("aggregate", Mode::Aggregate), ("per_leg", Mode::PerLeg), ("hybrid", Mode::Hybrid)];

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

fn take_profit(profit: &Fields<'_>) -> Result<TakeProfit, BadAlert> {
    let mode = profit.word("mode", &MODES)?.unwrap_or(Mode::Aggregate);
    let basis = profit.word("basis", &BASES)?;
    let all = profit.parsed::<Percent>("all_profit_percent")?;
    if mode != Mode::Hybrid && all.is_some() {
        return Err(profit.wrong("all_profit_percent", "needs mode hybrid"));
    }
    let steps = profit.items("steps")?.iter().map(step).collect::<Result<Vec<_>, _>>()?;
    if mode == Mode::Aggregate {
        let steps = TakeProfit::aggregate(basis.unwrap_or(Basis::Average), steps);
        return steps.map_err(|why| profit.wrong("steps", why));
    }
    let [ProfitStep { profit: each, amount }] = steps[..] else {
        return Err(one_step(profit));
    };
    if amount != Percent::HUNDRED {
        return Err(one_step(profit));
    }
    if basis == Some(Basis::Base) {
        return Err(profit.wrong("basis", "needs mode aggregate"));
    }
    match (mode, all) {
        (Mode::Hybrid, Some(all)) => Ok(TakeProfit::Hybrid { profit: each, all }),
        (Mode::Hybrid, None) => Err(profit.required("all_profit_percent")),
        _ => Ok(TakeProfit::PerLeg { profit: each }),
    }
}

fn one_step(profit: &Fields<'_>) -> BadAlert {
    profit.wrong("steps", "must be one step of amount_percent 100: each leg is sold by itself")
}

fn step(step: &Fields<'_>) -> Result<ProfitStep, BadAlert> {
    Ok(ProfitStep { profit: step.needed("profit_percent")?, amount: step.needed("amount_percent")? })
}

fn stop_loss(body: &Fields<'_>) -> Result<Option<StopLoss>, BadAlert> {
    const NAME: &str = "stop_loss_percent";
    const BASIS: &str = "stop_loss_basis";
    let basis = body.word(BASIS, &BASES)?;
    let Some(loss) = body.parsed::<Percent>(NAME)? else {
        return if basis.is_some() { Err(body.required(NAME)) } else { Ok(None) };
    };
    if loss.get().is_zero() || loss >= Percent::HUNDRED {
        return Err(body.wrong(NAME, "must be above 0 and below 100"));
    }
    Ok(Some(StopLoss { loss, basis: basis.unwrap_or(Basis::Base) }))
}
